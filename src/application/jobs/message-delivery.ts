/**
 * Sends a message so that it arrives once: by email under one Message-ID, by text only after looking for a former try. Looks at the
 * contact just before, and keeps what a refusal tells of it, whatever the message is.
 */
import { Injectable } from '@nestjs/common';
import type { BranchDetails } from '../../domain/branch/events.js';
import type { ContactChannel } from '../../domain/contact/events.js';
import { systemContext } from '../command-context.js';
import { DomainError } from '../../domain/errors.js';
import { Contacts } from '../contact/contacts.js';
import type { RenderedMessage } from '../documents.js';
import { MessageCaps } from '../messages/message-caps.js';
import { PhoneNumbers } from '../phone-numbers.js';
import { Clock, Mailer, RetryLater, Texter, type DeliveryOutcome, type EmailMessage } from '../ports.js';

/** What can be recorded of a message: somebody took it, or nobody ever will. */
export type Delivered = Extract<DeliveryOutcome, { outcome: 'sent' | 'refused' }>;

export interface Delivery {
  /** Without angle brackets; the same on every try. */
  readonly messageId: string;
  readonly to: string;
  readonly branch: BranchDetails;
}

/** A text, with a part of its body (`reference`) that no other message has, and the moment before which it cannot have been sent. */
type Text = RenderedMessage['sms'] & Omit<Delivery, 'messageId'> & { reference: string; sentSince: Date };

/** The provider's clock and ours may differ by so much; the reference tells messages apart. */
const CLOCK_DIFFERENCE_MS = 15 * 60_000;
/** Before the second try, doubled after each further one. A mail server that greylists wants minutes; an account wants a person. */
const FIRST_PAUSE_MS = { connection: 2_000, recipient: 60_000, account: 5 * 60_000 } as const;
/** How long a text waits while the day's segments are used up, before it looks again. */
const NO_SEGMENTS_PAUSE_MS = 10 * 60_000;

@Injectable()
export class MessageDelivery {
  constructor(
    private readonly mailer: Mailer,
    private readonly texter: Texter,
    private readonly contacts: Contacts,
    private readonly caps: MessageCaps,
    private readonly phones: PhoneNumbers,
    private readonly clock: Clock,
  ) {}

  /** @throws RetryLater where it was not taken, or perhaps: sent again under the same Message-ID it shows once in a mailbox. */
  async email(
    { messageId, to, branch }: Delivery,
    content: RenderedMessage['email'],
    attachments: EmailMessage['attachments'] = [],
  ): Promise<Delivered> {
    const { name: fromName, emailFrom, replyTo } = branch;
    const from = emailFrom === undefined ? {} : { fromAddress: emailFrom };
    const outcome = await this.mailer.send({ messageId, to, fromName, ...from, replyTo, ...content, attachments });
    return this.noted({ channel: 'email', to, reference: messageId }, settled(outcome));
  }

  /**
   * Texts have no idempotency key: a former try may have been taken although nobody heard of it. Where that cannot be found out,
   * it counts as refused with the code `outcome_unknown`, and staff decide: sending again might reach the customer twice.
   * A number of a country that texts do not go to is refused as `country_not_allowed`: a customer may have one, and a bulk sending
   * does not look at each. A number that opted out is refused with the code `contact_opted_out`, by whatever branch and for whatever it is sent.
   * @throws RetryLater where it was not taken for now
   */
  async text(message: Text): Promise<Delivered> {
    const { to, body, segments, reference } = message;
    const { smsSender } = message.branch;
    const sentSince = new Date(message.sentSince.getTime() - CLOCK_DIFFERENCE_MS);
    const earlier = await this.texter.find({ to, sentSince, reference });
    if (earlier !== undefined) return { outcome: 'sent', providerId: earlier };
    const elsewhere = this.refusedCountry(to, message.branch.country);
    if (elsewhere) return elsewhere;
    if ((await this.contacts.of(to)).optedOut) {
      return { outcome: 'refused', code: 'contact_opted_out', reason: 'The customer asked for no more texts' };
    }
    if (!(await this.caps.spend(segments))) {
      throw new RetryLater('The segments of text that a day has are used up', NO_SEGMENTS_PAUSE_MS);
    }
    const outcome = await this.texter.send({ to, body, ...(smsSender === undefined ? {} : { sender: smsSender }) });
    if (outcome.outcome !== 'unknown') return this.noted({ channel: 'sms', to, reference }, settled(outcome));
    const found = await this.texter.find({ to, sentSince, reference });
    return found === undefined
      ? { outcome: 'refused', code: 'outcome_unknown', reason: outcome.reason }
      : { outcome: 'sent', providerId: found };
  }

  private refusedCountry(to: string, country: string): Delivered | undefined {
    try {
      this.phones.parse(to, country);
      return undefined;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { outcome: 'refused', code: error.code, reason: 'Texts do not go to this number' };
    }
  }

  /** Keeps what a refusal tells of the address, so that the next message to it is known to be in vain. */
  private async noted(
    { channel, to, reference }: { channel: ContactChannel; to: string; reference: string },
    delivered: Delivered,
  ): Promise<Delivered> {
    if (delivered.outcome === 'sent' || delivered.recipient === undefined) return delivered;
    const { code, reason } = delivered;
    const at = this.clock.now().toISOString();
    await this.contacts.record(
      to,
      delivered.recipient === 'opted_out'
        ? { type: 'OptOut', data: { channel: 'sms', source: 'carrier', at } }
        : { type: 'RecordUnreachable', data: { channel, code, reason, at } },
      systemContext('delivery', reference, reference),
    );
    return delivered;
  }
}

function settled(outcome: DeliveryOutcome): Delivered {
  if (outcome.outcome === 'unknown') throw new RetryLater(outcome.reason);
  if (outcome.outcome === 'temporary') {
    throw new RetryLater(outcome.reason, outcome.obstacle && FIRST_PAUSE_MS[outcome.obstacle]);
  }
  return outcome;
}
