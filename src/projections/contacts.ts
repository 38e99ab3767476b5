/** May this address be texted, and did the last message reach it? */
import type { ContactEvent } from '../domain/contact/events.js';
import { idOfStream, projectionOf, type ProjectedRow, type Projection, type Rows } from './projection.js';
import type { Sql } from './sql.js';
import { columnsOf, rowOf, type Table } from './table.js';

/** What is known of an address. It is named by its digest alone. */
export interface ContactRow extends ProjectedRow {
  readonly digest: string;
  /** Since when somebody vouches for the consent to texts, and who: `staff`, `api`, or the customer's own `keyword`. */
  readonly textConsentAt: string | null;
  readonly textConsentHow: 'staff' | 'api' | 'keyword' | null;
  /** The opt-out that stands: since when, and who said so. */
  readonly optedOutAt: string | null;
  readonly optedOutSource: 'keyword' | 'carrier' | 'staff' | null;
  /** The last message that did not arrive. */
  readonly unreachable: { readonly code: string; readonly reason: string; readonly at: string } | null;
}

const contacts: Table<ContactRow> = {
  name: 'contacts',
  key: 'digest',
  columns: {
    digest: 'text',
    textConsentAt: 'instant',
    textConsentHow: 'text',
    optedOutAt: 'instant',
    optedOutSource: 'text',
    unreachable: 'json',
    revision: 'position',
  },
};

export const contactsProjection: Projection = projectionOf<ContactEvent>()({
  name: 'contacts',
  streamPrefix: 'contact-',
  tables: { contacts: { table: contacts, keyOf: ({ stream }) => idOfStream(stream, 'contact-') } },
  handlers: {
    ContactTextConsentRecorded: (rows, { stream, revision, event: { data } }) => {
      change(rows, stream, revision, { textConsentAt: data.at, textConsentHow: data.how });
    },
    ContactOptedOut: (rows, { stream, revision, event: { data } }) => {
      change(rows, stream, revision, { optedOutAt: data.at, optedOutSource: data.source });
    },
    ContactOptedIn: (rows, { stream, revision, event: { data } }) => {
      const { at, source } = data;
      change(rows, stream, revision, {
        ...{ optedOutAt: null, optedOutSource: null },
        ...{ textConsentAt: at, textConsentHow: source },
      });
    },
    ContactUnreachable: (rows, { stream, revision, event: { data } }) => {
      const { code, reason, at } = data;
      change(rows, stream, revision, { unreachable: { code, reason, at } });
    },
  },
});

function change(
  rows: { readonly contacts: Rows<ContactRow> },
  stream: string,
  revision: bigint,
  changes: Partial<Omit<ContactRow, 'revision'>>,
): void {
  const first: ContactRow = {
    digest: idOfStream(stream, 'contact-'),
    ...{ textConsentAt: null, textConsentHow: null, optedOutAt: null, optedOutSource: null, unreachable: null },
    revision: '-1',
  };
  rows.contacts.upsert(first.digest, revision, first, () => changes);
}

export class ContactList {
  constructor(private readonly sql: Sql) {}

  /** What is known of these addresses, by their digests. Of one that is missing nothing is known. */
  async find(digests: readonly string[]): Promise<ReadonlyMap<string, ContactRow>> {
    const found = await this.sql.query(
      `SELECT ${columnsOf(contacts, 'c')} FROM contacts c WHERE c.digest = ANY($1::text[])`,
      [digests],
    );
    return new Map(found.map((each) => rowOf(contacts, each)).map((row) => [row.digest, row]));
  }
}
