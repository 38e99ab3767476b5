/** How *Find invoice* shows what was found. */
import type { InvoiceRow } from '../../../projections/invoices.js';
import { invoiceRowView, type InvoiceRowView } from '../invoice-row.js';
import { linkPill } from '../pills.js';
import { dateWords, moment, momentAhead, type MomentView } from '../portal-formats.js';
import { searchHref, type InvoiceSearch, type ParsedSearch } from './invoice-search.js';

const STATUS_WORDS: Readonly<Record<string, string>> = {
  open: 'Open',
  overdue: 'Overdue',
  partially_paid: 'Partly paid',
  paid: 'Paid',
  partially_refunded: 'Partly refunded',
  refunded: 'Refunded',
  void: 'Void',
};

const CHANNEL_WORDS: Readonly<Record<string, string>> = { email: 'email', sms: 'text', none: 'link' };

interface RowView extends InvoiceRowView {
  readonly customerId: string;
  readonly customer: string;
  readonly contact: string;
  readonly branch: string | undefined;
  /** What happened last to its links: "opened", by which channel, when. */
  readonly activity:
    { readonly word: string; readonly tone: string; readonly when: MomentView; readonly ahead: boolean } | undefined;
  readonly canVoid: boolean;
}

interface Chip {
  readonly words: string;
  readonly without: string;
}

/** What a branch is called and what its clock shows. */
export interface BranchFacts {
  readonly name: string;
  readonly timeZone: string;
}

export interface ListInput {
  readonly items: readonly InvoiceRow[];
  readonly next: string | null;
  readonly parsed: ParsedSearch;
  readonly branches: ReadonlyMap<string, BranchFacts>;
  readonly customerName: string | undefined;
  readonly mayVoid: boolean;
  readonly now: Date;
}

/** The table, its chips and its end: the part of the page that changes while somebody types. */
export function resultsView(input: ListInput): object {
  const { items, next, parsed } = input;
  const { cursor, ...filters } = parsed.search;
  const chips = chipsFor(filters, input);
  return {
    rows: items.map((row) => rowView(row, input)),
    first: items[0] && { invoiceId: items[0].invoiceId, number: items[0].number, customer: items[0].customerName },
    chips,
    clear: chips.length > 0 ? '/staff/invoices' : undefined,
    next: next === null ? undefined : searchHref({ ...filters, cursor: next }),
    fromStart: cursor === undefined ? undefined : searchHref(filters),
    count: countWords(items.length, next !== null, cursor !== undefined),
    /** The page that sends to every invoice of this filter. */
    allHref: `/staff/bulk?${new URLSearchParams({ all: '1', ...filters }).toString()}`,
    isEmpty: items.length === 0,
    /** There is nothing at all yet, here or in the branch that is looked at, in contrast to nothing that matches. */
    isBlank: chips.length === (filters.branchId === undefined ? 0 : 1),
    branch: filters.branchId && input.branches.get(filters.branchId)?.name,
    manyBranches: input.branches.size > 1,
  };
}

/** The fields above the table, with what was asked for in them. */
export function filterView({ search, mistakes }: ParsedSearch): object {
  return {
    q: search.q ?? '',
    from: search.from ?? '',
    to: search.to ?? '',
    branchId: search.branchId ?? '',
    customerId: search.customerId ?? '',
    statuses: Object.entries(STATUS_WORDS).map(([value, word]) => ({ value, word, selected: value === search.status })),
    anyStatus: search.status === undefined,
    mistakes: { q: mistakes.q, from: mistakes.from, to: mistakes.to, status: mistakes.status },
    narrowed: [search.status, search.from, search.to, mistakes.status, mistakes.from, mistakes.to].some(
      (each) => each !== undefined,
    ),
  };
}

function rowView(row: InvoiceRow, { branches, mayVoid, now }: ListInput): RowView {
  const branch = branches.get(row.branchId);
  return {
    ...invoiceRowView(row),
    customerId: row.customerId,
    customer: row.customerName,
    contact: row.customerEmail ?? row.customerPhone ?? 'No address yet',
    branch: branches.size > 1 ? branch?.name : undefined,
    activity: activityView(row, branch?.timeZone ?? 'UTC', now),
    canVoid: mayVoid && row.status === 'open',
  };
}

function activityView(row: InvoiceRow, timeZone: string, now: Date): RowView['activity'] {
  if (row.lastLinkStatus === null || row.lastLinkAt === null) return undefined;
  const sendAt = row.lastLinkSendAt;
  // Its time has come, and the report of its sending is still to come.
  const isDue = sendAt !== null && sendAt <= now.toISOString();
  const { word, tone } = linkPill(isDue ? 'queued' : row.lastLinkStatus, row.lastLinkChannel);
  const channel = CHANNEL_WORDS[row.lastLinkChannel ?? ''];
  const ahead = sendAt !== null && !isDue;
  return {
    word: channel === undefined ? word : `${word} (${channel})`,
    tone,
    when: ahead ? aheadOf(sendAt, timeZone, now) : moment(sendAt ?? row.lastLinkAt, timeZone, now),
    ahead,
  };
}

/** A script keeps what is past right; this one is right as long as it is to come. */
function aheadOf(sendAt: string, timeZone: string, now: Date): MomentView {
  const when = momentAhead(sendAt, timeZone, now);
  return { ...when, relative: `for ${when.relative}` };
}

function chipsFor(filters: InvoiceSearch, { branches, customerName }: ListInput): readonly Chip[] {
  const words: { readonly [Name in keyof InvoiceSearch]?: string | undefined } = {
    q: filters.q && `“${filters.q}”`,
    status: filters.status && (STATUS_WORDS[filters.status] ?? filters.status),
    from: filters.from && `Issued from ${dateWords(filters.from)}`,
    to: filters.to && `Issued up to ${dateWords(filters.to)}`,
    branchId: filters.branchId && (branches.get(filters.branchId)?.name ?? 'Another branch'),
    customerId: filters.customerId && `Customer: ${customerName ?? 'unknown'}`,
  };
  return Object.entries(words).flatMap(([name, text]) => {
    if (text === undefined || text === '') return [];
    const rest = Object.fromEntries(Object.entries(filters).filter(([other]) => other !== name));
    return [{ words: text, without: searchHref(rest) }];
  });
}

function countWords(count: number, more: boolean, later: boolean): string {
  if (count === 0) return 'No invoice matches.';
  const words = count === 1 ? '1 invoice' : `${count} invoices`;
  if (later) return `${words} on this page.`;
  return more ? `The latest ${words}; there are more.` : `${words}.`;
}
