/** How far is a branch set up? */
import type { BranchEvent } from '../domain/branch/events.js';
import type { JsonObject } from '../domain/json.js';
import { idOfStream, projectionOf, type ProjectedRow, type Projection } from './projection.js';
import type { Sql } from './sql.js';
import type { Table } from './table.js';

interface BranchSetupRow extends ProjectedRow {
  readonly branchId: string;
  readonly feeDecided: boolean;
  readonly emailTried: boolean;
  readonly textTried: boolean;
  /** Channels of test messages that are under way, by request. */
  readonly tests: JsonObject;
}

const setups: Table<BranchSetupRow> = {
  name: 'branch_setups',
  key: 'branchId',
  columns: {
    branchId: 'uuid',
    feeDecided: 'boolean',
    emailTried: 'boolean',
    textTried: 'boolean',
    tests: 'json',
    revision: 'position',
  },
};

export const branchSetupsProjection: Projection = projectionOf<BranchEvent>()({
  name: 'branch-setups',
  streamPrefix: 'branch-',
  tables: { setups: { table: setups, keyOf: ({ stream }) => idOfStream(stream, 'branch-') } },
  handlers: {
    BranchRegistered: (rows, { event: { data }, revision }) => {
      const nothing = { feeDecided: false, emailTried: false, textTried: false, tests: {} };
      rows.setups.insert({ branchId: data.branchId, ...nothing, revision: String(revision) });
    },
    FeePolicySet: (rows, { stream, revision }) => {
      rows.setups.update(idOfStream(stream, 'branch-'), revision, () => ({ feeDecided: true }));
    },
    TestMessageRequested: (rows, { stream, revision, event: { data } }) => {
      rows.setups.update(idOfStream(stream, 'branch-'), revision, ({ tests }) => ({
        tests: { ...tests, [data.requestId]: data.channel },
      }));
    },
    TestMessageSent: (rows, { stream, revision, event: { data } }) => {
      rows.setups.update(idOfStream(stream, 'branch-'), revision, (row) => {
        const channel = row.tests[data.requestId];
        return {
          emailTried: row.emailTried || channel === 'email',
          textTried: row.textTried || channel === 'sms',
          tests: without(row.tests, data.requestId),
        };
      });
    },
    TestMessageFailed: (rows, { stream, revision, event: { data } }) => {
      rows.setups.update(idOfStream(stream, 'branch-'), revision, ({ tests }) => ({
        tests: without(tests, data.requestId),
      }));
    },
    BranchUpdated: 'ignored',
    CardProcessingSetUp: 'ignored',
    RemindersSet: 'ignored',
    InvoiceLinkMessageCustomized: 'ignored',
    ReceiptMessageCustomized: 'ignored',
    ReminderMessageCustomized: 'ignored',
    MessageReset: 'ignored',
  },
});

function without(tests: JsonObject, requestId: string): JsonObject {
  const { [requestId]: _gone, ...rest } = tests;
  return rest;
}

/** What of a branch is done, each derived from what happened. */
export interface BranchSetup {
  readonly card: boolean;
  /** With a fee or without: somebody decided. */
  readonly fee: boolean;
  /** A provider took an email of the branch, a test or a link. */
  readonly email: boolean;
  readonly text: boolean;
  /** Somebody paid by card through a link. */
  readonly paid: boolean;
}

/** Answers how far branches are set up. */
export class BranchSetups {
  constructor(private readonly sql: Sql) {}

  /** Nothing for a branch that the list has not got to yet. */
  async of(branchId: string): Promise<BranchSetup | undefined> {
    const [found] = await this.sql.query<BranchSetup>(
      `SELECT b.card_processing IS NOT NULL AS card,
              s.fee_decided AS fee,
              s.email_tried OR EXISTS (SELECT FROM links l WHERE l.branch_id = s.branch_id AND l.channel = 'email'
                                         AND l.sent_at IS NOT NULL) AS email,
              s.text_tried OR EXISTS (SELECT FROM links l WHERE l.branch_id = s.branch_id AND l.channel = 'sms'
                                        AND l.sent_at IS NOT NULL) AS text,
              EXISTS (SELECT FROM payments p WHERE p.branch_id = s.branch_id AND p.method = 'card') AS paid
         FROM branch_setups s JOIN branches b ON b.branch_id = s.branch_id
        WHERE s.branch_id = $1`,
      [branchId],
    );
    return found;
  }
}
