/** What the provider of texts tells: how a text fared, and what somebody texted back. */
interface TextStatus {
  readonly kind: 'status';
  /** The provider's id of the text. */
  readonly providerId: string;
  /** The provider's word, of which each comes once. */
  readonly status: string;
  /** What it means; `under_way` leads to nothing. */
  readonly means: 'under_way' | 'delivered' | 'undelivered';
  /** E.164. */
  readonly number: string;
  readonly code: string;
  /** Without the number in it. */
  readonly reason: string;
  /** What it tells of the number, where it does. */
  readonly recipient: 'unreachable' | 'opted_out' | undefined;
}

export interface InboundText {
  readonly kind: 'inbound';
  readonly providerId: string;
  /** Who wrote it, E.164 as a rule. */
  readonly number: string;
  readonly text: string;
}

export type TextNotice = TextStatus | InboundText;

/** Believes what is signed by the provider, and nothing else. */
export abstract class TextNoticeReader {
  /**
   * @param path where it came in, below the public address: the signature covers the whole address
   * @param body the form as it came
   * @returns undefined for what the provider did not sign; `malformed` for what it signed and is no such notice
   */
  abstract read(
    kind: TextNotice['kind'],
    request: { readonly path: string; readonly body: Buffer; readonly signature: string },
  ): TextNotice | 'malformed' | undefined;
}

/** What came of a notice. */
export type NoticeOutcome = 'done' | 'unknown_sender' | 'unknown_message';

/** Notices, durably, until they have been dealt with. Their contents are forgotten then; that they came is not. */
export abstract class TextNotices {
  /** Answers false where it was dealt with before. */
  abstract keep(noticeId: string, notice: TextNotice): Promise<boolean>;
  /** Undefined where it was dealt with. */
  abstract read(noticeId: string): Promise<{ readonly notice: TextNotice; readonly receivedAt: Date } | undefined>;
  abstract finish(noticeId: string, outcome: NoticeOutcome): Promise<void>;
  /** Ids of those that have waited since before then, the oldest first. */
  abstract waiting(olderThan: Date, most: number): Promise<readonly string[]>;
}

/** Which text was that? Behind by as much as the lists are. */
export abstract class TextDirectory {
  /** `linkId` is null of a receipt. */
  abstract byProviderId(
    providerId: string,
  ): Promise<{ readonly invoiceId: string; readonly linkId: string | null } | undefined>;
  /** The link that was texted last to this number. */
  abstract lastTo(number: string): Promise<{ readonly invoiceId: string; readonly linkId: string } | undefined>;
}

export function noticeIdOf(notice: TextNotice): string {
  return notice.kind === 'status' ? `status-${notice.providerId}-${notice.status}` : `inbound-${notice.providerId}`;
}
