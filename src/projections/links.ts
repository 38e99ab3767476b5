/** What became of each link: asked for, sent, opened, revoked? */
import type { InvoiceEvent } from '../domain/invoice/events.js';
import { idOfStream, projectionOf, type ProjectedRow, type Projection } from './projection.js';
import type { Sql } from './sql.js';
import { columnsOf, rowOf, type Table } from './table.js';

/** One step of a link, when it was recorded. */
export interface LinkStep {
  readonly status: 'scheduled' | 'queued' | 'failed' | 'sent' | 'delivered' | 'bounced' | 'opened' | 'revoked';
  readonly at: string;
}

export interface StoredLinkRow extends ProjectedRow {
  readonly linkId: string;
  readonly invoiceId: string;
  readonly branchId: string;
  readonly channel: string;
  readonly recipient: string | null;
  readonly status: LinkStep['status'];
  readonly issuedAt: string;
  readonly sentAt: string | null;
  readonly openedAt: string | null;
  readonly expiresAt: string;
  /** Why the last sending failed. */
  readonly failure: { readonly code: string; readonly reason: string } | null;
  readonly history: readonly LinkStep[];
  readonly position: string;
}

/** A link of the list. `expired`, judged at the moment of the question, is one that nobody opened in time. */
export type LinkRow = Omit<StoredLinkRow, 'status'> & { readonly status: LinkStep['status'] | 'expired' };

/** A line of the timeline: a step of the link, or a page that was loaded while nobody showed to be there. */
export interface TimelineEntry {
  readonly status: LinkStep['status'] | 'loaded';
  readonly at: string;
  /** Of a `loaded` line: that the loader looked like a mail scanner. */
  readonly likelyScanner: boolean;
}

interface LinkInvoiceRow extends ProjectedRow {
  readonly invoiceId: string;
  readonly branchId: string;
}

const links: Table<StoredLinkRow> = {
  name: 'links',
  key: 'linkId',
  columns: {
    linkId: 'text',
    invoiceId: 'uuid',
    branchId: 'uuid',
    channel: 'text',
    recipient: 'text',
    status: 'text',
    issuedAt: 'instant',
    sentAt: 'instant',
    openedAt: 'instant',
    expiresAt: 'instant',
    failure: 'json',
    history: 'json',
    position: 'position',
    revision: 'position',
  },
};

const invoices: Table<LinkInvoiceRow> = {
  name: 'link_invoices',
  key: 'invoiceId',
  columns: { invoiceId: 'uuid', branchId: 'uuid', revision: 'position' },
};

export const linksProjection: Projection = projectionOf<InvoiceEvent>()({
  name: 'links',
  streamPrefix: 'invoice-',
  tables: {
    links: { table: links, keyOf: ({ event }) => ('linkId' in event.data ? event.data.linkId : undefined) },
    invoices: {
      table: invoices,
      keyOf: ({ stream, event: { type } }) =>
        type === 'InvoiceRegistered' || type === 'LinkIssued' ? idOfStream(stream, 'invoice-') : undefined,
    },
  },
  handlers: {
    InvoiceRegistered: (rows, { event: { data }, revision }) => {
      rows.invoices.insert({ invoiceId: data.invoiceId, branchId: data.branchId, revision: String(revision) });
    },
    LinkIssued: (rows, { stream, event: { data }, metadata, position, revision }) => {
      const invoiceId = idOfStream(stream, 'invoice-');
      const invoice = rows.invoices.find(invoiceId);
      if (!invoice) throw new Error(`A link of invoice ${invoiceId}, which was never registered`);
      rows.links.insert({
        linkId: data.linkId,
        invoiceId,
        branchId: invoice.branchId,
        channel: data.channel,
        recipient: data.recipient ?? null,
        status: data.sendAt === undefined ? 'queued' : 'scheduled',
        issuedAt: metadata.occurredAt,
        sentAt: null,
        openedAt: null,
        expiresAt: data.expiresAt,
        failure: null,
        history: [{ status: data.sendAt === undefined ? 'queued' : 'scheduled', at: metadata.occurredAt }],
        position: String(position),
        revision: String(revision),
      });
    },
    LinkSent: (rows, { event: { data }, metadata: { occurredAt }, revision }) => {
      rows.links.update(data.linkId, revision, (row) => ({
        ...step(row, 'sent', occurredAt),
        sentAt: occurredAt,
        failure: null,
      }));
    },
    LinkSendFailed: (rows, { event: { data }, metadata: { occurredAt }, revision }) => {
      const { linkId, code, reason } = data;
      rows.links.update(linkId, revision, (row) => ({
        ...step(row, 'failed', occurredAt),
        failure: { code, reason },
      }));
    },
    LinkDelivered: (rows, { event: { data }, revision }) => {
      rows.links.update(data.linkId, revision, (row) => step(row, 'delivered', data.at));
    },
    LinkBounced: (rows, { event: { data }, revision }) => {
      const { linkId, code, reason, at } = data;
      rows.links.update(linkId, revision, (row) => ({ ...step(row, 'bounced', at), failure: { code, reason } }));
    },
    LinkOpened: (rows, { event: { data }, metadata: { occurredAt }, revision }) => {
      rows.links.update(data.linkId, revision, (row) => ({
        ...step(row, 'opened', occurredAt),
        openedAt: row.openedAt ?? occurredAt,
      }));
    },
    LinkRevoked: (rows, { event: { data }, metadata: { occurredAt }, revision }) => {
      rows.links.update(data.linkId, revision, (row) => step(row, 'revoked', occurredAt));
    },
    InvoiceVoided: 'ignored',
    InvoicePdfRequested: 'ignored',
    InvoicePdfSent: 'ignored',
    InvoicePdfSendFailed: 'ignored',
    FeeAccepted: 'ignored',
    PaymentStarted: 'ignored',
    PaymentFailed: 'ignored',
    PaymentCaptured: 'ignored',
    PaymentReleased: 'ignored',
    ReceiptIssued: 'ignored',
    ReceiptSent: 'ignored',
    ReceiptSendFailed: 'ignored',
    InvoiceRevised: 'ignored',
    CustomerReplied: 'ignored',
    ReminderScheduled: 'ignored',
    LinkRenewalRequested: 'ignored',
    PaymentRecorded: 'ignored',
    PaymentRecordReversed: 'ignored',
    ReceiptEmailRequested: 'ignored',
    ReceiptEmailSent: 'ignored',
    ReceiptEmailFailed: 'ignored',
  },
});

/** How far each status is: a message that is taken late does not hide that its link was opened already. */
const RANK: Readonly<Record<LinkStep['status'], number>> = {
  ...{ scheduled: 0, queued: 0, failed: 1, sent: 2 },
  // Whichever the provider told first: the other is a contradiction of its own.
  ...{ delivered: 3, bounced: 3 },
  ...{ opened: 4, revoked: 5 },
};

function step(row: StoredLinkRow, status: LinkStep['status'], at: string): Pick<StoredLinkRow, 'status' | 'history'> {
  return {
    status: RANK[status] > RANK[row.status] ? status : row.status,
    history: [...row.history, { status, at }],
  };
}

export class LinkList {
  constructor(
    private readonly sql: Sql,
    private readonly now: () => Date,
  ) {}

  /** The links of an invoice, the first one first. */
  async ofInvoice(invoiceId: string): Promise<readonly LinkRow[]> {
    const now = this.now().toISOString();
    const found = await this.sql.query(
      `SELECT ${columnsOf(links, 'l')} FROM links l WHERE l.invoice_id = $1 ORDER BY l.position`,
      [invoiceId],
    );
    return found.map((each): LinkRow => {
      const row = rowOf(links, each);
      return row.status !== 'revoked' && row.status !== 'opened' && row.expiresAt < now
        ? { ...row, status: 'expired' }
        : row;
    });
  }

  /** Which invoice a link is of. */
  async invoiceOf(linkId: string): Promise<{ invoiceId: string; branchId: string } | undefined> {
    const [found] = await this.sql.query<{ invoiceId: string; branchId: string }>(
      'SELECT invoice_id AS "invoiceId", branch_id AS "branchId" FROM links WHERE link_id = $1',
      [linkId],
    );
    return found;
  }

  /** Everything that is known of a link, in the order of time; undefined where there is no such link. */
  async timeline(linkId: string): Promise<readonly TimelineEntry[] | undefined> {
    const [link] = await this.sql.query<{ history: readonly LinkStep[] }>(
      'SELECT history FROM links WHERE link_id = $1',
      [linkId],
    );
    if (!link) return undefined;
    // A scanner may load a page a hundred times; the first fifty tell the story.
    const loads = await this.sql.query<{ at: string; likelyScanner: boolean }>(
      'SELECT at, likely_scanner AS "likelyScanner" FROM link_loads WHERE link_id = $1 ORDER BY at LIMIT 50',
      [linkId],
    );
    const steps = link.history.map((each): TimelineEntry => ({ ...each, likelyScanner: false }));
    const loaded = loads.map((each): TimelineEntry => ({ ...each, status: 'loaded' }));
    return [...steps, ...loaded].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  }
}
