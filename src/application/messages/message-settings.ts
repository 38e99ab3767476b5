import type { QuietHours } from '../../domain/quiet-hours.js';

/** How many messages go out, and when. */
export abstract class MessageSettings {
  /** What texts come from, where it is a number that a customer can text START to. */
  abstract readonly textSender: string | undefined;
  /** Texts that nobody waits for are held in these hours; equal times are none. */
  abstract readonly quietHours: QuietHours;
  /** The most messages that people may ask for. */
  abstract readonly caps: MessageCapLimits;
  /** The most segments of text a day (UTC), over all branches and purposes: what stops a mistake from costing a fortune. */
  abstract readonly textSegmentsPerDay: number;
}

export interface MessageCapLimits {
  /** Texts to one number in 24 hours. */
  readonly numberPerDay: number;
  /** Messages about one invoice in 24 hours. */
  readonly invoicePerDay: number;
  /** Messages asked for by one member of staff, or one API key, in an hour. */
  readonly staffPerHour: number;
}
