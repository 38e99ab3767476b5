/** Which branches are there, and which zone is each in? */
import type { BranchDetails, BranchEvent } from '../domain/branch/events.js';
import type { JsonObject } from '../domain/json.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { idOfStream, projectionOf, type ProjectedRow, type Projection } from './projection.js';
import type { Sql } from './sql.js';
import { checkLimit, Conditions, pageOf } from './statement.js';
import { columnsOf, rowOf, type Table } from './table.js';

export interface StoredBranchRow extends ProjectedRow {
  readonly branchId: string;
  readonly name: string;
  readonly timeZone: string;
  /** All details but the logo, which is too large for a list. */
  readonly details: JsonObject;
  /** `platform`, or null where cards cannot be taken yet. */
  readonly cardProcessing: string | null;
  /** Of the processor, where the branch charges on one that is connected to the service's. */
  readonly connectedAccount: string | null;
  readonly position: string;
}

export type BranchRow = Omit<StoredBranchRow, 'details'> & { readonly details: Omit<BranchDetails, 'logo'> };

const branches: Table<StoredBranchRow> = {
  name: 'branches',
  key: 'branchId',
  columns: {
    branchId: 'uuid',
    name: 'text',
    timeZone: 'text',
    details: 'json',
    cardProcessing: 'text',
    connectedAccount: 'text',
    position: 'position',
    revision: 'position',
  },
};

export const branchesProjection: Projection = projectionOf<BranchEvent>()({
  name: 'branches',
  streamPrefix: 'branch-',
  tables: { branches: { table: branches, keyOf: ({ stream }) => idOfStream(stream, 'branch-') } },
  handlers: {
    BranchRegistered: (rows, { event: { data }, position, revision }) => {
      const { branchId, logo: _logo, ...details } = data;
      rows.branches.insert({
        branchId,
        name: details.name,
        timeZone: details.timeZone,
        details: { ...details },
        cardProcessing: null,
        connectedAccount: null,
        position: String(position),
        revision: String(revision),
      });
    },
    BranchUpdated: (rows, { stream, revision, event: { data } }) => {
      rows.branches.update(idOfStream(stream, 'branch-'), revision, (row) => {
        const { logo: _logo, ...changes } = data.changes;
        const merged = { ...row.details, ...(changes as JsonObject) };
        const details = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
        return { details, name: data.changes.name ?? row.name, timeZone: data.changes.timeZone ?? row.timeZone };
      });
    },
    CardProcessingSetUp: (rows, { stream, revision, event: { data } }) => {
      rows.branches.update(idOfStream(stream, 'branch-'), revision, () => ({
        cardProcessing: data.mode,
        connectedAccount: data.mode === 'connect' ? data.accountId : null,
      }));
    },
    FeePolicySet: 'ignored',
    RemindersSet: 'ignored',
    InvoiceLinkMessageCustomized: 'ignored',
    ReceiptMessageCustomized: 'ignored',
    ReminderMessageCustomized: 'ignored',
    MessageReset: 'ignored',
    TestMessageRequested: 'ignored',
    TestMessageSent: 'ignored',
    TestMessageFailed: 'ignored',
  },
});

/** Lists branches in the order in which they were registered. */
export class BranchList {
  constructor(private readonly sql: Sql) {}

  /** @throws InvalidCursor */
  async find(filter: {
    readonly branchIds?: readonly string[];
    readonly limit: number;
    readonly cursor?: string;
  }): Promise<{ items: readonly BranchRow[]; next: string | null }> {
    checkLimit(filter.limit);
    const conditions = new Conditions();
    conditions.oneOf('b.branch_id', 'uuid', filter.branchIds);
    if (filter.cursor !== undefined) {
      const [position] = decodeCursor(filter.cursor, ['position']);
      conditions.add(`b.position > ${conditions.bind(position)}::bigint`);
    }
    const found = await this.sql.query(
      `SELECT ${columnsOf(branches, 'b')} FROM branches b ${String(conditions)} ` +
        `ORDER BY b.position LIMIT ${conditions.bind(filter.limit + 1)}`,
      conditions.values,
    );
    const rows = found.map((each) => rowOf(branches, each) as BranchRow);
    return pageOf(rows, filter.limit, (row) => encodeCursor([row.position]));
  }

  /** The branches that charge on an account that is connected to the service's. */
  async onAccount(accountId: string): Promise<readonly string[]> {
    const found = await this.sql.query<{ branch_id: string }>(
      'SELECT branch_id FROM branches WHERE connected_account = $1',
      [accountId],
    );
    return found.map((row) => row.branch_id);
  }
}

/** The zone of each branch, by its id. */
export async function timeZonesOf(
  sql: Sql,
  branchIds: readonly string[] | undefined,
): Promise<ReadonlyMap<string, string>> {
  const conditions = new Conditions();
  conditions.oneOf('branch_id', 'uuid', branchIds);
  const found = await sql.query<{ branch_id: string; time_zone: string }>(
    `SELECT branch_id, time_zone FROM branches ${String(conditions)}`,
    conditions.values,
  );
  return new Map(found.map((row) => [row.branch_id, row.time_zone]));
}
