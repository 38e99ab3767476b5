import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Branch } from '../../domain/branch/decider.js';
import type { ContactState } from '../../domain/contact/decider.js';
import { DomainError } from '../../domain/errors.js';
import { invoiceDecider } from '../../domain/invoice/decider.js';
import { linkExpiry } from '../../domain/invoice/link-expiry.js';
import type { Channel, LinkIssued, LocalTime } from '../../domain/invoice/link-events.js';
import { scheduleOf } from '../../domain/invoice/schedule.js';
import type { InvoiceEvent } from '../../domain/invoice/events.js';
import type { InvoiceState, Link } from '../../domain/invoice/state.js';
import type { CommandContext } from '../command-context.js';
import { Contacts } from '../contact/contacts.js';
import { Execute, type Executed } from '../execute.js';
import { invoiceStream, linkId } from '../ids.js';
import { LinkUrls } from '../link-urls.js';
import { MessageCaps } from '../messages/message-caps.js';
import { Clock } from '../ports.js';
import { assertSameRequest } from '../same-request.js';
import { linkViews, loadInvoice, type LinkView, type LoadedInvoice } from './invoice-view.js';
import { SendingChecks, type Sending, type StandingWarning } from './sending-checks.js';

export interface LinkAnswer {
  readonly link: LinkView;
  readonly url: string;
  /** What staff should know although the link was made. */
  readonly warnings: readonly StandingWarning[];
  readonly position: bigint;
}

export interface SendLinkInput {
  readonly invoiceId: string;
  readonly channel: Channel;
  readonly to?: string | undefined;
  /** An instant of RFC 3339, or `YYYY-MM-DDTHH:mm` on the clocks of the branch; absent: at once. */
  readonly sendAt?: string | undefined;
  /**
   * Who vouches that the customer agreed to texts, where somebody does: `staff` by the box in the portal, `api` by a program's
   * asking. Needed for the first text to a number only.
   */
  readonly textConsent?: 'staff' | 'api' | undefined;
}

/** Makes a link for one recipient. The message is sent by a process once `LinkIssued` is in the log. */
export class SendLink extends Command<LinkAnswer> {
  constructor(
    readonly input: SendLinkInput,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(SendLink)
export class SendLinkHandler implements ICommandHandler<SendLink> {
  constructor(
    private readonly executor: Execute,
    private readonly urls: LinkUrls,
    private readonly checks: SendingChecks,
    private readonly contacts: Contacts,
    private readonly caps: MessageCaps,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws DomainError `contact_opted_out`, `text_consent_missing`, `cap_reached`, as the address is refused and as the decider
   * refuses; nothing is kept then
   */
  async execute({ input, context }: SendLink): Promise<LinkAnswer> {
    const { invoiceId, channel } = input;
    const loaded = await loadInvoice(this.executor, invoiceId);
    const { invoice, branch } = loaded;
    const id = linkId(invoiceId, context.cause);
    const at = this.clock.now();
    const recipient = this.checks.recipient(channel, input.to, loaded);
    const sending: Sending = { messageId: id, channel, recipient, actor: context.actor, at };
    const contact = await this.checks.contact(sending);
    // A repeat of what was done is answered as it was, whatever has become of the contact since.
    if (!invoice.links.has(id)) this.assertMayText(input, contact, branch);
    const schedule = this.schedule(input, invoice.links.get(id), branch, at);
    const issued = await this.issue(sending, schedule, loaded, context);
    const link = await this.linkOf(issued, invoiceId, id, at);
    // Without "to" the same is asked for again, wherever the customer's own address leads by now.
    const given = input.to === undefined ? {} : { recipient };
    const first = input.to === undefined ? {} : { recipient: link.recipient };
    const { sendAt: firstAt } = link;
    assertSameRequest(
      context,
      { channel: link.channel, sendAt: firstAt, ...first },
      { channel, sendAt: schedule.sendAt, ...given },
    );
    await this.keepConsent(input, sending, contact, { branch, context });
    return { link, url: this.urls.pay(id), warnings: this.checks.standing(contact, branch), position: issued.position };
  }

  /** A repeat may come when the time has passed, and is then about the time that was given first. */
  private schedule(
    { channel, sendAt }: SendLinkInput,
    former: Link | undefined,
    branch: Branch,
    now: Date,
  ): { readonly sendAt?: string; readonly sendAtLocal?: LocalTime } {
    if (sendAt === undefined) return {};
    if (channel === 'none') {
      throw new DomainError('send_at_invalid', { field: 'sendAt', reason: 'A link that is copied is not sent.' });
    }
    const asked = former?.sendAt === undefined ? now : new Date(Date.parse(former.sendAt) - 1);
    const { sendAt: at, sendAtLocal } = scheduleOf(sendAt, branch.details.timeZone, asked);
    return { sendAt: at!, ...(sendAtLocal ? { sendAtLocal } : {}) };
  }

  private assertMayText(
    { channel, textConsent }: SendLinkInput,
    contact: ContactState | undefined,
    branch: Branch,
  ): void {
    if (channel !== 'sms' || !contact) return;
    this.checks.assertNotOptedOut(contact, branch);
    if (!contact.textConsent && textConsent === undefined) {
      throw new DomainError('text_consent_missing', {
        field: 'consent',
        reason: 'Say that the customer agreed to texts. It is asked for once a number.',
      });
    }
  }

  /** Counted first, so that a cap holds; taken back where the invoice refuses. */
  private async issue(
    sending: Sending,
    schedule: Pick<LinkIssued['data'], 'sendAt' | 'sendAtLocal'>,
    { invoice, branch, read }: LoadedInvoice,
    context: CommandContext,
  ): Promise<Executed<InvoiceState, InvoiceEvent>> {
    const { messageId: linkId, channel, recipient, at } = sending;
    const { invoiceId, dueOn } = invoice.registered;
    const takeBack = channel === 'none' ? undefined : await this.caps.take(this.checks.use(sending, invoiceId));
    const goesAt = schedule.sendAt === undefined ? at : new Date(schedule.sendAt);
    const expiresAt = linkExpiry(goesAt, dueOn, branch.details.timeZone).toISOString();
    try {
      return await this.executor.run({
        decider: invoiceDecider,
        stream: invoiceStream(invoiceId),
        command: {
          type: 'IssueLink',
          link: { linkId, channel, ...(recipient === undefined ? {} : { recipient }), expiresAt, ...schedule },
        },
        context,
        read,
      });
    } catch (error) {
      if (error instanceof DomainError) await takeBack?.();
      throw error;
    }
  }

  /** The link as it was made just now, or as the stream says it has become since a first try made it. */
  private async linkOf(
    issued: Executed<InvoiceState, InvoiceEvent>,
    invoiceId: string,
    linkId: string,
    now: Date,
  ): Promise<LinkView> {
    const { state, events } = issued.written
      ? { state: issued.state, events: issued.written }
      : await this.executor.load(invoiceDecider, invoiceStream(invoiceId));
    const views = state.status === 'absent' ? [] : linkViews(state, events, now);
    const link = views.find((one) => one.linkId === linkId);
    if (!link) throw new DomainError('link_not_found', { linkId });
    return link;
  }

  /** At the end, so that what is refused leaves no consent behind. A repeat finds it kept. */
  private async keepConsent(
    { channel, textConsent }: SendLinkInput,
    { recipient, at }: Sending,
    contact: ContactState | undefined,
    { branch, context }: { readonly branch: Branch; readonly context: CommandContext },
  ): Promise<void> {
    if (channel !== 'sms' || recipient === undefined || textConsent === undefined) return;
    if (!contact || contact.textConsent || contact.optedOut) return;
    const data = { how: textConsent, branchId: branch.branchId, at: at.toISOString() };
    await this.contacts.record(recipient, { type: 'RecordTextConsent', data }, context);
  }
}
