/**
 * What becomes of a text, and when. It only goes forward, and every reader sees the same, since it follows from the text's
 * age: nothing has to be written for it to go on, and a restart changes nothing.
 */
const QUEUED_AFTER_MS = 100;
const SENDING_AFTER_MS = 250;
export const SENT_AFTER_MS = 500;
const DELIVERED_AFTER_MS = 1500;

/** The provider's own queue was full: the text never left for a carrier, so it fails without having been sent. */
const QUEUE_OVERFLOW = 30_001;

/** A text, as far as its course depends on it. */
export interface Travelling {
  readonly direction: 'inbound' | 'outbound-api' | 'outbound-reply';
  readonly viaService: boolean;
  readonly errorCode: number | null;
  readonly createdAt: Date;
}

export interface Step {
  readonly status: string;
  readonly at: Date;
}

/** All that happens to the text, in order. Through a messaging service it is accepted before it is queued. */
function courseOf({ direction, viaService, errorCode, createdAt }: Travelling): Step[] {
  const after = (ms: number, status: string): Step => ({ status, at: new Date(createdAt.getTime() + ms) });
  if (direction === 'inbound') return [after(0, 'received')];
  const start = viaService ? [after(0, 'accepted'), after(QUEUED_AFTER_MS, 'queued')] : [after(0, 'queued')];
  const sending = [...start, after(SENDING_AFTER_MS, 'sending')];
  if (errorCode === QUEUE_OVERFLOW) return [...sending, after(SENT_AFTER_MS, 'failed')];
  const end = after(DELIVERED_AFTER_MS, errorCode === null ? 'delivered' : 'undelivered');
  return [...sending, after(SENT_AFTER_MS, 'sent'), end];
}

/** The steps that are reported. The first is in the answer to the sender, and `sending` passes too quickly to be told. */
export function reportedSteps(text: Travelling): Step[] {
  return courseOf(text).filter(({ status }, index) => index > 0 && status !== 'sending');
}

/** How far a text has come. */
export function statusOf(text: Travelling, now: Date): { status: string; sentAt: Date | null; updatedAt: Date } {
  const passed = courseOf(text).filter(({ at }) => at <= now);
  const last = passed.at(-1) ?? { status: 'queued', at: text.createdAt };
  const sent = passed.find(({ status }) => status === 'sent' || status === 'received');
  return { status: last.status, sentAt: sent?.at ?? null, updatedAt: last.at };
}

/** The step that an error code belongs to has been reached. */
export function hasFailed(status: string): boolean {
  return status === 'failed' || status === 'undelivered';
}
