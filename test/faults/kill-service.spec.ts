/** The service is killed again and again in the middle of a hundred journeys, and each ends as if nothing had been. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StoredEvent } from '../../src/application/ports.js';
import { brokenChains, dumpTables, paymentIntents, readLog, type PaymentIntent } from '../support/journey-findings.js';
import {
  CREDIT,
  DEBIT,
  DECLINED,
  Journey,
  THREE_D_SECURE,
  type FinishedJourney,
  type JourneyPlan,
} from '../support/journey.js';
import { Chance } from '../support/doubles/time-and-chance.js';
import { call, eventually, startService, type Service } from '../support/service.js';

const JOURNEYS = Number(process.env['JOURNEYS'] ?? 100);
const KILLS = Number(process.env['KILLS'] ?? 10);
/** Far more than is needed on two cores of one's own; on a busy machine the herd after each start takes its time. */
const JOURNEY_LIMIT_MS = 420_000;
const LIMIT_MS = 600_000;
const CARDS = [[CREDIT], [DEBIT], [DECLINED, CREDIT], [THREE_D_SECURE]];

interface PaymentRow {
  readonly invoiceId: string;
  readonly amount: { readonly amount: number };
  readonly fee: { readonly amount: number };
  readonly total: { readonly amount: number };
  readonly receiptNumber: string;
}

/** `SEED=` repeats the moments of a run. */
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
let service: Service;
let branchId: string;
let finished: readonly FinishedJourney[];
let killedWhileRunning = 0;

let rows: readonly PaymentRow[];
let metrics: string;
let intents: readonly PaymentIntent[];
let log: ReadonlyMap<string, readonly StoredEvent[]>;
let rebuilt: { readonly before: string; readonly after: string; readonly output: string };

beforeAll(async () => {
  process.stdout.write(`kill-service: SEED=${seed}\n`);
  service = await startService();
  branchId = await makeBranch();
  finished = await journeysAmidKills(plans());
  await everythingIsDone();
  rows = await paymentRows();
  metrics = await (await fetch(`${service.origin}/metrics`)).text();
  expect(await service.stop()).toBe(0);
  await lookBehind();
}, LIMIT_MS);

afterAll(async () => {
  await service?.dispose();
}, 60_000);

describe('a hundred journeys, and the service killed ten times', () => {
  it('were in the middle of it each time, and all of them ended', () => {
    expect(killedWhileRunning).toBe(KILLS);
    expect(finished).toHaveLength(JOURNEYS);
    expect(finished.filter(({ repeats }) => repeats > 0).length).toBeGreaterThan(JOURNEYS / 2);
  });

  it('charged every invoice once, and say so once', () => {
    const succeeded = intents.filter(({ status }) => status === 'succeeded');
    expect(succeeded.map(({ metadata }) => metadata['invoiceId']).sort()).toEqual(invoiceIds());
    // Nothing that a customer could still confirm is left of the others.
    expect(intents.filter(({ status }) => !['succeeded', 'canceled'].includes(status))).toEqual([]);
    for (const { metadata, amount_received: received } of succeeded) {
      const captured = eventsOf(metadata['invoiceId']!, 'PaymentCaptured');
      expect(captured.map(({ data }) => data['totalMinor'])).toEqual([received]);
    }
  });

  it('have one receipt each, numbered without gaps', () => {
    const numbers = finished.flatMap(({ invoiceId }) =>
      eventsOf(invoiceId, 'ReceiptIssued').map(({ data }) => data['number']),
    );
    expect(numbers.sort()).toEqual(finished.map((_, index) => String(index + 1).padStart(6, '0')));
  });

  it('have one row each in payment history, which says what was charged', () => {
    expect(rows.map(({ invoiceId }) => invoiceId).sort()).toEqual(invoiceIds());
    for (const { invoiceId, amount, fee, total, receiptNumber } of rows) {
      const [intent] = intents.filter(
        ({ metadata, status }) => metadata['invoiceId'] === invoiceId && status === 'succeeded',
      );
      expect(amount.amount + fee.amount).toBe(total.amount);
      expect(total.amount).toBe(intent!.amount_received);
      expect(eventsOf(invoiceId, 'ReceiptIssued').map(({ data }) => data['number'])).toEqual([receiptNumber]);
    }
  });

  it('had every message, and each under one Message-ID', () => {
    for (const { plan, invoiceId, linkId, messages } of finished) {
      const [sent, receiptSent] = ['LinkSent', 'ReceiptSent'].map((type) => eventsOf(invoiceId, type));
      expect([sent!.length, receiptSent!.length, eventsOf(invoiceId, 'LinkSendFailed').length]).toEqual([1, 1, 0]);
      if (plan.channel === 'sms') {
        expect(messages).toHaveLength(2);
        continue;
      }
      const ids = new Set(messages.map(({ messageId }) => messageId?.replace(/^<|>$/g, '')));
      expect([...ids].sort()).toEqual([sent![0]!.data['messageId'], receiptSent![0]!.data['messageId']].sort());
      expect(sent![0]!.data['messageId']).toContain(linkId);
    }
  });

  it('left no dead job and no parked event', () => {
    expect(metrics).toMatch(/^operational_figures_read 1$/m);
    expect(metrics).toMatch(/^dead_jobs 0$/m);
    const parked = [...metrics.matchAll(/^\w*parked\w*\{.*\} (\S+)$/gm)].map(([, value]) => Number(value));
    expect(parked.length).toBeGreaterThan(0);
    expect(parked.filter((value) => value !== 0)).toEqual([]);
  });

  it('left every hash chain whole', () => {
    expect(brokenChains(log)).toEqual([]);
  });

  it('show the same when the read models are read from the log again', () => {
    expect(rebuilt.output).toContain('read models rebuilt');
    expect(rebuilt.after).toBe(rebuilt.before);
  });
});

async function makeBranch(): Promise<string> {
  const branch = await call<{ id: string }>(service, 'POST', '/branches', {
    ...{
      name: 'Main Street',
      timeZone: 'America/Chicago',
      currency: 'USD',
      locale: 'en-US',
      country: 'US',
      region: 'TX',
    },
    replyTo: 'office@example.com',
  });
  expect(branch.status).toBe(201);
  const path = `/branches/${branch.body.id}`;
  expect((await call(service, 'PUT', `${path}/card-processing`, { mode: 'platform' })).status).toBe(200);
  const policy = { enabled: true, rateBps: 300, fixed: 0, capBps: 300, costBps: 300, fundings: ['credit'] };
  expect((await call(service, 'PUT', `${path}/fee-policy`, policy)).status).toBe(200);
  return branch.body.id;
}

function plans(): readonly JourneyPlan[] {
  return Array.from({ length: JOURNEYS }, (_, index) => {
    const channel = index % 2 === 0 ? 'email' : 'sms';
    return {
      number: `K-${index}`,
      branchId,
      channel,
      recipient:
        channel === 'email' ? `payer-${index}@example.com` : `+1212555${String(100 + (index >> 1)).padStart(4, '0')}`,
      cards: CARDS[(index >> 1) % CARDS.length]!,
      unitPriceMinor: 1_000 + index * 37,
    };
  });
}

async function journeysAmidKills(all: readonly JourneyPlan[]): Promise<readonly FinishedJourney[]> {
  const chance = new Chance(seed);
  const at = { api: service.api, key: service.key, origin: service.origin, inbox: service.inbox };
  let running = all.length;
  const journeys = Promise.allSettled(
    all.map((plan) => new Journey(at, plan, JOURNEY_LIMIT_MS).make().finally(() => (running -= 1))),
  );
  for (let kill = 0; kill < KILLS; kill += 1) {
    await sleep(200 + chance.below(2_300));
    if (running > 0) killedWhileRunning += 1;
    await service.kill();
    await service.start(kill === KILLS - 1 ? 'ready' : 'listening');
  }
  const settled = await journeys;
  const failures = settled.flatMap((each) => (each.status === 'rejected' ? [String(each.reason)] : []));
  if (failures.length > 0) {
    const look = async (path: string): Promise<string> => (await fetch(service.origin + path)).text();
    const state = [await look('/readyz'), await look('/metrics'), service.output().slice(-4_000)];
    throw new Error([`${failures.length} journeys failed:`, ...failures, ...state].join('\n'));
  }
  return settled.map((each) => (each as PromiseFulfilledResult<FinishedJourney>).value);
}

/** The last fact of each journey is in its stream, and the lists have seen all of them. */
async function everythingIsDone(): Promise<void> {
  for (const { invoiceId } of finished) {
    await eventually(async () => {
      const { body } = await call<{ items: { type: string }[] }>(service, 'GET', `/audit/invoices/${invoiceId}/events`);
      return body.items.some(({ type }) => type === 'ReceiptSent') || undefined;
    }, `ReceiptSent of ${invoiceId}`);
  }
  const last = await call(service, 'PATCH', `/branches/${branchId}`, { telephone: '+1 713 555 0199' });
  const seen = await call(service, 'GET', `/invoices?after=${last.headers.get('Ledger-Position')}`);
  expect(seen.status).toBe(200);
}

async function paymentRows(): Promise<readonly PaymentRow[]> {
  const found: PaymentRow[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { body } = await call<{ items: PaymentRow[]; next: string | null }>(
      service,
      'GET',
      `/payments?branchId=${branchId}&limit=100${query}`,
    );
    found.push(...body.items);
    cursor = body.next;
  }
  return found;
}

/** At what the stopped service left behind: the processor, the log, the tables before and after a rebuild. */
async function lookBehind(): Promise<void> {
  const before = await withStandIns(async (environment) => {
    intents = await paymentIntents(environment);
    log = await readLog(environment);
    return dumpTables(environment);
  });
  const { code, output } = await service.run(['rebuild']);
  expect({ code, output }).toMatchObject({ code: 0 });
  const after = await withStandIns(dumpTables);
  rebuilt = { before: before.readModels, after: after.readModels, output };
}

async function withStandIns<T>(look: (environment: Readonly<Record<string, string>>) => Promise<T>): Promise<T> {
  const standIns = await service.standIns();
  try {
    return await look(standIns.environment);
  } finally {
    await standIns.stop();
  }
}

function invoiceIds(): readonly string[] {
  return finished.map(({ invoiceId }) => invoiceId).sort();
}

function eventsOf(invoiceId: string, type: string): readonly StoredEvent[] {
  return (log.get(`invoice-${invoiceId}`) ?? []).filter((event) => event.type === type);
}
