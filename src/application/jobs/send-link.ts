import { Injectable } from '@nestjs/common';
import { invoiceDecider } from '../../domain/invoice/decider.js';
import type { InvoiceCommand } from '../../domain/invoice/commands.js';
import { isOfMany } from '../../domain/invoice/link-events.js';
import { sendingTime } from '../../domain/invoice/schedule.js';
import type { Link } from '../../domain/invoice/state.js';
import type { JsonObject } from '../../domain/json.js';
import { afterQuietHours } from '../../domain/quiet-hours.js';
import { SharedLinkMessages, sharesMessage } from '../bulk/shared-link-messages.js';
import { systemContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { invoiceStream } from '../ids.js';
import { loadInvoice, type LoadedInvoice } from '../invoice/invoice-view.js';
import { LinkMessages } from '../invoice/link-messages.js';
import { LinkUrls } from '../link-urls.js';
import { MessageSettings } from '../messages/message-settings.js';
import { Clock, JobQueue } from '../ports.js';
import { field, JobHandler } from './job-handler.js';
import { SEND_LINK } from './job-names.js';
import { MessageDelivery, type Delivered } from './message-delivery.js';

/** Sends the message of a link and records that it was taken, or why not. */
@Injectable()
export class SendLinkJob extends JobHandler {
  override readonly name = SEND_LINK;

  constructor(
    private readonly executor: Execute,
    private readonly linkMessages: LinkMessages,
    private readonly urls: LinkUrls,
    private readonly messages: MessageDelivery,
    private readonly shared: SharedLinkMessages,
    private readonly settings: MessageSettings,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async run(payload: JsonObject): Promise<void> {
    const invoiceId = field(payload, 'invoiceId');
    const loaded = await loadInvoice(this.executor, invoiceId);
    const link = loaded.invoice.links.get(field(payload, 'linkId'));
    if (!link || link.sent || link.failed || link.bounced || link.revoked) return;
    if (await this.isHeld(loaded, link, payload)) return;
    if (sharesMessage(link) && !outOfDate(loaded, link)) {
      return this.shared.send(loaded, link, field(payload, 'cause'), report);
    }
    const messageId = `link.${link.linkId}@${this.urls.host}`;
    const delivered = outOfDate(loaded, link) ?? (await this.deliver(loaded, link, messageId));
    await this.executor.run({
      decider: invoiceDecider,
      stream: invoiceStream(invoiceId),
      command: report(link, messageId, delivered, this.clock.now()),
      context: systemContext('link-delivery', field(payload, 'cause'), link.linkId),
      read: loaded.read,
    });
  }

  /**
   * What is for later waits for its time, and what nobody waits for is not texted at night: the job is asked for again, for the
   * time when it may go out.
   */
  private async isHeld({ branch, customer }: LoadedInvoice, link: Link, payload: JsonObject): Promise<boolean> {
    const now = this.clock.now();
    const scheduled = sendingTime(link) ?? now;
    const earliest = scheduled > now ? scheduled : now;
    const isQuiet = link.channel === 'sms' && canWait(link);
    const timeZone = customer.timeZone ?? branch.details.timeZone;
    const until = isQuiet ? afterQuietHours(earliest, timeZone, this.settings.quietHours) : earliest;
    if (until <= now) return false;
    const id = `${SEND_LINK}-${link.linkId}-held-${until.getTime()}`;
    const delayMs = until.getTime() - now.getTime();
    const job = { name: SEND_LINK, id, payload, delayMs };
    await this.queue.enqueue([isOfMany(link.purpose) ? { ...job, yields: true } : job]);
    return true;
  }

  private deliver(loaded: LoadedInvoice, link: Link, messageId: string): Promise<Delivered> {
    const rendered = this.linkMessages.render(loaded, link);
    const to = link.recipient!;
    const branch = loaded.branch.details;
    return link.channel === 'sms'
      ? this.messages.text({
          ...rendered.sms,
          to,
          reference: link.linkId,
          sentSince: issuedAt(loaded, link),
          branch,
        })
      : this.messages.email({ messageId, to, branch }, rendered.email);
  }
}

/** Nobody is asked for what is not owed any more. What a person sends now goes out even where a payment was a moment faster. */
function outOfDate({ invoice }: LoadedInvoice, link: Link): Extract<Delivered, { outcome: 'refused' }> | undefined {
  const refused = (code: string, reason: string) => ({ outcome: 'refused' as const, code, reason });
  if (invoice.status === 'void') return refused('invoice_void', 'The invoice was voided before the message was sent');
  if (invoice.status !== 'paid' || !canWait(link)) return undefined;
  return refused('invoice_paid', 'The invoice was paid before the message was sent');
}

function issuedAt({ events }: LoadedInvoice, { linkId }: Link): Date {
  const issued = events.find(({ event }) => event.type === 'LinkIssued' && event.data.linkId === linkId);
  return new Date(issued!.metadata.occurredAt);
}

/** A person's own sending, and a fresh link that the customer asked for, go at once. */
function canWait({ purpose, sendAt }: Link): boolean {
  return isOfMany(purpose) || sendAt !== undefined;
}

function report({ linkId, channel }: Link, messageId: string, delivered: Delivered, now: Date): InvoiceCommand {
  if (delivered.outcome === 'sent') {
    return { type: 'RecordLinkSent', linkId, messageId, providerId: delivered.providerId };
  }
  const { code, reason } = delivered;
  // A mail server that knows no such mailbox: the message came back, as a letter does.
  if (channel === 'email' && delivered.recipient === 'unreachable') {
    return { type: 'RecordLinkBounced', linkId, code, reason, at: now.toISOString() };
  }
  return { type: 'RecordLinkSendFailed', linkId, code, reason };
}
