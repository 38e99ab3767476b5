/** How many messages may be asked for in a while, so that neither a mistake nor a stolen key can flood a customer. */
import { Injectable } from '@nestjs/common';
import { DomainError } from '../../domain/errors.js';
import { Clock } from '../ports.js';
import { MessageSettings } from './message-settings.js';
import { MessageUses, type CapDimension, type MessageUse } from './message-uses.js';

/** A cap that the next message would go over: until when, and who can lift it. */
export interface CapReached {
  readonly cap: 'number_per_day' | 'invoice_per_day' | 'staff_per_hour' | 'text_segments_per_day';
  readonly limit: number;
  /** RFC 3339: from then on there is room for one again. */
  readonly endsAt: string;
  readonly liftedBy: string;
}

/** Two days, so that the longest of the windows is whole. */
const KEPT_MS = 48 * 60 * 60_000;
const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

interface Cap {
  readonly cap: CapReached['cap'];
  readonly dimension: CapDimension;
  readonly value: string;
  readonly limit: number;
  readonly windowMs: number;
  readonly setting: string;
}

@Injectable()
export class MessageCaps {
  constructor(
    private readonly uses: MessageUses,
    private readonly settings: MessageSettings,
    private readonly clock: Clock,
  ) {}

  /** The first cap that is reached, or undefined where the message may go. */
  async reached(use: MessageUse): Promise<CapReached | undefined> {
    for (const { cap, dimension, value, limit, windowMs, setting } of this.capsOn(use)) {
      const since = new Date(use.at.getTime() - windowMs);
      const query = { dimension, value, since, nth: limit, except: use.messageId };
      const filled = await this.uses.nthNewest(query);
      if (filled) {
        const endsAt = new Date(filled.getTime() + windowMs).toISOString();
        return { cap, limit, endsAt, liftedBy: liftedBy(setting) };
      }
    }
    return use.number === undefined ? undefined : this.spendReached(use.at);
  }

  /**
   * Counts a message that is about to be asked for. It is counted before the caps are looked at, so that of two at the same moment
   * neither slips through; a repeat of the same message is counted once.
   * @returns how to take it back where the message is not asked for after all
   * @throws DomainError `cap_reached` naming the cap; nothing is counted then
   */
  async take(use: MessageUse): Promise<() => Promise<void>> {
    if (!(await this.uses.add(use))) return () => Promise.resolve();
    const reached = await this.reached(use);
    const takeBack = (): Promise<void> => this.uses.remove(use.messageId);
    if (!reached) return takeBack;
    await takeBack();
    throw new DomainError('cap_reached', {
      ...reached,
      reason: `At most ${reached.limit} (${reached.cap}). There is room again at ${reached.endsAt}. ${reached.liftedBy}`,
    });
  }

  /** Takes a text's segments out of what the day has left; false where it has too few: the text must wait. */
  async spend(segments: number): Promise<boolean> {
    return this.uses.spend(dayOf(this.clock.now()), segments, this.settings.textSegmentsPerDay);
  }

  /** Forgets what no cap looks at any more. */
  async forget(): Promise<void> {
    await this.uses.forgetBefore(new Date(this.clock.now().getTime() - KEPT_MS));
  }

  private async spendReached(now: Date): Promise<CapReached | undefined> {
    const limit = this.settings.textSegmentsPerDay;
    if ((await this.uses.spentOn(dayOf(now))) < limit) return undefined;
    const endsAt = new Date(Math.floor(now.getTime() / DAY_MS) * DAY_MS + DAY_MS).toISOString();
    return { cap: 'text_segments_per_day', limit, endsAt, liftedBy: liftedBy('TEXT_SEGMENTS_PER_DAY') };
  }

  private capsOn({ number, invoiceId, actor }: MessageUse): readonly Cap[] {
    const { numberPerDay, invoicePerDay, staffPerHour } = this.settings.caps;
    return [
      ...(number === undefined
        ? []
        : [cap('number_per_day', 'number', number, numberPerDay, DAY_MS, 'TEXTS_PER_NUMBER_A_DAY')]),
      cap('invoice_per_day', 'invoice', invoiceId, invoicePerDay, DAY_MS, 'MESSAGES_PER_INVOICE_A_DAY'),
      cap('staff_per_hour', 'actor', actor, staffPerHour, HOUR_MS, 'MESSAGES_PER_STAFF_AN_HOUR'),
    ];
  }
}

function cap(
  name: CapReached['cap'],
  dimension: CapDimension,
  value: string,
  limit: number,
  windowMs: number,
  setting: string,
): Cap {
  return { cap: name, dimension, value, limit, windowMs, setting };
}

const liftedBy = (setting: string): string => `Whoever runs the service can lift it by ${setting}.`;
const dayOf = (instant: Date): string => instant.toISOString().slice(0, 10);
