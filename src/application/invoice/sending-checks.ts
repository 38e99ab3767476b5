/** What staff should know, or may not do, before a message about an invoice goes to an address. */
import { Injectable } from '@nestjs/common';
import type { Branch } from '../../domain/branch/decider.js';
import type { ContactState } from '../../domain/contact/decider.js';
import { DomainError } from '../../domain/errors.js';
import type { Channel } from '../../domain/invoice/link-events.js';
import { afterQuietHours } from '../../domain/quiet-hours.js';
import { normaliseEmail } from '../../domain/recipient.js';
import { Contacts } from '../contact/contacts.js';
import { inField } from '../in-field.js';
import { MessageCaps, type CapReached } from '../messages/message-caps.js';
import { MessageSettings } from '../messages/message-settings.js';
import type { MessageUse } from '../messages/message-uses.js';
import { PhoneNumbers } from '../phone-numbers.js';
import type { LoadedInvoice } from './invoice-view.js';

/** What is true of a message also after it was asked for. */
export type StandingWarning =
  | { readonly code: 'card_processing_not_set_up' }
  | { readonly code: 'address_bounced'; readonly at: string; readonly reason: string };

/** A text that is scheduled into the night waits until `goesAt`, which is morning in `timeZone`. */
export interface QuietHold {
  readonly goesAt: string;
  readonly timeZone: string;
}

/** What should be known although the message can be sent, or why it cannot. */
export type SendWarning =
  | StandingWarning
  | { readonly code: 'invoice_paid' | 'invoice_void' | 'later_bounces_not_seen' | 'text_consent_missing' }
  | { readonly code: 'contact_opted_out'; readonly at: string; readonly say: string }
  | ({ readonly code: 'held_for_quiet_hours' } & QuietHold)
  | ({ readonly code: 'cap_reached' } & CapReached);

/** A message as it is asked for. */
export interface Sending {
  readonly messageId: string;
  readonly channel: Channel;
  /** Normalised; absent on a copied link. */
  readonly recipient: string | undefined;
  readonly actor: string;
  readonly at: Date;
  /** Absent on what is sent at once: that goes by night too. */
  readonly scheduledFor?: Date | undefined;
}

@Injectable()
export class SendingChecks {
  constructor(
    private readonly contacts: Contacts,
    private readonly caps: MessageCaps,
    private readonly settings: MessageSettings,
    private readonly phones: PhoneNumbers,
  ) {}

  /**
   * Whom a message goes to: the given address, else the customer's own as it is now, normalised. A copied link has nobody.
   * @throws DomainError `recipient_missing`, `invalid_recipient` and `country_not_allowed` with `field`
   */
  recipient(
    channel: Channel,
    to: string | undefined,
    { customer, branch }: Pick<LoadedInvoice, 'customer' | 'branch'>,
  ): string | undefined {
    if (channel === 'none') return undefined;
    const address = to ?? (channel === 'email' ? customer.email : customer.phone);
    if (address === undefined) throw new DomainError('recipient_missing', { channel });
    return inField('to', () =>
      channel === 'email' ? normaliseEmail(address) : this.phones.parse(address, branch.details.country).e164,
    );
  }

  contact({ channel, recipient }: Sending): Promise<ContactState> | undefined {
    return channel === 'none' || recipient === undefined ? undefined : this.contacts.of(recipient);
  }

  /** How the message counts for the caps. */
  use({ messageId, channel, recipient, actor, at }: Sending, invoiceId: string): MessageUse {
    const number = channel === 'sms' && recipient !== undefined ? this.contacts.digestOf(recipient) : undefined;
    return { messageId, at, actor, invoiceId, number };
  }

  /** Everything that there is to say of a sending before it is asked for. */
  async warnings(sending: Sending, loaded: LoadedInvoice): Promise<readonly SendWarning[]> {
    const { invoice, branch } = loaded;
    const { channel } = sending;
    const held = this.quietHold(sending, loaded);
    const contact = await this.contact(sending);
    const reached =
      channel === 'none' ? undefined : await this.caps.reached(this.use(sending, invoice.registered.invoiceId));
    return [
      ...this.standing(contact, branch),
      ...(invoice.status === 'paid' ? [{ code: 'invoice_paid' as const }] : []),
      ...(invoice.status === 'void' ? [{ code: 'invoice_void' as const }] : []),
      ...(contact?.optedOut && channel === 'sms' ? [this.optedOut(contact.optedOut.at, branch)] : []),
      ...(channel === 'sms' && !contact?.textConsent ? [{ code: 'text_consent_missing' as const }] : []),
      ...(reached ? [{ code: 'cap_reached' as const, ...reached }] : []),
      ...(held ? [{ code: 'held_for_quiet_hours' as const, ...held }] : []),
      // A mail server that takes a message and sends it back later tells a mailbox that nobody reads here.
      ...(channel === 'email' ? [{ code: 'later_bounces_not_seen' as const }] : []),
    ];
  }

  /** What stays true of a message that was asked for in spite of it. */
  standing(contact: ContactState | undefined, branch: Branch): readonly StandingWarning[] {
    const { unreachable } = contact ?? {};
    return [
      ...(branch.cardProcessing ? [] : [{ code: 'card_processing_not_set_up' as const }]),
      ...(unreachable ? [{ code: 'address_bounced' as const, at: unreachable.at, reason: unreachable.reason }] : []),
    ];
  }

  /** @throws DomainError `contact_opted_out` with what to say to the customer: only they can undo it */
  assertNotOptedOut({ optedOut }: ContactState, branch: Branch): void {
    if (!optedOut) return;
    const { say } = this.optedOut(optedOut.at, branch);
    throw new DomainError('contact_opted_out', { since: optedOut.at, say, reason: `Ask the customer to ${say}.` });
  }

  /** What to ask of a customer who opted out: nobody else can undo it. */
  howToOptIn({ details }: Branch): string {
    const { smsSender = this.settings.textSender } = details;
    // A messaging service has no one number: the customer answers the last text that they have of it.
    const number = smsSender?.startsWith('+') ? smsSender : undefined;
    return number === undefined ? 'answer one of our texts with START' : `text START to ${number}`;
  }

  /** Nothing where the message goes at its time: by day, at once, and by email. */
  quietHold(
    { channel, scheduledFor }: Pick<Sending, 'channel' | 'scheduledFor'>,
    { customer, branch }: LoadedInvoice,
  ): QuietHold | undefined {
    if (channel !== 'sms' || scheduledFor === undefined) return undefined;
    const timeZone = customer.timeZone ?? branch.details.timeZone;
    const goesAt = afterQuietHours(scheduledFor, timeZone, this.settings.quietHours);
    return goesAt > scheduledFor ? { goesAt: goesAt.toISOString(), timeZone } : undefined;
  }

  private optedOut(at: string, branch: Branch) {
    return { code: 'contact_opted_out' as const, at, say: this.howToOptIn(branch) };
  }
}
