/** The application without Nest: every handler and job over ports that a test can see through. */
import type { Command, Query } from '@nestjs/cqrs';
import { CreateApiKey, CreateApiKeyHandler } from '../../../src/application/administration/create-api-key.js';
import { RevokeApiKey, RevokeApiKeyHandler } from '../../../src/application/administration/revoke-api-key.js';
import { GetBranch, GetBranchHandler } from '../../../src/application/branch/get-branch.js';
import { RegisterBranch, RegisterBranchHandler } from '../../../src/application/branch/register-branch.js';
import { SetFeePolicy, SetFeePolicyHandler } from '../../../src/application/branch/set-fee-policy.js';
import {
  SetUpCardProcessing,
  SetUpCardProcessingHandler,
} from '../../../src/application/branch/set-up-card-processing.js';
import { UpdateBranch, UpdateBranchHandler } from '../../../src/application/branch/update-branch.js';
import type { SharedLinkMessages } from '../../../src/application/bulk/shared-link-messages.js';
import type { CommandContext } from '../../../src/application/command-context.js';
import { Contacts } from '../../../src/application/contact/contacts.js';
import { OptOutContact, OptOutContactHandler } from '../../../src/application/contact/opt-out-contact.js';
import { EventCodec } from '../../../src/application/event-codec.js';
import { Execute } from '../../../src/application/execute.js';
import { GetInvoice, GetInvoiceHandler } from '../../../src/application/invoice/get-invoice.js';
import { GetInvoiceEvents, GetInvoiceEventsHandler } from '../../../src/application/invoice/get-invoice-events.js';
import { GetLinks, GetLinksHandler } from '../../../src/application/invoice/get-links.js';
import { GetSendWarnings, GetSendWarningsHandler } from '../../../src/application/invoice/get-send-warnings.js';
import { RegisterInvoice, RegisterInvoiceHandler } from '../../../src/application/invoice/register-invoice.js';
import { RevokeLink, RevokeLinkHandler } from '../../../src/application/invoice/revoke-link.js';
import { SendInvoicePdf, SendInvoicePdfHandler } from '../../../src/application/invoice/send-invoice-pdf.js';
import { SendLink, SendLinkHandler } from '../../../src/application/invoice/send-link.js';
import { SendingChecks } from '../../../src/application/invoice/sending-checks.js';
import { VoidInvoice, VoidInvoiceHandler } from '../../../src/application/invoice/void-invoice.js';
import { EmailReceiptJob } from '../../../src/application/jobs/email-receipt.js';
import { IssueReceiptJob } from '../../../src/application/jobs/issue-receipt.js';
import { MailInvoicePdfJob } from '../../../src/application/jobs/mail-invoice-pdf.js';
import { LinkMessages } from '../../../src/application/invoice/link-messages.js';
import { SendLinkJob } from '../../../src/application/jobs/send-link.js';
import { SendReceiptJob } from '../../../src/application/jobs/send-receipt.js';
import { SettlePaymentJob } from '../../../src/application/jobs/settle-payment.js';
import { Sweep } from '../../../src/application/jobs/sweep.js';
import { TakeTextNoticeJob } from '../../../src/application/jobs/take-text-notice.js';
import { TellBranchJob } from '../../../src/application/jobs/tell-branch.js';
import { MessageDelivery } from '../../../src/application/jobs/message-delivery.js';
import { LinkUrls } from '../../../src/application/link-urls.js';
import { MessageCaps } from '../../../src/application/messages/message-caps.js';
import { ReceiveTextNotice, ReceiveTextNoticeHandler } from '../../../src/application/texts/receive-text-notice.js';
import { TextNoticeWork } from '../../../src/application/texts/text-notice-work.js';
import { EmailReceipt, EmailReceiptHandler } from '../../../src/application/pay/email-receipt.js';
import { OpenLink, OpenLinkHandler } from '../../../src/application/pay/open-link.js';
import { PayLinks } from '../../../src/application/pay/pay-link.js';
import { PaymentSettlement } from '../../../src/application/pay/payment-settlement.js';
import { QuotePayment, QuotePaymentHandler } from '../../../src/application/pay/quote-payment.js';
import { ReleaseOpenPayment, ReleaseOpenPaymentHandler } from '../../../src/application/pay/release-open-payment.js';
import { RenewLink, RenewLinkHandler } from '../../../src/application/pay/renew-link.js';
import { SettleIntent, SettleIntentHandler } from '../../../src/application/pay/settle-intent.js';
import { SettleOpenPayment, SettleOpenPaymentHandler } from '../../../src/application/pay/settle-open-payment.js';
import { SubmitPayment, SubmitPaymentHandler } from '../../../src/application/pay/submit-payment.js';
import { ViewPayPage, ViewPayPageHandler } from '../../../src/application/pay/view-pay-page.js';
import type { Job } from '../../../src/application/ports.js';
import { ProcessRunner } from './process-runner.js';
import type { Ports } from './ports.js';

interface Handler {
  execute(message: never): Promise<unknown>;
}
type Message<Result> = Command<Result> | Query<Result>;

/** One running process of the service. */
export class TestApplication {
  readonly executor: Execute;
  readonly codec: EventCodec;
  readonly settlement: PaymentSettlement;
  readonly sweep: Sweep;
  readonly processes: ProcessRunner;
  private readonly handlers: ReadonlyMap<unknown, Handler>;
  private readonly jobs: ReadonlyMap<string, { run(payload: Job['payload']): Promise<void> }>;

  constructor(ports: Ports) {
    const { store, cipher, clock, tokens, publicUrl, directory, processor, quotes, randomness, queue } = ports;
    this.codec = new EventCodec(cipher);
    this.executor = new Execute(store, this.codec, clock);
    this.settlement = new PaymentSettlement(this.executor, processor, clock);
    const contacts = new Contacts(this.executor, ports.contacts);
    const caps = new MessageCaps(ports.uses, ports.messageSettings, clock);
    this.sweep = new Sweep(ports.owed, queue, ports.notices, caps, clock);
    this.processes = new ProcessRunner(ports.log, this.codec, queue, ports.processState);
    const urls = new LinkUrls(tokens, publicUrl);
    const links = new PayLinks(directory, this.executor);
    const { executor, settlement } = this;
    const { templates, documents } = ports;
    const messages = new MessageDelivery(ports.mailer, ports.texter, contacts, caps, ports.phones, clock);
    const { notices, texts, replyMail } = ports;
    const work = new TextNoticeWork(notices, texts, executor, contacts, replyMail, messages, urls);
    this.handlers = new Map<unknown, Handler>([
      ...handlersOfStaff(ports, executor),
      ...handlersOfMessages(ports, { executor, urls, contacts, caps, work }),
      [ViewPayPage, new ViewPayPageHandler(links, processor, tokens, clock, contacts)],
      [OpenLink, new OpenLinkHandler(executor, links)],
      [RenewLink, new RenewLinkHandler(executor, links, clock)],
      [EmailReceipt, new EmailReceiptHandler(executor, links)],
      [QuotePayment, new QuotePaymentHandler(links, processor, quotes, randomness, clock)],
      [SubmitPayment, new SubmitPaymentHandler(links, quotes, executor, processor, settlement, urls, clock)],
      [SettleOpenPayment, new SettleOpenPaymentHandler(links, settlement)],
      [ReleaseOpenPayment, new ReleaseOpenPaymentHandler(links, settlement)],
      [SettleIntent, new SettleIntentHandler(executor, processor, settlement)],
    ]);
    this.jobs = new Map(
      [
        new SendLinkJob(
          executor,
          new LinkMessages(templates, urls, clock),
          urls,
          messages,
          ALONE,
          ports.messageSettings,
          queue,
          clock,
        ),
        new TakeTextNoticeJob(work, queue),
        new SendReceiptJob(executor, templates, urls, messages, processor),
        new EmailReceiptJob(executor, templates, urls, messages, processor),
        new TellBranchJob(executor, replyMail, urls, messages),
        new MailInvoicePdfJob(executor, templates, documents, urls, messages),
        new IssueReceiptJob(executor),
        new SettlePaymentJob(executor, settlement),
      ].map((job) => [job.name, job]),
    );
  }

  /** What the buses do. */
  ask<Result>(message: Message<Result>): Promise<Result> {
    const handler = this.handlers.get(message.constructor);
    if (!handler) throw new Error(`No handler for ${message.constructor.name}`);
    return handler.execute(message as never) as Promise<Result>;
  }

  runJob({ name, payload }: Job): Promise<void> {
    return this.jobs.get(name)!.run(payload);
  }
}

function handlersOfStaff(ports: Ports, executor: Execute): readonly (readonly [unknown, Handler])[] {
  const { clock, contacts, phones, logos, processor, apiKeys, readPosition, branchSecrets, publicUrl } = ports;
  return [
    [RegisterBranch, new RegisterBranchHandler(executor, logos)],
    [UpdateBranch, new UpdateBranchHandler(executor, logos)],
    [SetUpCardProcessing, new SetUpCardProcessingHandler(executor, processor, branchSecrets, publicUrl)],
    [SetFeePolicy, new SetFeePolicyHandler(executor, processor)],
    [GetBranch, new GetBranchHandler(executor)],
    [RegisterInvoice, new RegisterInvoiceHandler(executor, contacts, phones, clock)],
    [GetInvoice, new GetInvoiceHandler(executor, clock)],
    [GetInvoiceEvents, new GetInvoiceEventsHandler(executor)],
    [VoidInvoice, new VoidInvoiceHandler(executor, clock)],
    [GetLinks, new GetLinksHandler(executor, clock)],
    [RevokeLink, new RevokeLinkHandler(executor, clock)],
    [CreateApiKey, new CreateApiKeyHandler(executor, apiKeys, readPosition)],
    [RevokeApiKey, new RevokeApiKeyHandler(executor, readPosition)],
  ];
}

/** Here every link has a message of its own. */
const ALONE = {
  send: () => Promise.reject(new Error('No links share a message here')),
} as unknown as SharedLinkMessages;

function handlersOfMessages(
  ports: Ports,
  parts: {
    readonly executor: Execute;
    readonly urls: LinkUrls;
    readonly contacts: Contacts;
    readonly caps: MessageCaps;
    readonly work: TextNoticeWork;
  },
): readonly (readonly [unknown, Handler])[] {
  const { clock, phones, messageSettings, notices, texts, queue } = ports;
  const { executor, urls, contacts, caps, work } = parts;
  const checks = new SendingChecks(contacts, caps, messageSettings, phones);
  return [
    [SendLink, new SendLinkHandler(executor, urls, checks, contacts, caps, clock)],
    [GetSendWarnings, new GetSendWarningsHandler(executor, checks, clock)],
    [SendInvoicePdf, new SendInvoicePdfHandler(executor, caps, clock)],
    [OptOutContact, new OptOutContactHandler(contacts, phones, clock)],
    [ReceiveTextNotice, new ReceiveTextNoticeHandler(notices, work, texts, executor, queue)],
  ];
}

let asked = 0;

/** The context of a request of its own, or of one that is repeated under the same cause. */
export function by(actor: string, cause: string = `request-${(asked += 1)}`): CommandContext {
  return { actor, cause, correlationId: `correlation-${cause}` };
}
