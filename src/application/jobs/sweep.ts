/**
 * Enqueues again what was promised and not done: nothing lives only in the queue, so that an emptied queue, a lost webhook or a
 * crash at the wrong moment costs minutes and not a message or a payment.
 */
import { Injectable } from '@nestjs/common';
import { receiptNumber } from '../../domain/receipt-number.js';
import { MessageCaps } from '../messages/message-caps.js';
import { Clock, JobQueue, type Job } from '../ports.js';
import { TextNotices } from '../texts/text-notices.js';
import {
  EMAIL_RECEIPT,
  ISSUE_RECEIPT,
  MAIL_INVOICE_PDF,
  SEND_LINK,
  SEND_RECEIPT,
  SETTLE_PAYMENT,
  TAKE_TEXT_NOTICE,
} from './job-names.js';

export interface OwedItem {
  readonly kind: 'link_message' | 'invoice_pdf' | 'payment_outcome' | 'receipt' | 'receipt_message' | 'receipt_email';
  readonly invoiceId: string;
  /** Id of the link, the request, the attempt or the payment. */
  readonly subjectId: string;
  readonly causeEventId: string;
  /** RFC 3339: when it was promised. */
  readonly since: string;
  /** Of a receipt: the rank of its capture, once it has one. */
  readonly receiptRank: string | null;
  /** A link that nobody waits for. Its job goes to where its first one stands: in another queue it would run beside that one. */
  readonly ofMany: boolean;
}

/** What has been owed for a while, oldest first. */
export abstract class OwedItems {
  abstract find(olderThan: Date, maxInvoices: number): Promise<readonly OwedItem[]>;
}

/** Younger promises are still being kept in the ordinary way. */
const PATIENCE_MS = 2 * 60_000;
const MAX_INVOICES = 1_000;

@Injectable()
export class Sweep {
  constructor(
    private readonly owed: OwedItems,
    private readonly queue: JobQueue,
    private readonly notices: TextNotices,
    private readonly caps: MessageCaps,
    private readonly clock: Clock,
  ) {}

  /** Answers how many jobs it asked for. */
  async run(): Promise<number> {
    const now = this.clock.now().getTime();
    const items = await this.owed.find(new Date(now - PATIENCE_MS), MAX_INVOICES);
    const waiting = await this.notices.waiting(new Date(now - PATIENCE_MS), MAX_INVOICES);
    const jobs = [
      ...items.map((item) => jobFor(item, now)).filter((job) => job !== undefined),
      ...waiting.map((noticeId) => noticeJob(noticeId, now)),
    ];
    await this.caps.forget();
    if (jobs.length > 0) await this.queue.enqueue(jobs);
    return jobs.length;
  }
}

/**
 * Which time this is that the work is asked for. It is part of the job's id: a job that the queue keeps as done or dead must not
 * hide that the work is not. The bank's outcome is asked for each time; a message that nobody takes ever more rarely, each time
 * after twice as long.
 */
function roundOf(item: OwedItem, now: number): number {
  if (item.kind === 'payment_outcome') return Math.floor(now / PATIENCE_MS);
  return Math.floor(Math.log2((now - Date.parse(item.since)) / PATIENCE_MS));
}

function noticeJob(noticeId: string, now: number): Job {
  const id = `${TAKE_TEXT_NOTICE}-${noticeId}-again-${Math.floor(now / PATIENCE_MS)}`;
  return { name: TAKE_TEXT_NOTICE, id, payload: { noticeId, round: 0 }, delayMs: 0 };
}

function jobFor(item: OwedItem, now: number): Job | undefined {
  const { invoiceId, subjectId, causeEventId: cause } = item;
  const job = (name: string, payload: Record<string, string>): Job => ({
    name,
    id: `${name}-${cause}-again-${roundOf(item, now)}`,
    payload: { invoiceId, cause, ...payload },
    delayMs: 0,
  });
  switch (item.kind) {
    case 'link_message':
      return { ...job(SEND_LINK, { linkId: subjectId }), ...(item.ofMany && { yields: true }) };
    case 'invoice_pdf':
      return job(MAIL_INVOICE_PDF, { requestId: subjectId });
    case 'payment_outcome':
      return job(SETTLE_PAYMENT, {});
    case 'receipt':
      return item.receiptRank === null
        ? undefined
        : job(ISSUE_RECEIPT, { paymentId: subjectId, number: receiptNumber(BigInt(item.receiptRank)) });
    case 'receipt_email':
      return job(EMAIL_RECEIPT, { requestId: subjectId });
    case 'receipt_message':
      return job(SEND_RECEIPT, { paymentId: subjectId });
  }
}
