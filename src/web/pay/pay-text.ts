/**
 * Every sentence of the pay and receipt pages that does not come from a branch, in one place, so that another language is
 * another object of the same shape. Money and dates come in already formatted.
 */
const english = {
  language: 'en',
  title: (number: string, branch: string) => `Invoice ${number} from ${branch}`,
  skipToPayment: 'Skip to the payment',
  testMode: 'Test: no money moves',
  footer: (branch: string) => `You see this page because ${branch} sent you an invoice.`,
  contact: (branch: string) => `Questions? Reach ${branch}:`,
  callLabel: (number: string) => `Call ${number}`,
  writeLabel: (address: string) => `Write to ${address}`,

  amountDue: 'Amount due',
  amountPaid: 'Amount paid',
  invoiceTotal: 'Invoice total',
  due: {
    today: 'Due today',
    tomorrow: 'Due tomorrow',
    inDays: (days: number) => `Due in ${days} days`,
    overdueDays: (days: number) => (days === 1 ? '1 day overdue' : `${days} days overdue`),
    on: (date: string) => `· ${date}`,
    wasOn: (date: string) => `· was due ${date}`,
  },
  partiallyPaid: (paid: string, total: string) => `${paid} of ${total} is already paid.`,
  payNow: 'PAY NOW',
  status: { paid: 'Paid', void: 'Void', partially_paid: 'Partly paid', overdue: 'Overdue' },

  document: {
    invoice: 'Invoice',
    issued: 'Issued',
    dueOn: 'Due',
    billedTo: 'Billed to',
    caption: 'What this invoice is for',
    description: 'Description',
    quantity: 'Quantity',
    price: 'Price',
    amount: 'Amount',
    subtotal: 'Subtotal',
    tax: 'Tax',
    total: 'Total',
    paid: 'Paid so far',
    balance: 'Balance due',
    download: 'Download invoice',
  },

  payment: {
    heading: 'Pay by card',
    oneTotal: (total: string) => `${total} by debit or credit card, without a fee`,
    bothTotals: (low: string, high: string) => `${low} by debit card · up to ${high} by credit card`,
    otherWays: 'Other ways to pay:',
    loading: 'Loading the card form…',
    notLoaded: 'The card form could not be loaded. Check your connection, then load this page again.',
    cardMistake: 'Check the card details above.',
    proceed: 'Continue',
    quoting: 'Working out the exact amount…',
    reviewHeading: 'Check and pay',
    invoiceBalance: 'Invoice balance',
    fee: 'Processing fee',
    total: 'Total',
    paysWith: 'Card',
    submit: (total: string) => `Submit Payment ${total}`,
    consentMissing: 'Tick the box to agree to the fee, or use another card: debit and prepaid cards bear none.',
    otherCard: 'Use another card',
    working: 'Paying… Please keep this page open.',
    bankWorking: 'Your bank is asking you to confirm the payment.',
    totalChanged: (before: string, after: string) =>
      `The total was ${before} and is now ${after}. Please look at it again before you pay.`,
    quoteReady: (total: string) => `The total is ${total}.`,
    noScript:
      'Paying by card needs JavaScript, which is switched off in this browser. The invoice can be read and downloaded without it.',
    noScriptNext: 'Switch JavaScript on and load this page again to pay by card.',
    notCharged: 'The payment did not go through, and nothing was charged. Try again, or use another card.',
    away: 'We could not reach the payment service. Please try again in a moment; you will not be charged twice.',
    unsure: 'The connection was lost. We are finding out how the payment ended; you will not be charged twice.',
  },

  card: (brand: string | undefined, funding: string, last4: string) => `${brand ?? 'A'} ${funding} ending in ${last4}`,
  funding: { credit: 'credit card', debit: 'debit card', prepaid: 'prepaid card', unknown: 'card' } as const,

  panels: {
    paid: {
      heading: 'Paid. Thank you.',
      text: (branch: string) => `${branch} has received your payment.`,
      otherwise: 'This invoice is paid. There is nothing left to do.',
      receiptComing: 'Your receipt is being made and will appear here in a moment.',
      sentTo: (recipient: string) => `A copy of the receipt goes to ${recipient}.`,
      amount: 'Invoice amount',
      when: 'Paid on',
      receiptNumber: 'Receipt number',
      downloadReceipt: 'Download receipt',
    },
    void: {
      heading: 'Nothing to pay: this invoice is void',
      text: (branch: string) => `${branch} has cancelled it. Reach them if you did not expect this.`,
    },
    not_set_up: {
      heading: 'Online payment is not set up',
      text: (branch: string) => `${branch} does not take cards on this page yet. Reach them to pay in another way.`,
    },
    checking: {
      heading: 'We are checking with the bank',
      text: 'You will not be charged twice. You may close this page; we will write to you.',
    },
    in_progress_elsewhere: {
      heading: 'A payment is in progress',
      text: 'This invoice is being paid by another link just now. So that it is paid only once, please wait until that has ended.',
      again: 'Look again',
    },
    bank_step: {
      heading: 'Your bank asks you to confirm',
      text: 'The payment waits for a step at your bank. Nothing has been charged yet.',
      go: 'Continue with the bank',
      otherCard: 'Use another card',
    },
  },

  messages: {
    unknown: {
      heading: 'This link opens nothing',
      text: 'Part of the address may be missing. Open the link in your message again, or ask the business that sent it to send a new one.',
    },
    withoutCookie: {
      heading: 'Open the link in your message again',
      text: 'To keep your invoice private, this page opens only by the link in your email or text message, and stays open in this browser for a day.',
    },
    expired: {
      heading: 'This link has expired',
      text: (branch: string) => `Your invoice is still there. Ask ${branch} to send you a fresh link.`,
    },
    revoked: {
      heading: 'This link was withdrawn',
      text: (branch: string) => `Use the latest message that you have from ${branch}, or ask them for a fresh link.`,
    },
    away: {
      heading: 'We cannot show this for a moment',
      text: 'Please try again in a minute. If you have just paid, you will not be charged twice.',
      again: 'Try again',
    },
    tooMany: {
      heading: 'Too many tries',
      text: 'Please wait a minute, then open the link in your message again.',
    },
    broken: {
      heading: 'Something went wrong on our side',
      text: 'It is not your doing, and we have made a note of it. Please try again; if you have just paid, you will not be charged twice.',
      again: 'Try again',
    },
  },

  receipt: {
    title: (number: string, branch: string) => `Receipt ${number} from ${branch}`,
    heading: 'Receipt',
    number: 'Receipt number',
    invoice: 'Invoice',
    customer: 'Paid by',
    when: 'Paid on',
    card: 'Card',
    amount: 'Invoice amount',
    total: 'Total paid',
    download: 'Download receipt',
  },

  /** What a refused request says, by its code. */
  refusals: {
    quote_changed: 'The amount has changed since it was shown. Please look at the new total.',
    quote_expired: 'The amount was shown too long ago. Please look at it again.',
    payment_in_progress: 'A payment of this invoice is in progress. Please wait until it has ended.',
    payment_unknown: 'We are still checking an earlier payment with the bank. You will not be charged twice.',
    invoice_paid: 'This invoice is already paid.',
    invoice_void: 'This invoice was cancelled. There is nothing to pay.',
    consent_missing: 'The box was not ticked, so nothing was charged.',
    card_processing_not_set_up: 'Card payments are not set up here.',
    link_expired: 'This link has expired.',
    link_revoked: 'This link was withdrawn.',
    card_refused: 'The card form has run out of time. Please press Continue again.',
    declines_paused: 'Too many cards were declined on this link. Please wait an hour, or pay in another way.',
    attempts_paused: 'Too many payments were tried from here. Please wait an hour, or pay in another way.',
    not_from_this_page: 'The request did not come from this page. Load the page again.',
    cookie_missing: 'Open the link in your message again.',
    malformed: 'The request was not understood. Load the page again.',
    away: 'We cannot do this for a moment. Please try again; you will not be charged twice.',
    other: 'That did not work. Please load the page again.',
  } as Readonly<Record<string, string>>,
};

export type PayText = typeof english;

/** The sentences for a reader of this locale; English where there are none of theirs yet. */
export function payText(locale: string): PayText {
  return TEXTS.get(locale.split('-')[0] ?? '') ?? english;
}

/** A map, because a customer's language may be called `valueOf`. */
const TEXTS: ReadonlyMap<string, PayText> = new Map([['en', english]]);
