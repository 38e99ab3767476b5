import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type pg from 'pg';
import type { RecordedEvent } from '../../src/domain/decider.js';
import type { InvoiceEvent } from '../../src/domain/invoice/events.js';
import { migrate } from '../../src/infrastructure/postgres/migrate.js';
import { PgSql } from '../../src/infrastructure/postgres/pg-sql.js';
import { createPool } from '../../src/infrastructure/postgres/pool.js';
import { branchesProjection } from '../../src/projections/branches.js';
import { InvoiceList, invoicesProjection } from '../../src/projections/invoices.js';
import type { PaymentFilter } from '../../src/projections/payment-filter.js';
import { PaymentHistory } from '../../src/projections/payment-history.js';
import { paymentHistoryProjection } from '../../src/projections/payment-rows.js';
import { BRANCH_ID } from '../support/given-invoice.js';
import { moneyMoves, playMoves } from '../support/money-moves.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { branchRegistered, journeyOf, uuid } from './journey.js';

const READ_MODELS = [branchesProjection, invoicesProjection, paymentHistoryProjection];
const AUCKLAND = uuid('auckland');
const NEW_YORK = uuid('new york');

let position = 0n;

/** Events of one stream, each written down at its own instant. */
function recordedOf(
  stream: string,
  events: readonly (readonly [RecordedEvent['event'], string])[],
): readonly RecordedEvent[] {
  return events.map(([event, occurredAt], index) => {
    position += 1n;
    const metadata = {
      schemaVersion: 1,
      occurredAt,
      actor: 'staff:a',
      correlationId: 'c',
      causationId: 'c',
      hash: 'h',
    };
    return { stream, revision: BigInt(index), position, id: uuid(`event ${position}`), event, metadata };
  });
}

describe('payments that staff recorded', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let history: PaymentHistory;

  beforeAll(async () => {
    database = await createTestDatabase();
    await migrate(database.url);
    pool = createPool(database.url);
    history = new PaymentHistory(new PgSql(pool));
  });
  afterEach(() => pool.query(`TRUNCATE ${READ_MODELS.flatMap(({ tableNames }) => tableNames).join(', ')}`));
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const apply = async (events: readonly RecordedEvent[]): Promise<void> => {
    for (const model of READ_MODELS) {
      const own = events.filter(({ stream }) => model.streamPrefixes.some((prefix) => stream.startsWith(prefix)));
      await model.apply(own, new PgSql(pool));
    }
  };
  const branch = (branchId: string, timeZone: string) =>
    recordedOf(`branch-${branchId}`, [[branchRegistered(branchId, timeZone, timeZone), '2026-01-01T00:00:00.000Z']]);
  const find = async (filter: PaymentFilter) =>
    (await history.find({ limit: 50, ...filter })).items.map(
      ({ invoiceNumber, status }) => `${invoiceNumber} ${status}`,
    );

  it('stand at noon of their date, also on days when the clocks change', async () => {
    await apply(branch(NEW_YORK, 'America/New_York'));
    for (const [number, receivedOn] of [
      ['before', '2026-10-31'],
      ['change', '2026-11-01'],
      ['spring', '2026-03-08'],
    ] as const) {
      const { registered, recorded, stream } = journeyOf({ number, branchId: NEW_YORK });
      const event = { ...recorded, data: { ...recorded.data, receivedOn } };
      await apply(
        recordedOf(stream, [
          [registered, '2026-11-02T00:00:00.000Z'],
          [event, '2026-11-02T00:00:00.000Z'],
        ]),
      );
    }
    const { items } = await history.find({ limit: 50 });
    expect(items.map(({ capturedAt }) => capturedAt)).toEqual([
      '2026-11-01T17:00:00.000Z',
      '2026-10-31T16:00:00.000Z',
      '2026-03-08T16:00:00.000Z',
    ]);
    expect(await find({ from: '2026-11-01', to: '2026-11-01' })).toEqual(['change recorded']);
    expect(await find({ from: '2026-03-08', to: '2026-10-31' })).toEqual(['before recorded', 'spring recorded']);
    expect(await find({ from: '2026-11-01T17:00:00Z', to: '2026-11-01T17:00:01Z' })).toEqual(['change recorded']);
  });

  it('belong to their date, wherever on the globe, beside captures that are cut by the clock', async () => {
    await apply([...branch(NEW_YORK, 'America/New_York'), ...branch(AUCKLAND, 'Pacific/Auckland')]);
    const cases = [
      ['ny-check', NEW_YORK, 'recorded'],
      ['nz-check', AUCKLAND, 'recorded'],
      ['ny-card', NEW_YORK, 'captured'],
      ['nz-card', AUCKLAND, 'captured'],
    ] as const;
    for (const [number, branchId, kind] of cases) {
      // Half past eleven in the evening of the 20th in New York; the 21st already in Auckland.
      const journey = journeyOf({ number, branchId, capturedAt: '2026-11-21T04:30:00.000Z' });
      const at = '2026-11-21T05:00:00.000Z';
      await apply(
        recordedOf(journey.stream, [
          [journey.registered, at],
          [journey[kind], at],
        ]),
      );
    }
    const sorted = async (filter: PaymentFilter) => [...(await find(filter))].sort();
    const on20 = ['ny-card captured', 'ny-check recorded', 'nz-check recorded'];
    expect(await sorted({ from: '2026-11-20', to: '2026-11-20' })).toEqual(on20);
    expect(await find({ from: '2026-11-21', to: '2026-11-21' })).toEqual(['nz-card captured']);
    const { byDay, byBranch, byMethod, totals } = await history.summary({});
    expect(byDay.map(({ day, count }) => [day, count])).toEqual([
      ['2026-11-20', 3],
      ['2026-11-21', 1],
    ]);
    expect(byBranch.map(({ branchName, count }) => [branchName, count])).toEqual([
      ['America/New_York', 2],
      ['Pacific/Auckland', 2],
    ]);
    expect(byMethod.map(({ method, cardBrand, amountMinor }) => [method, cardBrand, amountMinor])).toEqual([
      ['card', 'visa', 81_188],
      ['check', null, 20_000],
    ]);
    expect(totals).toMatchObject([{ currency: 'USD', count: 4, amountMinor: 101_188, feeMinor: 2_434 }]);
  });

  it('stay where they are when the branch moves to another zone', async () => {
    await apply(branch(NEW_YORK, 'Pacific/Auckland'));
    const { registered, recorded, stream } = journeyOf({ number: 'moved', branchId: NEW_YORK });
    const at = '2026-11-20T00:00:00.000Z';
    await apply(
      recordedOf(stream, [
        [registered, at],
        [recorded, at],
      ]),
    );
    const moved = { type: 'BranchUpdated', data: { changes: { timeZone: 'Pacific/Honolulu' } } };
    const [event] = recordedOf(`branch-${NEW_YORK}`, [[moved, at]]);
    await apply([{ ...event!, revision: 1n }]);
    expect(await find({ from: '2026-11-20', to: '2026-11-20' })).toEqual(['moved recorded']);
    expect(await find({ from: '2026-11-19', to: '2026-11-19' })).toEqual([]);
  });

  it('are shown as they stood: not yet, recorded, reversed; and reversed ones count in no sum', async () => {
    await apply(branch(NEW_YORK, 'America/New_York'));
    const { registered, recorded, recordReversed, stream } = journeyOf({ number: 'back', branchId: NEW_YORK });
    await apply(
      recordedOf(stream, [
        [registered, '2026-11-20T12:00:00.000Z'],
        [recorded, '2026-11-21T12:00:00.000Z'],
        [recordReversed, '2026-11-22T12:00:00.000Z'],
      ]),
    );
    expect(await find({})).toEqual(['back reversed']);
    expect(await find({ asOf: '2026-11-21T11:59:59.999Z' })).toEqual([]);
    expect(await find({ asOf: '2026-11-21T12:00:00.000Z' })).toEqual(['back recorded']);
    expect(await find({ asOf: '2026-11-22T12:00:00.000Z' })).toEqual(['back reversed']);
    expect(await find({ asOf: '2026-11-20' })).toEqual([]);
    expect(await find({ asOf: '2026-11-21', status: 'recorded' })).toEqual(['back recorded']);
    expect(await find({ asOf: '2026-11-21', status: 'reversed' })).toEqual([]);
    expect((await history.find({ limit: 1 })).totals).toEqual([]);
    expect((await history.find({ limit: 1, asOf: '2026-11-21' })).totals).toMatchObject([{ amountMinor: 10_000 }]);
    expect((await history.summary({ asOf: '2026-11-21' })).byMethod).toMatchObject([{ method: 'check', count: 1 }]);
    expect(await history.count({})).toBe(1);
  });

  it('lose a receipt number that came later', async () => {
    await apply(branch(NEW_YORK, 'America/New_York'));
    const { registered, captured, receiptIssued, stream } = journeyOf({ number: 'paid', branchId: NEW_YORK });
    await apply(
      recordedOf(stream, [
        [registered, '2026-11-20T12:00:00.000Z'],
        [captured, '2026-11-20T12:30:00.000Z'],
        [receiptIssued, '2026-11-20T12:31:00.000Z'],
      ]),
    );
    const numbers = async (asOf: string) =>
      (await history.find({ limit: 5, asOf })).items.map(({ receiptNumber }) => receiptNumber);
    expect(await numbers('2026-11-20T12:30:30.000Z')).toEqual([null]);
    expect(await numbers('2026-11-20T12:31:00.000Z')).toEqual(['00paid']);
  });

  it('leave the list of invoices as the fold has them, whatever the mixture, each event twice', async () => {
    const sql = new PgSql(pool);
    const invoices = new InvoiceList(sql, () => new Date('2026-11-20T12:00:00.000Z'));
    await apply(branch(BRANCH_ID, 'America/New_York'));
    await fc.assert(
      fc.asyncProperty(moneyMoves, async (moves) => {
        await pool.query('TRUNCATE invoices, invoice_recorded_payments, payments, payment_invoices');
        const played = playMoves(moves);
        const events: readonly InvoiceEvent[] = played.flatMap((each) => each.events);
        const { state } = played.at(-1)!;
        const stream = `invoice-${state.registered.invoiceId}`;
        const log = recordedOf(
          stream,
          events.map((event) => [event, '2026-11-20T12:00:00.000Z'] as const),
        );
        await apply(log);
        for (const recorded of log.slice(-3)) await apply([recorded]);
        const { items } = await invoices.find({ limit: 2 });
        const { paidMinor, balanceMinor, status, registered } = state;
        const { totalMinor } = registered;
        expect(items).toMatchObject([{ paidMinor, balanceMinor, status, totalMinor }]);
        const [sums] = (await history.find({ limit: 1 })).totals;
        expect(sums?.amountMinor ?? 0).toBe(paidMinor);
      }),
      { numRuns: 40 },
    );
  });
});
