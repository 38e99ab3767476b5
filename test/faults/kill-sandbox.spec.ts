/** Thirty-two writers, the read models following, and the process with all stand-ins killed twice while the service lives. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StoredEvent } from '../../src/application/ports.js';
import { isInUse, sandboxPid } from '../sandbox/sandbox-place.js';
import { brokenChains, dumpTables, readLog } from '../support/journey-findings.js';
import { call, eventually, startService, type Service } from '../support/service.js';

const WRITERS = 32;
const WRITING_MS = process.env['LONG'] ? 60_000 : 25_000;
const KILL_AT = [0.25, 0.65];
const REPEAT_LIMIT_MS = 60_000;
const LIMIT_MS = WRITING_MS + 200_000;

interface Acknowledged {
  readonly invoiceId: string;
  readonly links: readonly string[];
}

let service: Service;
let branchId: string;
let acknowledged: readonly Acknowledged[];
const refusals: { readonly status: number; readonly retryAfter: string | null }[] = [];
let killed: readonly (number | undefined)[];
let servicePid: number;
let listed: readonly string[];
let log: ReadonlyMap<string, readonly StoredEvent[]>;
let dumped: string;
let rebuilt: string;

beforeAll(async () => {
  service = await startService();
  servicePid = service.pid;
  branchId = (await call<{ items: { id: string }[] }>(service, 'GET', '/branches')).body.items[0]!.id;
  const killing = killTwice();
  acknowledged = (await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)))).flat();
  killed = await killing;
  listed = await listedInvoices();
  expect(service.pid).toBe(servicePid);
  expect(await service.stop()).toBe(0);
  await withStandIns(async (environment) => {
    log = await readLog(environment);
    dumped = (await dumpTables(environment)).readModels;
  });
  expect(await service.run(['rebuild'])).toMatchObject({ code: 0 });
  await withStandIns(async (environment) => {
    rebuilt = (await dumpTables(environment)).readModels;
  });
}, LIMIT_MS);

afterAll(async () => {
  await service?.dispose();
}, 60_000);

describe('the sandbox, killed twice under writers', () => {
  it('was another process after each kill, and the service the same', () => {
    expect(new Set(killed).size).toBe(KILL_AT.length);
    expect(killed).not.toContain(undefined);
  });

  it('made writers wait, at most with 503 and Retry-After, and told them nothing else', () => {
    // Mostly the service itself waits for so long: then nobody is told anything.
    expect(refusals.filter(({ status, retryAfter }) => status !== 503 || !Number(retryAfter))).toEqual([]);
  });

  it('lost nothing that was acknowledged, and wrote nothing twice', () => {
    expect(acknowledged.length).toBeGreaterThan(WRITERS);
    for (const { invoiceId, links } of acknowledged) {
      const events = log.get(`invoice-${invoiceId}`) ?? [];
      expect(events.map(({ type, data }) => [type, data['linkId'] ?? data['invoiceId']])).toEqual([
        ['InvoiceRegistered', invoiceId],
        ...links.map((linkId) => ['LinkIssued', linkId]),
      ]);
    }
    expect(brokenChains(log)).toEqual([]);
  });

  it('left the read models as the log says: every invoice once, every event in order', () => {
    expect(listed.filter((id) => acknowledged.some(({ invoiceId }) => invoiceId === id)).sort()).toEqual(
      acknowledged.map(({ invoiceId }) => invoiceId).sort(),
    );
    expect(rebuilt).toBe(dumped);
  });
});

/** One writer: invoices, and links of each, one after the other; what is not answered is asked for again under the same key. */
async function write(writer: number): Promise<readonly Acknowledged[]> {
  const written: Acknowledged[] = [];
  const until = Date.now() + WRITING_MS;
  for (let count = 0; Date.now() < until; count += 1) {
    const number = `W-${writer}-${count}`;
    const { id: invoiceId } = await acknowledgedPost('/invoices', `${number}`, {
      ...{ branchId, number, issuedOn: '2026-11-20', dueOn: '2026-12-20', currency: 'USD', tax: 0 },
      customer: { name: `Writer ${writer}`, externalId: `writer-${writer}` },
      lines: [{ description: 'Cold storage', quantity: '1', unitPrice: 1_000 + count }],
    });
    const links: string[] = [];
    for (let link = 0; link < 2; link += 1) {
      links.push((await acknowledgedPost(`/invoices/${invoiceId}/links`, `${number}-${link}`, { channel: 'none' })).id);
    }
    written.push({ invoiceId, links });
  }
  return written;
}

async function acknowledgedPost(path: string, key: string, body: object): Promise<{ id: string }> {
  const deadline = Date.now() + REPEAT_LIMIT_MS;
  for (;;) {
    const answer = await call<{ id: string }>(service, 'POST', path, body, { 'Idempotency-Key': key });
    if (answer.status === 201 || answer.status === 202) return answer.body;
    refusals.push({ status: answer.status, retryAfter: answer.headers.get('Retry-After') });
    if (answer.status !== 503 || Date.now() > deadline) {
      throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    await sleep(300);
  }
}

/** Kills by process id, at fixed parts of the time; the next one must have taken its place before. */
async function killTwice(): Promise<readonly (number | undefined)[]> {
  const startedAt = Date.now();
  const pids: (number | undefined)[] = [];
  for (const part of KILL_AT) {
    await sleep(Math.max(0, startedAt + WRITING_MS * part - Date.now()));
    const pid = await eventually(async () => {
      const found = await sandboxPid(service.dataDir);
      return found !== undefined && !pids.includes(found) ? found : undefined;
    }, 'another sandbox');
    pids.push(pid);
    process.kill(pid, 'SIGKILL');
  }
  return pids;
}

async function listedInvoices(): Promise<readonly string[]> {
  const last = await call(service, 'PATCH', `/branches/${branchId}`, { telephone: '+1 713 555 0199' });
  expect(last.status).toBe(200);
  const after = last.headers.get('Ledger-Position');
  const found: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const more: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await call<{ items: { id: string }[]; next: string | null }>(
      service,
      'GET',
      `/invoices?branchId=${branchId}&limit=100&after=${after}${more}`,
    );
    expect(page.status).toBe(200);
    found.push(...page.body.items.map(({ id }) => id));
    cursor = page.body.next;
  }
  return found;
}

async function withStandIns(look: (environment: Readonly<Record<string, string>>) => Promise<void>): Promise<void> {
  const standIns = await service.standIns();
  try {
    await look(standIns.environment);
  } finally {
    await standIns.stop();
  }
  expect(await isInUse(service.dataDir)).toBe(false);
}
