import type { PaidView, PayPage } from '../../application/pay/view-pay-page.js';
import type { Words } from '../../application/words/words.js';
import { cardWords, type Formats } from './formats.js';

/** The sign above a panel's heading: a tick, a clock or an i. */
export interface MarkView {
  readonly tone: 'good' | 'warn' | 'calm';
  readonly isGood: boolean;
  readonly isWarn: boolean;
}

export const GOOD: MarkView = { tone: 'good', isGood: true, isWarn: false };
const WARN: MarkView = { tone: 'warn', isGood: false, isWarn: true };
export const CALM: MarkView = { tone: 'calm', isGood: false, isWarn: false };

/** What stands in place of the card form: one sentence, one next step. */
export interface PanelView {
  readonly mark: MarkView;
  readonly heading: string;
  readonly text: string;
  readonly more: string | undefined;
  readonly sums: readonly { readonly term: string; readonly value: string; readonly total: boolean }[];
  readonly link: { readonly href: string; readonly word: string } | undefined;
  /** Buttons that the page's script serves; without it they are not shown. */
  readonly buttons: readonly { readonly action: string; readonly word: string; readonly plain: boolean }[];
  /** *Email me the receipt*. Needs no script. */
  readonly email: EmailFormView | undefined;
  /** The branch's other ways to pay are said only where they are the next step. */
  readonly otherWays: string | undefined;
}

/** What somebody typed into the form of the paid page, and is no address. */
export interface EmailMistake {
  readonly typed: string;
}

interface EmailFormView {
  readonly action: string;
  readonly csrf: string;
  readonly label: string;
  readonly button: string;
  readonly typed: string;
  readonly mistake: string | undefined;
  /** What became of the last wish. */
  readonly said: string | undefined;
  /** False once enough were sent. */
  readonly shown: boolean;
}

/** What forms on the page need to come back to it. */
interface Forms {
  readonly base: string;
  readonly csrf: string;
  readonly mistake: EmailMistake | undefined;
}

/** A preview shows the page without a link. */
type ShownPage = Omit<PayPage, 'linkId'>;

const EMPTY = {
  email: undefined,
  more: undefined,
  sums: [],
  link: undefined,
  buttons: [],
  otherWays: undefined,
} as const;

/**
 * The panel of a page that takes no card just now; `undefined` where it does. An expired or revoked link has no panel either: it
 * is answered by a page of its own that shows nothing of the invoice.
 */
export function panelFor(page: ShownPage, formats: Formats, text: Words, forms: Forms): PanelView | undefined {
  const branch = page.invoice.branch;
  const { panels } = text;
  switch (page.state) {
    case 'payable':
    case 'expired':
    case 'revoked':
      return undefined;
    case 'paid':
      return paidPanel(page, formats, text, forms);
    case 'void':
      return { ...EMPTY, mark: CALM, heading: panels.void.heading, text: panels.void.text({ branch: branch.name }) };
    case 'not_set_up':
      return {
        ...EMPTY,
        mark: CALM,
        heading: panels.not_set_up.heading,
        text: panels.not_set_up.text({ branch: branch.name }),
        otherWays: branch.otherWaysToPay,
      };
    case 'checking':
      return { ...EMPTY, mark: WARN, ...panels.checking };
    case 'in_progress_elsewhere':
      return {
        ...EMPTY,
        mark: WARN,
        heading: panels.in_progress_elsewhere.heading,
        text: panels.in_progress_elsewhere.text,
        link: { href: forms.base, word: panels.in_progress_elsewhere.again },
      };
    case 'bank_step':
      return {
        ...EMPTY,
        mark: WARN,
        heading: panels.bank_step.heading,
        text: panels.bank_step.text,
        buttons: [
          { action: 'bank', word: panels.bank_step.go, plain: false },
          { action: 'release', word: panels.bank_step.otherCard, plain: true },
        ],
      };
    default:
      return page.state satisfies never;
  }
}

function paidPanel(page: ShownPage, formats: Formats, text: Words, forms: Forms): PanelView {
  const words = text.panels.paid;
  const heading = { ...EMPTY, mark: GOOD, heading: words.heading };
  const { paid } = page;
  if (!paid) return { ...heading, text: words.otherwise };
  const sum = (term: string, value: string, total = false) => ({ term, value, total });
  return {
    ...heading,
    text: words.text({ branch: page.invoice.branch.name }),
    more: paid.receipt === undefined ? words.receiptComing : paid.sentTo && words.sentTo({ recipient: paid.sentTo }),
    sums: [
      sum(words.amount, formats.money(paid.amountMinor)),
      ...(paid.feeMinor === 0 ? [] : [sum(page.feeLabel ?? text.payment.fee, formats.money(paid.feeMinor))]),
      sum(text.receipt.total, formats.money(paid.totalMinor), true),
      sum(text.receipt.card, cardWords(paid.card, text)),
      sum(words.when, formats.instant(paid.capturedAt)),
      ...(paid.receipt === undefined ? [] : [sum(words.receiptNumber, paid.receipt.number)]),
    ],
    email: paid.emailCopy && emailForm(paid.emailCopy, text, forms),
    link:
      paid.receipt === undefined
        ? undefined
        : { href: `/receipts/${paid.receipt.token}/receipt.pdf`, word: words.downloadReceipt },
  };
}

function emailForm({ last, mayAsk }: NonNullable<PaidView['emailCopy']>, text: Words, forms: Forms): EmailFormView {
  const words = text.panels.paid.email;
  const became = last === undefined ? undefined : last === 'failed' ? words.failed : words.onItsWay;
  const said = mayAsk ? [became] : [became, words.exhausted];
  return {
    action: `${forms.base}/receipt-email`,
    csrf: forms.csrf,
    label: words.label,
    button: words.button,
    typed: forms.mistake?.typed ?? '',
    mistake: forms.mistake && words.invalid,
    said: said.filter((sentence) => sentence !== undefined).join(' ') || undefined,
    shown: mayAsk,
  };
}
