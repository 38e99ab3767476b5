/** Sends a message so that it arrives once: by email under one Message-ID, by text only after looking for a former try. */
import { Injectable } from '@nestjs/common';
import type { BranchDetails } from '../../domain/branch/events.js';
import type { RenderedMessage } from '../documents.js';
import { Mailer, RetryLater, Texter, type DeliveryOutcome, type EmailMessage } from '../ports.js';

/** What can be recorded of a message: somebody took it, or nobody ever will. */
export type Delivered = Extract<DeliveryOutcome, { outcome: 'sent' | 'refused' }>;

export interface Delivery {
  /** Without angle brackets; the same on every try. */
  readonly messageId: string;
  readonly to: string;
  readonly branch: BranchDetails;
}

/** The provider's clock and ours may differ by so much; the reference tells messages apart. */
const CLOCK_DIFFERENCE_MS = 15 * 60_000;

@Injectable()
export class MessageDelivery {
  constructor(
    private readonly mailer: Mailer,
    private readonly texter: Texter,
  ) {}

  /** @throws RetryLater where it was not taken, or perhaps: sent again under the same Message-ID it shows once in a mailbox. */
  async email(
    { messageId, to, branch }: Delivery,
    content: RenderedMessage['email'],
    attachments: EmailMessage['attachments'] = [],
  ): Promise<Delivered> {
    const { name: fromName, replyTo } = branch;
    return settled(await this.mailer.send({ messageId, to, fromName, replyTo, ...content, attachments }));
  }

  /**
   * Texts have no idempotency key: a former try may have been taken although nobody heard of it. Where that cannot be found out,
   * it counts as refused with the code `outcome_unknown`, and staff decide: sending again might reach the customer twice.
   * @param message `reference` is a part of the body that no other message has
   * @throws RetryLater where it was not taken for now
   */
  async text(message: { to: string; body: string; reference: string; sentSince: Date }): Promise<Delivered> {
    const { to, body, reference } = message;
    const sentSince = new Date(message.sentSince.getTime() - CLOCK_DIFFERENCE_MS);
    const earlier = await this.texter.find({ to, sentSince, reference });
    if (earlier !== undefined) return { outcome: 'sent', providerId: earlier };
    const outcome = await this.texter.send({ to, body });
    if (outcome.outcome !== 'unknown') return settled(outcome);
    const found = await this.texter.find({ to, sentSince, reference });
    return found === undefined
      ? { outcome: 'refused', code: 'outcome_unknown', reason: outcome.reason }
      : { outcome: 'sent', providerId: found };
  }
}

function settled(outcome: DeliveryOutcome): Delivered {
  if (outcome.outcome === 'temporary' || outcome.outcome === 'unknown') throw new RetryLater(outcome.reason);
  return outcome;
}
