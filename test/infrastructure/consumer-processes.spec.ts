import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { JobQueue, type Job } from '../../src/application/ports.js';
import { linkDelivery } from '../../src/application/processes/link-delivery.js';
import { receipts } from '../../src/application/processes/receipts.js';
import { LogConsumer } from '../../src/infrastructure/postgres/log-consumer/log-consumer.js';
import { ProcessMember } from '../../src/infrastructure/postgres/log-consumer/process-member.js';
import { migrate } from '../../src/infrastructure/postgres/migrate.js';
import { PgReadPosition } from '../../src/infrastructure/postgres/pg-read-position.js';
import { PgSql } from '../../src/infrastructure/postgres/pg-sql.js';
import { createPool } from '../../src/infrastructure/postgres/pool.js';
import { append, codec, journeyOf, uuid } from '../projections/journey.js';
import { InMemoryEventStore } from '../support/in-memory-event-store.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

/** Keeps one job an id, as the port says, and remembers how often each was asked for. */
class RememberedJobs extends JobQueue {
  readonly jobs = new Map<string, Job>();
  asked = 0;
  away = false;

  override enqueue(jobs: readonly Job[]): Promise<void> {
    if (this.away) return Promise.reject(new Error('The queue is away.'));
    for (const job of jobs) {
      this.asked += 1;
      if (!this.jobs.has(job.id)) this.jobs.set(job.id, job);
    }
    return Promise.resolve();
  }

  numbersOf(paymentIds: readonly string[]): readonly unknown[] {
    const issued = [...this.jobs.values()].filter(({ name }) => name === 'issue-receipt');
    return paymentIds.map((id) =>
      issued.filter(({ payload }) => payload['paymentId'] === id).map(({ payload }) => payload['number']),
    );
  }
}

const PROCESSES = [linkDelivery, receipts];
const OTHER_BRANCH = uuid('other branch');

describe('the processes', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let store: InMemoryEventStore;
  let queue: RememberedJobs;
  const consumers: LogConsumer[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
    await migrate(database.url);
    pool = createPool(database.url);
    store = new InMemoryEventStore();
    queue = new RememberedJobs();
  });
  afterEach(async () => {
    await Promise.all(consumers.splice(0).map((consumer) => consumer.stop()));
    await pool.end();
    await database.drop();
  });

  const follow = async (maxBatch = 4, readable = codec): Promise<LogConsumer> => {
    const consumer = new LogConsumer({
      ...{ name: 'processes', databaseUrl: database.url, store, codec: readable, maxBatch, report: () => undefined },
      members: PROCESSES.map((process) => new ProcessMember(process, queue, store)),
    });
    consumers.push(consumer);
    await consumer.start(new PgSql(pool));
    return consumer;
  };
  const reached = async (): Promise<void> => {
    const position = new PgReadPosition(
      pool,
      PROCESSES.map(({ name }) => name),
    );
    expect(await position.wait((await store.lastPosition())!, 10_000)).toBe(true);
  };
  const pay = async (number: string, branchId?: string): Promise<string> => {
    const facts = branchId === undefined ? { number } : { number, branchId };
    const { stream, registered, issued, started, captured, paymentId } = journeyOf(facts);
    await append(store, stream, [registered, issued, started, captured]);
    return paymentId;
  };

  it('turn events into jobs whose ids come from the events', async () => {
    const { stream, registered, issued, invoiceId, linkId, pdfRequested, captured, receiptIssued, paymentId } =
      journeyOf({
        number: '1',
      });
    await append(store, stream, [registered, issued, pdfRequested, captured, receiptIssued]);
    await follow();
    await reached();
    const [, linkEvent, pdfEvent, capture, receipt] = store.all();
    expect([...queue.jobs.values()].map(({ name, id, payload }) => ({ name, id, payload }))).toEqual(
      expect.arrayContaining([
        { name: 'send-link', id: `send-link-${linkEvent!.id}`, payload: { invoiceId, linkId, cause: linkEvent!.id } },
        {
          name: 'mail-invoice-pdf',
          id: `mail-invoice-pdf-${pdfEvent!.id}`,
          payload: { invoiceId, requestId: 'pdf_1', cause: pdfEvent!.id },
        },
        {
          name: 'issue-receipt',
          id: `issue-receipt-${capture!.id}`,
          payload: { invoiceId, paymentId, number: '000001', cause: capture!.id },
        },
        {
          name: 'send-receipt',
          id: `send-receipt-${receipt!.id}`,
          payload: { invoiceId, paymentId, cause: receipt!.id },
        },
      ]),
    );
    expect(queue.jobs.size).toBe(4);
  });

  it('number the captures of each branch in the order of the log, without gaps', async () => {
    const here = [await pay('1'), await pay('2')];
    const there = [await pay('3', OTHER_BRANCH)];
    here.push(await pay('4'));
    await follow();
    await reached();
    expect(queue.numbersOf(here)).toEqual([['000001'], ['000002'], ['000003']]);
    expect(queue.numbersOf(there)).toEqual([['000001']]);
  });

  it('give the same numbers again after a crash between the queue and the commit, and after a second reading', async () => {
    const paid = [await pay('1'), await pay('2'), await pay('3')];
    queue.away = true;
    const first = await follow();
    while (first.status().state !== 'retrying') await new Promise((resolve) => setTimeout(resolve, 5));
    const { rows } = await pool.query('SELECT * FROM receipt_numbers');
    expect(rows).toEqual([]);
    queue.away = false;
    await reached();
    await first.stop();
    const asked = queue.asked;

    await pool.query('DELETE FROM checkpoints');
    await follow(100);
    await reached();
    expect(queue.asked).toBe(asked * 2);
    expect(queue.numbersOf(paid)).toEqual([['000001'], ['000002'], ['000003']]);
  });

  it('stop numbering a branch at an event that cannot be read, leave the others alone, and catch up without a gap', async () => {
    const before = await pay('1');
    const { stream, registered, captured, paymentId } = journeyOf({ number: '2' });
    await append(store, stream, [registered]);
    await append(store, stream, [captured]);
    const after = [await pay('3'), await pay('4')];
    const elsewhere = await pay('5', OTHER_BRANCH);
    // A program that cannot read the one capture, as if a newer version had written it.
    const unreadable = Object.create(codec) as typeof codec;
    unreadable.decodeAll = async (stored) => {
      const decoded = await codec.decodeAll(stored);
      return decoded.map((one, index) => {
        const event = stored[index]!;
        const refused = event.stream === stream && event.type === 'PaymentCaptured';
        return refused ? { undecodable: 'schema version 2', stored: event } : one;
      });
    };
    const old = await follow(4, unreadable);
    await reached();
    expect(queue.numbersOf([before, paymentId, ...after, elsewhere])).toEqual([['000001'], [], [], [], ['000001']]);
    expect(old.status().members.map(({ parkedStreams }) => parkedStreams)).toEqual([1, 1]);
    await old.stop();

    await follow();
    const last = await pay('6');
    await reached();
    expect(queue.numbersOf([before, paymentId, ...after, last])).toEqual([
      ['000001'],
      ['000002'],
      ['000003'],
      ['000004'],
      ['000005'],
    ]);
  });
});
