/** Which customers are there, and how are they reached? */
import type { CustomerDetails, CustomerEvent } from '../domain/customer/events.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { idOfStream, projectionOf, type ProjectedRow, type Projection } from './projection.js';
import { addSearch, searchText } from './search-text.js';
import type { Sql } from './sql.js';
import { checkLimit, Conditions, pageOf } from './statement.js';
import { columnsOf, rowOf, type Table } from './table.js';

interface StoredCustomerRow extends ProjectedRow {
  readonly customerId: string;
  readonly branchId: string;
  readonly externalId: string | null;
  readonly name: string;
  readonly nameKey: string;
  readonly email: string | null;
  readonly phone: string | null;
  /** Null: as the branch has it. */
  readonly locale: string | null;
  readonly timeZone: string | null;
  readonly search: string;
}

export type CustomerRow = Omit<StoredCustomerRow, 'search' | 'nameKey'>;

export interface CustomerFilter {
  /** Any part of name, email, telephone or the number in staff's books. */
  readonly q?: string;
  /** Only customers of these branches; absent: of all. */
  readonly branchIds?: readonly string[];
  readonly externalId?: string;
  readonly limit: number;
  readonly cursor?: string;
}

const customers: Table<StoredCustomerRow> = {
  name: 'customers',
  key: 'customerId',
  columns: {
    customerId: 'uuid',
    branchId: 'uuid',
    externalId: 'text',
    name: 'text',
    nameKey: 'text',
    email: 'text',
    phone: 'text',
    locale: 'text',
    timeZone: 'text',
    search: 'text',
    revision: 'position',
  },
};

export const customersProjection: Projection = projectionOf<CustomerEvent>()({
  name: 'customers',
  streamPrefix: 'customer-',
  tables: { customers: { table: customers, keyOf: ({ stream }) => idOfStream(stream, 'customer-') } },
  handlers: {
    CustomerRegistered: (rows, { revision, event: { data } }) => {
      const { customerId, branchId, externalId = null, locale = null, details } = data;
      rows.customers.insert({
        ...{ customerId, branchId, externalId, locale, timeZone: null },
        ...reachedAs(details, externalId),
        revision: String(revision),
      });
    },
    CustomerUpdated: (rows, { stream, revision, event: { data } }) => {
      const { changes, locale, timeZone } = data;
      rows.customers.update(idOfStream(stream, 'customer-'), revision, (row) => ({
        ...reachedAs({ ...row, ...changes }, row.externalId),
        locale: locale === undefined ? row.locale : locale,
        timeZone: timeZone === undefined ? row.timeZone : timeZone,
      }));
    },
  },
});

/** @param details with `null` where there is none */
function reachedAs(
  { name, email = null, phone = null }: { [Field in keyof CustomerDetails]: CustomerDetails[Field] | null },
  externalId: string | null,
) {
  return {
    name: name!,
    nameKey: searchText([name]).trim().slice(0, LONGEST_KEY),
    email,
    phone,
    search: searchText([name, email, phone, externalId]),
  };
}

/** As much of a name as a cursor carries. */
const LONGEST_KEY = 200;

/** Lists customers by name. */
export class CustomerList {
  constructor(private readonly sql: Sql) {}

  /** @throws InvalidCursor */
  async find(filter: CustomerFilter): Promise<{ items: readonly CustomerRow[]; next: string | null }> {
    checkLimit(filter.limit);
    const conditions = new Conditions();
    conditions.oneOf('c.branch_id', 'uuid', filter.branchIds);
    conditions.equal('c.external_id', filter.externalId);
    addSearch(conditions, 'c.search', filter.q);
    if (filter.cursor !== undefined) {
      const [nameKey, customerId] = decodeCursor(filter.cursor, ['text', 'uuid']);
      conditions.add(
        `(c.name_key, c.customer_id) > (${conditions.bind(nameKey)}, ${conditions.bind(customerId)}::uuid)`,
      );
    }
    const found = await this.sql.query(
      `SELECT ${columnsOf(customers, 'c')} FROM customers c ${String(conditions)} ` +
        `ORDER BY c.name_key, c.customer_id LIMIT ${conditions.bind(filter.limit + 1)}`,
      conditions.values,
    );
    const rows = found.map((each) => rowOf(customers, each));
    const { items, next } = pageOf(rows, filter.limit, ({ nameKey, customerId }) =>
      encodeCursor([nameKey, customerId]),
    );
    return { items: items.map(({ search: _search, nameKey: _nameKey, ...row }) => row), next };
  }
}
