/** One status as a pill: a word, a colour, and a shape for those who do not see the colour. */
export interface PillView {
  readonly word: string;
  readonly tone: 'good' | 'warn' | 'bad' | 'calm';
  /** The path of an outline in a box of 24 by 24. */
  readonly shape: string;
}

const RING = 'M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16';
const HALF = `${RING}M12 4v16`;
const TICK = 'M5 12.5l4.5 4.5L19 7.5';
const CROSS = 'M6 6l12 12M18 6L6 18';
const ALERT = 'M12 4v10M12 19v.1';
const CLOCK = `${RING}M12 8v4l3 2`;
const BACK = 'M9 6l-5 5l5 5M4 11h10a5 5 0 0 1 0 10';

const INVOICE_PILLS: Readonly<Record<string, PillView>> = {
  open: { word: 'Open', tone: 'calm', shape: RING },
  partially_paid: { word: 'Partly paid', tone: 'warn', shape: HALF },
  paid: { word: 'Paid', tone: 'good', shape: TICK },
  partially_refunded: { word: 'Partly refunded', tone: 'calm', shape: BACK },
  refunded: { word: 'Refunded', tone: 'calm', shape: BACK },
  void: { word: 'Void', tone: 'calm', shape: CROSS },
};
const OVERDUE: PillView = { word: 'Overdue', tone: 'bad', shape: ALERT };

const LINK_PILLS: Readonly<Record<string, PillView>> = {
  scheduled: { word: 'Scheduled', tone: 'calm', shape: CLOCK },
  queued: { word: 'Queued', tone: 'calm', shape: CLOCK },
  sent: { word: 'Sent', tone: 'calm', shape: TICK },
  delivered: { word: 'Delivered', tone: 'good', shape: TICK },
  opened: { word: 'Opened', tone: 'good', shape: TICK },
  failed: { word: 'Not sent', tone: 'bad', shape: ALERT },
  bounced: { word: 'Bounced', tone: 'bad', shape: ALERT },
  revoked: { word: 'Revoked', tone: 'calm', shape: CROSS },
  expired: { word: 'Expired', tone: 'warn', shape: CLOCK },
};

const COPIED: PillView = { word: 'Copied', tone: 'calm', shape: TICK };

const PAYMENT_PILLS: Readonly<Record<string, PillView>> = {
  captured: { word: 'Captured', tone: 'good', shape: TICK },
  recorded: { word: 'Recorded', tone: 'good', shape: TICK },
  reversed: { word: 'Reversed', tone: 'warn', shape: BACK },
  partially_refunded: { word: 'Partly refunded', tone: 'calm', shape: BACK },
  refunded: { word: 'Refunded', tone: 'calm', shape: BACK },
};

/** What became of a payment. */
export function paymentPill(status: string): PillView {
  return PAYMENT_PILLS[status] ?? { word: status, tone: 'calm', shape: RING };
}

/** What became of an invoice. That it is overdue says more than that it is open. */
export function invoicePill(status: string, overdue: boolean): PillView {
  if (overdue && status === 'open') return OVERDUE;
  return INVOICE_PILLS[status] ?? { word: status, tone: 'calm', shape: RING };
}

/** What became of a link. One that was copied goes out by no channel: nothing is queued for it. */
export function linkPill(status: string, channel?: string | null): PillView {
  if (channel === 'none' && status === 'queued') return COPIED;
  return LINK_PILLS[status] ?? { word: status, tone: 'calm', shape: RING };
}
