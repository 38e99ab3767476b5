/** Which text was that? For what the provider reports of one, and for what customers answer. */
import type { InvoiceEvent } from '../domain/invoice/events.js';
import { idOfStream, projectionOf, type ProjectedRow, type Projection } from './projection.js';
import type { Sql } from './sql.js';
import type { Table } from './table.js';

interface TextRow extends ProjectedRow {
  /** The link that it carries, or the payment that it is the receipt of. */
  readonly textId: string;
  readonly invoiceId: string;
  /** Null of a receipt. */
  readonly linkId: string | null;
  /** E.164. Null of a receipt, whose number is that of its link. */
  readonly number: string | null;
  /** Null until the provider has taken it. */
  readonly providerId: string | null;
  readonly sentAt: string | null;
}

const texts: Table<TextRow> = {
  name: 'texts',
  key: 'textId',
  columns: {
    textId: 'text',
    invoiceId: 'uuid',
    linkId: 'text',
    number: 'text',
    providerId: 'text',
    sentAt: 'instant',
    revision: 'position',
  },
};

export const textsProjection: Projection = projectionOf<InvoiceEvent>()({
  name: 'texts',
  streamPrefix: 'invoice-',
  tables: { texts: { table: texts, keyOf: ({ event }) => textIdOf(event) } },
  handlers: {
    LinkIssued: (rows, { stream, event: { data }, revision }) => {
      if (data.channel !== 'sms') return;
      const { linkId, recipient = null } = data;
      const sent = { providerId: null, sentAt: null, revision: String(revision) };
      rows.texts.insert({ textId: linkId, invoiceId: invoiceOf(stream), linkId, number: recipient, ...sent });
    },
    LinkSent: (rows, { event: { data }, metadata: { occurredAt }, revision }) => {
      // Emails have no row.
      if (!rows.texts.find(data.linkId)) return;
      rows.texts.update(data.linkId, revision, () => ({ providerId: data.providerId, sentAt: occurredAt }));
    },
    ReceiptSent: (rows, { stream, event: { data }, metadata: { occurredAt }, revision }) => {
      if (data.channel !== 'sms') return;
      const sent = { providerId: data.providerId, sentAt: occurredAt, revision: String(revision) };
      rows.texts.insert({ textId: data.paymentId, invoiceId: invoiceOf(stream), linkId: null, number: null, ...sent });
    },
    InvoiceRegistered: 'ignored',
    InvoiceRevised: 'ignored',
    InvoiceVoided: 'ignored',
    InvoicePdfRequested: 'ignored',
    InvoicePdfSent: 'ignored',
    InvoicePdfSendFailed: 'ignored',
    LinkSendFailed: 'ignored',
    LinkDelivered: 'ignored',
    LinkBounced: 'ignored',
    LinkOpened: 'ignored',
    LinkRevoked: 'ignored',
    CustomerReplied: 'ignored',
    ReminderScheduled: 'ignored',
    LinkRenewalRequested: 'ignored',
    FeeAccepted: 'ignored',
    PaymentStarted: 'ignored',
    PaymentFailed: 'ignored',
    PaymentCaptured: 'ignored',
    PaymentReleased: 'ignored',
    PaymentRecorded: 'ignored',
    PaymentRecordReversed: 'ignored',
    ReceiptIssued: 'ignored',
    ReceiptSendFailed: 'ignored',
    ReceiptEmailRequested: 'ignored',
    ReceiptEmailSent: 'ignored',
    ReceiptEmailFailed: 'ignored',
  },
});

const invoiceOf = (stream: string): string => idOfStream(stream, 'invoice-');

function textIdOf({ type, data }: InvoiceEvent): string | undefined {
  if (type === 'LinkIssued' || type === 'LinkSent') return data.linkId;
  return type === 'ReceiptSent' ? data.paymentId : undefined;
}

export class TextList {
  constructor(private readonly sql: Sql) {}

  /** What the text with this id of the provider's was about; `linkId` is null of a receipt. */
  async byProviderId(providerId: string): Promise<{ invoiceId: string; linkId: string | null } | undefined> {
    const [found] = await this.sql.query<{ invoiceId: string; linkId: string | null }>(
      'SELECT invoice_id AS "invoiceId", link_id AS "linkId" FROM texts WHERE provider_id = $1',
      [providerId],
    );
    return found;
  }

  /** The link that was texted last to this number (E.164). */
  async lastTo(number: string): Promise<{ invoiceId: string; linkId: string } | undefined> {
    const [found] = await this.sql.query<{ invoiceId: string; linkId: string }>(
      `SELECT invoice_id AS "invoiceId", link_id AS "linkId" FROM texts
        WHERE number = $1 AND sent_at IS NOT NULL ORDER BY sent_at DESC LIMIT 1`,
      [number],
    );
    return found;
  }
}
