/** A message that somebody asked for. `number` is the digest of the number, where it is a text. */
export interface MessageUse {
  readonly messageId: string;
  readonly at: Date;
  readonly actor: string;
  readonly invoiceId: string;
  readonly number: string | undefined;
}

export type CapDimension = 'number' | 'invoice' | 'actor';

/** Counts messages for the caps, beside the log: what is counted is forgotten after two days. */
export abstract class MessageUses {
  /** Counts the message; answers false where it was counted before. */
  abstract add(use: MessageUse): Promise<boolean>;
  abstract remove(messageId: string): Promise<void>;
  /**
   * When the `nth` newest message since then was counted, this one left out; undefined where there were fewer.
   * @param value digest of the number, id of the invoice, or actor
   */
  abstract nthNewest(query: {
    readonly dimension: CapDimension;
    readonly value: string;
    readonly since: Date;
    readonly nth: number;
    readonly except: string;
  }): Promise<Date | undefined>;
  /** Takes segments out of what a day (`YYYY-MM-DD`, UTC) has; answers false, and takes none, where fewer are left. */
  abstract spend(day: string, segments: number, limit: number): Promise<boolean>;
  /** Segments that went out on a day. */
  abstract spentOn(day: string): Promise<number>;
  abstract forgetBefore(before: Date): Promise<void>;
}
