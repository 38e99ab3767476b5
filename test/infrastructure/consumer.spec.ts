import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { LogConsumer, type LogConsumerOptions } from '../../src/infrastructure/postgres/log-consumer/log-consumer.js';
import { CheckpointAhead } from '../../src/infrastructure/postgres/log-consumer/failures.js';
import { rebuild, StillRunning } from '../../src/infrastructure/postgres/log-consumer/rebuild.js';
import { migrate } from '../../src/infrastructure/postgres/migrate.js';
import { PgReadPosition } from '../../src/infrastructure/postgres/pg-read-position.js';
import { PgSql } from '../../src/infrastructure/postgres/pg-sql.js';
import { createPool } from '../../src/infrastructure/postgres/pool.js';
import type { Projection } from '../../src/projections/projection.js';
import { READ_MODELS } from '../../src/projections/read-models.js';
import { dumpReadModels } from '../projections/dump.js';
import { appendEverything } from '../projections/everything.js';
import { append, codec, journeyOf } from '../projections/journey.js';
import { InMemoryEventStore } from '../support/in-memory-event-store.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const NAMES = READ_MODELS.map(({ name }) => name);

const [invoices, ...others] = READ_MODELS as [Projection, ...Projection[]];
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('the consumer of the log', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let store: InMemoryEventStore;
  let position: PgReadPosition;
  let reports: string[];
  const consumers: LogConsumer[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
    await migrate(database.url);
    pool = createPool(database.url);
    store = new InMemoryEventStore();
    position = new PgReadPosition(pool, NAMES);
    reports = [];
  });
  afterEach(async () => {
    await Promise.all(consumers.splice(0).map((consumer) => consumer.stop()));
    await pool.end();
    await database.drop();
  });

  const options = (more: Partial<LogConsumerOptions> = {}): LogConsumerOptions => ({
    ...{ name: 'read-models', members: READ_MODELS, databaseUrl: database.url, store, codec },
    report: (what) => reports.push(what),
    ...more,
  });
  const follow = async (more: Partial<LogConsumerOptions> = {}): Promise<LogConsumer> => {
    const consumer = new LogConsumer(options(more));
    consumers.push(consumer);
    await consumer.start(new PgSql(pool));
    return consumer;
  };
  const reached = async (): Promise<void> => {
    expect(await position.wait((await store.lastPosition())!, 10_000)).toBe(true);
  };
  const appendInvoices = async (from: number, count: number): Promise<void> => {
    for (let number = from; number < from + count; number += 1) {
      const { stream, registered, issued, sent } = journeyOf({ number: String(number) });
      await append(store, stream, [registered, issued, sent]);
    }
  };
  const numbers = async (): Promise<readonly string[]> => {
    const { rows } = await pool.query<{ number: string }>('SELECT number FROM invoices ORDER BY position');
    return rows.map(({ number }) => number);
  };
  const killBackends = async (): Promise<void> => {
    await pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
  };

  it('brings the read models to the end of the log and keeps them there', async () => {
    await appendEverything(store);
    const consumer = await follow();
    await reached();
    await appendInvoices(5_000, 3);
    await reached();
    expect((await numbers()).slice(-3)).toEqual(['5000', '5001', '5002']);
    expect(consumer.status()).toMatchObject({ state: 'leading', caughtUp: true, lastError: undefined });
    expect(consumer.status().members.map((member) => member.position)).toEqual(
      NAMES.map(() => store.all().at(-1)!.position),
    );
  });

  it('gives the same read models live, in small batches, and rebuilt', async () => {
    const live = await follow({ maxBatch: 3 });
    await appendEverything(store);
    await reached();
    const before = await dumpReadModels(pool);
    expect(before).toContain('1003');

    const plan = { readModels: options(), processes: { name: 'processes', members: ['receipts'] } };
    await expect(rebuild({ ...plan, readModels: { ...plan.readModels, members: READ_MODELS } })).rejects.toThrow(
      StillRunning,
    );
    await live.stop();
    const status = await rebuild({ ...plan, readModels: { ...plan.readModels, members: READ_MODELS } });
    expect(status.caughtUp).toBe(true);
    expect(await dumpReadModels(pool)).toBe(before);
  }, 30_000);

  it('loses and doubles nothing when its connection is killed in the middle of batches', async () => {
    const consumer = await follow({ maxBatch: 7 });
    for (let round = 0; round < 5; round += 1) {
      const appending = appendInvoices(1_000 + round * 40, 40);
      while (consumer.status().state !== 'leading') await pause(5);
      await pause(round * 15);
      await killBackends();
      await appending;
      while (consumer.status().state === 'leading') await pause(5);
    }
    await reached();
    expect(await numbers()).toEqual(Array.from({ length: 200 }, (_, index) => String(1_000 + index)));
    const { rows } = await pool.query<{ steps: string }>(
      'SELECT count(*) AS steps FROM links WHERE jsonb_array_length(history) = 2',
    );
    expect(rows[0]!.steps).toBe('200');
    expect(reports.some((report) => report.includes('goes on from its checkpoint'))).toBe(true);
    expect(consumer.status().members.every(({ parkedStreams }) => parkedStreams === 0)).toBe(true);
  }, 30_000);

  it('commits nothing of a batch whose transaction fails, and takes it again', async () => {
    let crashes = 2;
    const crashing = {
      ...{ name: invoices.name, streamPrefixes: invoices.streamPrefixes },
      apply: async (...[events, sql]: Parameters<typeof invoices.apply>) => {
        await invoices.apply(events, sql);
        crashes -= 1;
        // As a process that was killed after its rows were written and before the commit.
        if (crashes >= 0) await sql.query('SELECT pg_terminate_backend(pg_backend_pid())');
      },
    };
    await appendInvoices(1, 5);
    await follow({ members: [crashing, ...others] });
    await reached();
    expect(crashes).toBeLessThan(0);
    expect(await numbers()).toEqual(['1', '2', '3', '4', '5']);
  });

  it('lets one lead and another stand by, which goes on where the first one stopped', async () => {
    const first = await follow();
    await appendInvoices(1, 3);
    await reached();
    const second = await follow();
    await pause(100);
    expect([first.status().state, second.status().state]).toEqual(['leading', 'standby']);
    await first.stop();
    await appendInvoices(4, 2);
    await reached();
    expect(second.status().state).toBe('leading');
    expect(await numbers()).toEqual(['1', '2', '3', '4', '5']);
  });

  it('parks a stream at an event that it cannot read, and goes on with the others', async () => {
    const bad = journeyOf({ number: '1' });
    await append(store, bad.stream, [bad.registered]);
    await store.append(bad.stream, 0n, [
      { id: '7b1f3d3e-0000-4000-8000-000000000001', type: 'InvoiceFrobbed', data: {}, metadata: { schemaVersion: 1 } },
    ]);
    const { event, metadata } = (await codec.decodeStream((await store.readStream(bad.stream)).slice(0, 1)))[0]!;
    expect(event.type).toBe('InvoiceRegistered');
    await store.append(bad.stream, 1n, [
      {
        id: '7b1f3d3e-0000-4000-8000-000000000002',
        type: 'InvoiceVoided',
        data: { reason: 'x' },
        metadata: { ...metadata },
      },
    ]);
    await appendInvoices(2, 2);
    const consumer = await follow();
    await reached();

    expect(await numbers()).toEqual(['1', '2', '3']);
    const { rows } = await pool.query('SELECT status FROM invoices ORDER BY position');
    expect(rows).toEqual([{ status: 'open' }, { status: 'open' }, { status: 'open' }]);
    const parked = await pool.query(
      "SELECT type, revision, error FROM parked_events WHERE member = 'invoices' ORDER BY position",
    );
    expect(parked.rows).toEqual([
      { type: 'InvoiceFrobbed', revision: '1', error: 'unknown type InvoiceFrobbed' },
      { type: 'InvoiceVoided', revision: '2', error: 'An earlier event of the stream is parked.' },
    ]);
    expect(consumer.status().members.find(({ name }) => name === 'invoices')!.parkedStreams).toBe(1);
    expect(consumer.status().members.find(({ name }) => name === 'branches')!.parkedStreams).toBe(0);
    expect(reports.some((report) => report.startsWith('invoices parked InvoiceFrobbed, event 1 of'))).toBe(true);
  });

  it('parks an event that one read model cannot take in that read model alone, until a better version can', async () => {
    const fussy = (refused: string) => ({
      ...{ name: invoices.name, streamPrefixes: invoices.streamPrefixes },
      apply: (...[events, sql]: Parameters<typeof invoices.apply>) => {
        if (events.some(({ stream }) => stream === refused)) throw new TypeError('a defect');
        return invoices.apply(events, sql);
      },
    });
    await appendInvoices(1, 4);
    const before = await follow({ members: [fussy(journeyOf({ number: '2' }).stream), ...others] });
    await reached();
    expect(await numbers()).toEqual(['1', '3', '4']);
    const { rows } = await pool.query('SELECT count(*) AS links FROM links');
    expect(rows).toEqual([{ links: '4' }]);
    await before.stop();

    const after = await follow();
    await appendInvoices(5, 1);
    await reached();
    expect(await numbers()).toEqual(['1', '2', '3', '4', '5']);
    expect(after.status().members.every(({ parkedStreams }) => parkedStreams === 0)).toBe(true);
  });

  it('refuses a log that lacks the event of its checkpoint, and names the command that helps', async () => {
    await appendInvoices(1, 3);
    const kept = store.all().at(-4)!.position;
    const before = await follow();
    await reached();
    await before.stop();
    store.restoreTo(kept);
    await expect(follow()).rejects.toThrow(CheckpointAhead);
    await expect(follow()).rejects.toThrow('npm run rebuild');

    // Another event may stand there by now; it is not the one that was read.
    await appendInvoices(10, 2);
    await expect(follow()).rejects.toThrow(CheckpointAhead);
    await rebuild({
      readModels: { ...options(), members: READ_MODELS },
      processes: { name: 'processes', members: [] },
    });
    await follow();
    await reached();
    expect(await numbers()).toEqual(['1', '2', '10', '11']);
  });

  it('waits for an event store that is away, and lets readers wait no longer than they said', async () => {
    store.setAvailable(false);
    const consumer = await follow();
    expect(await position.wait(1_000n, 100)).toBe(false);
    expect(consumer.status().caughtUp).toBe(false);
    store.setAvailable(true);
    await appendInvoices(1, 2);
    await reached();
    expect(await numbers()).toEqual(['1', '2']);
  });
});
