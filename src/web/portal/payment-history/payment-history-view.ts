/** How *Payment history* shows what was found. */
import { cardBrandName } from '../../../domain/card-brand.js';
import { addDays } from '../../../domain/zoned-time.js';
import type { PaymentHistory, PaymentRow } from '../../../projections/payment-history.js';
import { paymentPill, type PillView } from '../pills.js';
import { dateWords, moment, moneyWords, type MomentView } from '../portal-formats.js';
import { paymentsHref, type ParsedPaymentSearch, type PaymentSearch } from './payment-search.js';

const STATUS_WORDS = {
  captured: 'Captured',
  recorded: 'Recorded',
  reversed: 'Reversed',
  partially_refunded: 'Partly refunded',
  refunded: 'Refunded',
};
const METHOD_WORDS: Readonly<Record<string, string>> = {
  card: 'Card',
  cash: 'Cash',
  check: 'Check',
  transfer: 'Transfer',
  other: 'Other',
};

type Totals = Awaited<ReturnType<PaymentHistory['find']>>['totals'][number];

interface RowView {
  readonly invoiceNumber: string;
  readonly invoice: string;
  readonly customer: string;
  readonly branch: string | undefined;
  /** A recorded payment has a day; any other a moment. */
  readonly day: string | undefined;
  readonly when: MomentView | undefined;
  readonly method: string;
  readonly detail: string | undefined;
  readonly amount: string;
  readonly fee: string | undefined;
  readonly total: string;
  readonly pill: PillView;
  readonly receipt: string | undefined;
  readonly reversed: boolean;
  readonly reverse: string | undefined;
}

export interface PaymentListInput {
  readonly items: readonly PaymentRow[];
  readonly next: string | null;
  readonly totals: readonly Totals[];
  readonly parsed: ParsedPaymentSearch;
  readonly branches: ReadonlyMap<string, { readonly name: string; readonly timeZone: string }>;
  /** Today where the branch is that is looked at. */
  readonly today: string;
  readonly now: Date;
  readonly mayExport: boolean;
  readonly mayReverse: boolean;
}

export function paymentHistoryView(input: PaymentListInput): object {
  const { cursor, ...filters } = input.parsed.search;
  const chips = chipsFor(filters, input);
  return {
    filter: filterView(input.parsed),
    presets: presetsFor(filters, input.today),
    rows: input.items.map((row) => rowView(row, input)),
    isEmpty: input.items.length === 0,
    /** There is nothing at all yet, in contrast to nothing that matches. */
    isBlank: chips.length === 0 && cursor === undefined,
    chips,
    clear: paymentsHref({}),
    next: input.next === null ? undefined : paymentsHref({ ...filters, cursor: input.next }),
    fromStart: cursor === undefined ? undefined : paymentsHref(filters),
    totals: input.totals.map(totalsView),
    csv: input.mayExport ? paymentsHref(filters, '/staff/payments/export') : undefined,
    mayReverse: input.mayReverse,
  };
}

function filterView({ search, mistakes }: ParsedPaymentSearch): object {
  const choices = (words: Readonly<Record<string, string>>, chosen: string | undefined) =>
    Object.entries(words).map(([value, word]) => ({ value, word, selected: value === chosen }));
  const { q, from, to, asOf, status, method } = mistakes;
  return {
    q: search.q ?? '',
    from: search.from ?? '',
    to: search.to ?? '',
    asOf: search.asOf ?? '',
    branchId: search.branchId ?? '',
    statuses: choices(STATUS_WORDS, search.status),
    methods: choices(METHOD_WORDS, search.method),
    mistakes: { q, from, to, asOf, status, method },
  };
}

/** Ranges that are asked for most, as links that keep the other filters. */
function presetsFor(filters: PaymentSearch, today: string): readonly object[] {
  const month = `${today.slice(0, 7)}-01`;
  const lastOfBefore = addDays(month, -1);
  const ranges: readonly (readonly [string, string, string])[] = [
    ['Today', today, today],
    ['Last 7 days', addDays(today, -6), today],
    ['This month', month, today],
    ['Last month', `${lastOfBefore.slice(0, 7)}-01`, lastOfBefore],
    ['This year', `${today.slice(0, 4)}-01-01`, today],
  ];
  return ranges.map(([word, from, to]) => ({
    word,
    href: paymentsHref({ ...filters, from, to }),
    current: filters.from === from && filters.to === to,
  }));
}

function rowView(row: PaymentRow, { branches, now, mayReverse }: PaymentListInput): RowView {
  const { invoiceId, paymentId, currency, receivedOn } = row;
  return {
    invoiceNumber: row.invoiceNumber,
    invoice: `/staff/invoices/${invoiceId}`,
    customer: row.customerName,
    branch: branches.size > 1 ? (row.branchName ?? undefined) : undefined,
    day: receivedOn === null ? undefined : dateWords(receivedOn),
    when: receivedOn === null ? moment(row.capturedAt, row.branchTimeZone ?? 'UTC', now) : undefined,
    method: METHOD_WORDS[row.method] ?? row.method,
    detail: row.cardBrand === null ? (row.reference ?? undefined) : cardWords(row.cardBrand, row.cardLast4 ?? ''),
    amount: moneyWords(row.amountMinor, currency),
    fee: row.feeMinor === 0 ? undefined : moneyWords(row.feeMinor, currency),
    total: moneyWords(row.totalMinor, currency),
    pill: paymentPill(row.status),
    receipt: row.receiptNumber ?? undefined,
    reversed: row.status === 'reversed',
    reverse:
      mayReverse && row.status === 'recorded'
        ? `/staff/invoices/${invoiceId}/recorded-payments/${paymentId}/reverse`
        : undefined,
  };
}

function cardWords(brand: string, last4: string): string {
  return `${cardBrandName(brand) ?? 'Card'} •••• ${last4}`;
}

function totalsView({ currency, count, amountMinor, feeMinor, totalMinor }: Totals): object {
  return {
    currency,
    count: count === 1 ? '1 payment' : `${count.toLocaleString('en-US')} payments`,
    amount: moneyWords(amountMinor, currency),
    fee: moneyWords(feeMinor, currency),
    total: moneyWords(totalMinor, currency),
  };
}

function chipsFor(filters: PaymentSearch, { branches }: PaymentListInput): readonly object[] {
  const words: { readonly [Name in keyof PaymentSearch]?: string | undefined } = {
    q: filters.q && `“${filters.q}”`,
    from: filters.from && `From ${dateWords(filters.from)}`,
    to: filters.to && `Up to ${dateWords(filters.to)}`,
    status: filters.status && STATUS_WORDS[filters.status as keyof typeof STATUS_WORDS],
    method: filters.method && METHOD_WORDS[filters.method],
    asOf: filters.asOf && `As it stood on ${dateWords(filters.asOf)}`,
    branchId: filters.branchId && (branches.get(filters.branchId)?.name ?? 'Another branch'),
  };
  return Object.entries(words).flatMap(([name, text]) => {
    if (text === undefined || text === '') return [];
    const rest = Object.fromEntries(Object.entries(filters).filter(([other]) => other !== name));
    return [{ words: text, without: paymentsHref(rest) }];
  });
}
