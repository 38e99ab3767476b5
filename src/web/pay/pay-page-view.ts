import type { PayPage } from '../../application/pay/view-pay-page.js';
import type { Words } from '../../application/words/words.js';
import { panelFor, type EmailMistake, type PanelView } from './panel-view.js';
import { changeWords } from './change-words.js';
import { dueWords, Formats } from './formats.js';
import { brandView, contactView, type BrandView, type ContactView } from './page-frame.js';

/** What the page's script is told, in one attribute. No secret beyond what this browser already holds. */
export interface ScriptData {
  readonly base: string;
  readonly csrf: string;
  readonly state: PayPage['state'];
  /** A payment was captured whose receipt is not there yet: the page looks for it. */
  readonly awaitsReceipt: boolean;
  readonly clientSecret?: string;
  readonly card?: {
    readonly publishableKey: string;
    /** The account that it is used for, where it is not the key's own. */
    readonly connectedAccount?: string;
    readonly amountMinor: number;
    readonly currency: string;
    readonly locale: string;
    readonly country: string;
  };
  readonly words: Readonly<Record<string, string>>;
}

interface AmountView {
  readonly label: string;
  readonly amount: string;
  readonly due: string | undefined;
  readonly dueOn: string | undefined;
  readonly late: boolean;
  readonly partlyPaid: string | undefined;
  /** What the last revision changed. */
  readonly changed: string | undefined;
}

interface DocumentView {
  readonly number: string;
  readonly address: readonly string[];
  readonly status: { readonly word: string; readonly tone: string } | undefined;
  readonly issued: string;
  readonly dueOn: string;
  readonly customer: { readonly name: string; readonly address: readonly string[] };
  readonly lines: readonly { description: string; quantity: string; price: string; amount: string }[];
  readonly subtotal: string | undefined;
  readonly tax: string | undefined;
  readonly total: string;
  readonly paid: string | undefined;
  readonly balance: string | undefined;
  readonly pdf: string;
}

interface FormView {
  readonly totals: string;
  readonly disclosure: string | undefined;
  readonly otherWays: string | undefined;
}

export interface PayPageView {
  readonly brand: BrandView;
  readonly contact: ContactView | undefined;
  readonly amount: AmountView;
  readonly document: DocumentView;
  readonly form: FormView | undefined;
  readonly panel: PanelView | undefined;
  /** JSON for the script, escaped by the template like any other text. */
  readonly data: string;
}

export interface PayPageInput {
  readonly page: Omit<PayPage, 'linkId'>;
  /** Where everything that belongs to the page is. */
  readonly base: string;
  readonly now: Date;
  readonly csrf: string;
  readonly text: Words;
  readonly mistake?: EmailMistake | undefined;
}

/** Where everything that belongs to a link is. */
export function linkBase(linkId: string): string {
  return `/pay/i/${linkId}`;
}

/** Whether the processor's script has anything to do on the page: the card form, or the bank's step. */
export function takesCards({ state }: Pick<PayPage, 'state'>): boolean {
  return state === 'payable' || state === 'bank_step';
}

/** The pay page of a link as its template shows it. Pure. */
export function payPageView(input: PayPageInput): PayPageView {
  const { page, text, base } = input;
  const { invoice } = page;
  const formats = new Formats(page.locale, invoice.currency, invoice.branch.timeZone);
  return {
    brand: brandView(invoice.branch, `${base}/logo`),
    contact: contactView(invoice.branch, text),
    amount: amountView(page, formats, input.now, text),
    document: documentView(input, formats),
    form: page.state === 'payable' ? formView(page, formats, text) : undefined,
    panel: panelFor(page, formats, text, { base, csrf: input.csrf, mistake: input.mistake }),
    data: JSON.stringify(scriptData(input)),
  };
}

function amountView(page: PayPageInput['page'], formats: Formats, now: Date, text: Words): AmountView {
  const { invoice } = page;
  const plain = { due: undefined, dueOn: undefined, late: false, partlyPaid: undefined, changed: undefined };
  if (invoice.status === 'paid') {
    return { ...plain, label: text.amountPaid, amount: formats.money(invoice.paidMinor) };
  }
  if (invoice.status === 'void') {
    return { ...plain, label: text.invoiceTotal, amount: formats.money(invoice.totalMinor) };
  }
  const days = formats.daysUntil(invoice.dueOn, now);
  const date = formats.date(invoice.dueOn);
  return {
    label: text.amountDue,
    amount: formats.money(invoice.balanceMinor),
    due: dueWords(days, text),
    dueOn: days < 0 ? text.due.wasOn({ date }) : text.due.on({ date }),
    late: days < 0,
    partlyPaid:
      invoice.status === 'partially_paid'
        ? text.partiallyPaid({ paid: formats.money(invoice.paidMinor), total: formats.money(invoice.totalMinor) })
        : undefined,
    changed: page.lastChange && changeWords(page.lastChange, formats, text),
  };
}

function documentView({ page, base, now, text }: PayPageInput, formats: Formats): DocumentView {
  const { invoice } = page;
  const money = (amountMinor: number) => formats.money(amountMinor);
  const subtotal = invoice.totalMinor - invoice.taxMinor;
  return {
    number: invoice.number,
    address: invoice.branch.address ?? [],
    status: statusView(page, formats, now, text),
    issued: formats.date(invoice.issuedOn),
    dueOn: formats.date(invoice.dueOn),
    customer: { name: invoice.customer.name, address: invoice.customer.address ?? [] },
    lines: invoice.lines.map((line) => ({
      description: line.description,
      quantity: formats.quantity(line.quantity),
      price: money(line.unitPriceMinor),
      amount: money(line.amountMinor),
    })),
    subtotal: invoice.taxMinor === 0 ? undefined : money(subtotal),
    tax: invoice.taxMinor === 0 ? undefined : money(invoice.taxMinor),
    total: money(invoice.totalMinor),
    paid: invoice.paidMinor === 0 ? undefined : money(-invoice.paidMinor),
    balance: invoice.paidMinor === 0 || invoice.status === 'void' ? undefined : money(invoice.balanceMinor),
    pdf: `${base}/invoice.pdf`,
  };
}

function statusView(page: PayPageInput['page'], formats: Formats, now: Date, text: Words): DocumentView['status'] {
  const { status, dueOn } = page.invoice;
  switch (status) {
    case 'paid':
      return { word: text.status.paid, tone: 'good' };
    case 'void':
      return { word: text.status.void, tone: 'calm' };
    case 'partially_paid':
      return { word: text.status.partially_paid, tone: 'warn' };
    case 'open':
      return formats.daysUntil(dueOn, now) < 0 ? { word: text.status.overdue, tone: 'bad' } : undefined;
    default:
      return status satisfies never;
  }
}

function formView(page: PayPageInput['page'], formats: Formats, text: Words): FormView {
  const { totals, invoice } = page;
  const low = formats.money(totals.lowMinor);
  const high = formats.money(totals.highMinor);
  return {
    totals: low === high ? text.payment.oneTotal({ total: low }) : text.payment.bothTotals({ low, high }),
    disclosure: totals.disclosureText,
    otherWays: invoice.branch.otherWaysToPay,
  };
}

function scriptData({ page, base, csrf, text }: PayPageInput): ScriptData {
  const { invoice, processor } = page;
  const { payment } = text;
  return {
    base,
    csrf,
    state: page.state,
    awaitsReceipt: page.state === 'paid' && page.paid !== undefined && page.paid.receipt === undefined,
    ...(page.clientSecret === undefined ? {} : { clientSecret: page.clientSecret }),
    ...(takesCards(page)
      ? {
          card: {
            publishableKey: processor.publishableKey,
            ...(processor.connectedAccount === undefined ? {} : { connectedAccount: processor.connectedAccount }),
            amountMinor: page.totals.lowMinor,
            currency: invoice.currency.toLowerCase(),
            locale: page.locale,
            country: invoice.branch.country,
          },
        }
      : {}),
    words: {
      notLoaded: payment.notLoaded,
      cardMistake: payment.cardMistake,
      quoting: payment.quoting,
      consentMissing: payment.consentMissing,
      working: payment.working,
      bankWorking: payment.bankWorking,
      totalChanged: payment.totalChanged({ before: '{before}', after: '{after}' }),
      notCharged: payment.notCharged,
      away: payment.away,
      unsure: payment.unsure,
    },
  };
}
