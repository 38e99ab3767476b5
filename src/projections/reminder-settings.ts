/** Which branches remind their customers, and of which invoices on a day? */
import type { BranchEvent } from '../domain/branch/events.js';
import type { ReminderPolicy } from '../domain/branch/reminders.js';
import type { JsonObject } from '../domain/json.js';
import { idOfStream, projectionOf, type ProjectedRow, type Projection } from './projection.js';
import type { Sql } from './sql.js';
import type { Table } from './table.js';

interface ReminderSettingsRow extends ProjectedRow {
  readonly branchId: string;
  readonly timeZone: string;
  readonly policy: JsonObject | null;
}

const settings: Table<ReminderSettingsRow> = {
  name: 'reminder_settings',
  key: 'branchId',
  columns: { branchId: 'uuid', timeZone: 'text', policy: 'json', revision: 'position' },
};

export const reminderSettingsProjection: Projection = projectionOf<BranchEvent>()({
  name: 'reminder-settings',
  streamPrefix: 'branch-',
  tables: { settings: { table: settings, keyOf: ({ stream }) => idOfStream(stream, 'branch-') } },
  handlers: {
    BranchRegistered: (rows, { event: { data }, revision }) => {
      const { branchId, timeZone } = data;
      rows.settings.insert({ branchId, timeZone, policy: null, revision: String(revision) });
    },
    BranchUpdated: (rows, { stream, revision, event: { data } }) => {
      rows.settings.update(idOfStream(stream, 'branch-'), revision, (row) => ({
        timeZone: data.changes.timeZone ?? row.timeZone,
      }));
    },
    RemindersSet: (rows, { stream, revision, event: { data } }) => {
      const policy = { ...data.policy } as unknown as JsonObject;
      rows.settings.update(idOfStream(stream, 'branch-'), revision, () => ({ policy }));
    },
    CardProcessingSetUp: 'ignored',
    FeePolicySet: 'ignored',
    InvoiceLinkMessageCustomized: 'ignored',
    ReceiptMessageCustomized: 'ignored',
    ReminderMessageCustomized: 'ignored',
    MessageReset: 'ignored',
    TestMessageRequested: 'ignored',
    TestMessageSent: 'ignored',
    TestMessageFailed: 'ignored',
  },
});

export interface RemindingBranch {
  readonly branchId: string;
  readonly timeZone: string;
  readonly policy: ReminderPolicy;
}

/** What the sending of reminders asks. */
export class ReminderQueries {
  constructor(private readonly sql: Sql) {}

  async branches(): Promise<readonly RemindingBranch[]> {
    return this.sql.query<RemindingBranch>(
      `SELECT branch_id AS "branchId", time_zone AS "timeZone", policy FROM reminder_settings
        WHERE (policy->>'enabled')::boolean ORDER BY branch_id`,
      [],
    );
  }

  /** Invoices of a branch that are due on a day and still owed, in the order of their ids, after `afterId`. */
  async owing(wanted: {
    readonly branchId: string;
    readonly dueOn: string;
    readonly afterId: string | undefined;
    readonly limit: number;
  }): Promise<readonly string[]> {
    const found = await this.sql.query<{ invoice_id: string }>(
      `SELECT invoice_id FROM invoices
        WHERE branch_id = $1 AND due_on = $2::date AND invoice_id > $3 AND status IN ('open', 'partially_paid')
        ORDER BY invoice_id LIMIT $4`,
      [wanted.branchId, wanted.dueOn, wanted.afterId ?? '00000000-0000-0000-0000-000000000000', wanted.limit],
    );
    return found.map((row) => row.invoice_id);
  }
}
