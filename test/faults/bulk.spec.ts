/**
 * Many links at once, by email and by text, while mailboxes do not exist, customers have opted out, providers stumble and the
 * service is killed in the middle: every one is accounted for, and nobody gets a message twice.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StoredEvent } from '../../src/application/ports.js';
import { readLog } from '../support/journey-findings.js';
import { call, eventually, startService, type Service } from '../support/service.js';

/** `LINKS=10000` is the size that the product promises; fewer show the same within minutes on a busy machine. */
const LINKS = Number(process.env['LINKS'] ?? 800);
const EMAILS = Math.floor(LINKS / 2);
const TEXTS = LINKS - EMAILS;
/** The stand-ins are written to at the rate of real providers: so many minutes as it takes on a machine that is busy with much else. */
const MINUTES = Math.max(30, Math.ceil(LINKS / 150));
const LIMIT_MS = MINUTES * 60_000;
const WAIT_MS = (MINUTES - 5) * 60_000;

interface Job {
  readonly status: string;
  readonly links: { total: number; done: number; queued: number; failed: number; skipped: Record<string, number> };
  readonly messages: Readonly<Record<string, number>>;
  readonly import: { registered: number; refused: number };
}

interface Message {
  readonly channel: 'email' | 'sms';
  readonly to: string;
  readonly messageId: string | null;
  readonly inbound: boolean;
}

let service: Service;
let branchId: string;
let jobs: { readonly email: Job; readonly sms: Job };
let inbox: readonly Message[];
let log: ReadonlyMap<string, readonly StoredEvent[]>;
let sentWhenKilled: number;

/** Ten in a hundred are a second invoice of the customer before. */
const customerOf = (at: number): number => (at % 10 === 9 ? at - 1 : at);
const emailOf = (at: number): string => `customer-${customerOf(at)}@example.com`;
const phoneOf = (at: number): string => `+1212${String(2_000_000 + customerOf(at)).padStart(7, '0')}`;
const customers = (count: number): number[] => [...new Set(Array.from({ length: count }, (_, at) => customerOf(at)))];
/** Two in a hundred mailboxes do not exist; one in a hundred customers has opted out. */
const bouncing = customers(EMAILS).filter((customer) => customer % 50 === 7);
const optedOut = customers(TEXTS).filter((customer) => customer % 100 === 3);

beforeAll(async () => {
  service = await startService();
  branchId = await makeBranch();
  await importAll();
  await spoilProviders();
  const [email, sms] = [await send('email', 'E-'), await send('sms', 'T-')];
  sentWhenKilled = await untilInTheMiddle(email);
  const { inbox: address } = service;
  await service.kill();
  // The stand-ins end with the service and begin well. They are spoilt again before the first job of the new one reaches them.
  await Promise.all([
    service.start(),
    eventually(() => spoilProviders(address).then(done, nothing), 'the stand-ins', 60_000),
  ]);
  jobs = { email: await untilSettled(email), sms: await untilSettled(sms) };
  inbox = (await (await fetch(`${address}/messages`)).json()) as readonly Message[];
  await service.stop();
  const standIns = await service.standIns();
  try {
    log = await readLog(standIns.environment);
  } finally {
    await standIns.stop();
  }
}, LIMIT_MS);

afterAll(async () => {
  await service?.dispose();
}, 60_000);

describe(`${LINKS} links in bulk, and the service killed in the middle`, () => {
  it('was in the middle of it', () => {
    expect(sentWhenKilled).toBeGreaterThan(0);
    expect(sentWhenKilled).toBeLessThan(EMAILS / 2);
  });

  it('accounts for every invoice', () => {
    const { email, sms } = jobs;
    expect(email.links).toEqual({ total: EMAILS, done: EMAILS, queued: EMAILS, failed: 0, skipped: {} });
    const texted = customers(TEXTS).length;
    expect(sms.links).toMatchObject({ total: TEXTS, done: TEXTS, queued: texted, failed: 0 });
    expect(sms.links.skipped).toEqual({ older_invoice_texted: TEXTS - texted });
    const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((a, b) => a + b, 0);
    expect([sum(email.messages), sum(sms.messages)]).toEqual([EMAILS, texted]);
  });

  it('has one issued link an invoice and one outcome a link', () => {
    const issued = eventsOfType('LinkIssued');
    expect(new Set(issued.map(({ stream }) => stream)).size).toBe(issued.length);
    expect(issued).toHaveLength(jobs.email.links.queued + jobs.sms.links.queued);
    const outcomes = ['LinkSent', 'LinkBounced', 'LinkSendFailed'].flatMap(eventsOfType);
    const linkIds = (events: readonly StoredEvent[]) => events.map(({ data }) => data['linkId'] as string).sort();
    expect(linkIds(outcomes)).toEqual(linkIds(issued));
  });

  it('sent nothing to mailboxes that do not exist, and to nobody who opted out', () => {
    const lost = new Set(bouncing.map(emailOf));
    expect(inbox.filter(({ channel, to }) => channel === 'email' && lost.has(to))).toEqual([]);
    const bouncedLinks = Array.from({ length: EMAILS }, (_, at) => at).filter((at) => lost.has(emailOf(at))).length;
    expect(eventsOfType('LinkBounced')).toHaveLength(bouncedLinks);
    const refused = eventsOfType('LinkSendFailed').map(({ data }) => data['code'] as string);
    // A text that met an error within the provider and is not found there either: nobody knows, and staff decide.
    expect(refused.filter((code) => code !== 'outcome_unknown')).toEqual(optedOut.map(() => '21610'));
    expect(refused.length - optedOut.length).toBeLessThanOrEqual(Math.ceil(TEXTS / 50));
    expect(inbox.filter(({ channel, to }) => channel === 'sms' && optedOut.map(phoneOf).includes(to))).toEqual([]);
  });

  it('has one Message-ID a recipient, and that of every link that says it was sent', () => {
    const emails = inbox.filter(({ channel }) => channel === 'email');
    const ids = new Map<string, Set<string>>();
    for (const { to, messageId } of emails) ids.set(to, (ids.get(to) ?? new Set()).add(bare(messageId)));
    expect([...ids.values()].filter((each) => each.size !== 1)).toEqual([]);
    expect(ids.size).toBe(customers(EMAILS).length - bouncing.length);
    const arrived = [...ids.values()].flatMap((each) => [...each]).sort();
    const told = eventsOfType('LinkSent').filter(({ data }) => data['providerId'] === data['messageId']);
    expect([...new Set(told.map(({ data }) => data['messageId'] as string))].sort()).toEqual(arrived);
  });

  it('texted every recipient once', () => {
    const counts = new Map<string, number>();
    for (const { channel, to, inbound } of inbox) {
      if (channel === 'sms' && !inbound) counts.set(to, (counts.get(to) ?? 0) + 1);
    }
    expect([...counts.values()].filter((count) => count !== 1)).toEqual([]);
    const told = eventsOfType('LinkSent').filter(({ data }) => data['providerId'] !== data['messageId']);
    expect(counts.size).toBe(told.length);
  });
});

function bare(messageId: string | null): string {
  return (messageId ?? '').replace(/^<|>$/g, '');
}

function eventsOfType(type: string): readonly StoredEvent[] {
  return (
    [...log.entries()]
      .filter(([stream]) => stream.startsWith('invoice-'))
      // The demonstration has invoices and links of its own.
      .filter(([, events]) => events.some(({ data }) => data['branchId'] === branchId))
      .flatMap(([, events]) => events.filter((event) => event.type === type))
  );
}

/** Where it is noon now: at night texts in bulk would wait for the morning. */
function zoneAtNoon(): string {
  const offset = 12 - new Date().getUTCHours();
  return offset === 0 ? 'UTC' : `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset)}`;
}

async function makeBranch(): Promise<string> {
  const { body } = await call<{ id: string }>(service, 'POST', '/branches', {
    name: 'Harbor Cold Storage',
    timeZone: zoneAtNoon(),
    currency: 'USD',
    locale: 'en-US',
    country: 'US',
    region: 'NY',
    replyTo: 'office@example.com',
  });
  return body.id;
}

async function importAll(): Promise<void> {
  const rows = [
    ...Array.from({ length: EMAILS }, (_, at) => invoice(`E-${at}`, at, { email: emailOf(at) })),
    ...Array.from({ length: TEXTS }, (_, at) => invoice(`T-${at}`, at, { phone: phoneOf(at) })),
  ];
  const response = await fetch(`${service.api}/invoices/import?branchId=${branchId}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${service.key}`, 'Content-Type': 'application/x-ndjson' },
    body: rows.map((row) => JSON.stringify(row)).join('\n'),
  });
  const { jobId } = (await response.json()) as { jobId: string };
  const done = await eventually(() => jobIf(jobId, ({ status }) => status === 'done'), 'the import', WAIT_MS);
  expect(done.import).toMatchObject({ registered: LINKS, refused: 0 });
  await eventually(
    async () => {
      const { body } = await call<{ invoices: number }>(service, 'POST', '/links/bulk/preview', selection('email', ''));
      return body.invoices === LINKS || undefined;
    },
    'the list to show all invoices',
    20_000 + LINKS * 10,
  );
}

function invoice(number: string, at: number, contact: object): object {
  return {
    number,
    issuedOn: '2026-11-20',
    dueOn: `2026-12-${10 + (at % 20)}`,
    currency: 'USD',
    customer: { name: `Customer ${customerOf(at)}`, ...contact },
    lines: [{ description: 'Cold storage', quantity: '1', unitPrice: 4_200 }],
  };
}

const selection = (channel: string, q: string): object => ({
  filter: { branchId, ...(q === '' ? {} : { q }) },
  channel,
});

async function send(channel: 'email' | 'sms', q: string): Promise<string> {
  const { status, body } = await call<{ jobId: string }>(service, 'POST', '/links/bulk', selection(channel, q));
  expect(status).toBe(202);
  return body.jobId;
}

/** A connection that was kept open from before the kill may be found closed: then it is asked again. */
async function jobIf(jobId: string, wanted: (job: Job) => boolean): Promise<Job | undefined> {
  const answer = await call<Job>(service, 'GET', `/jobs/${jobId}`).catch(nothing);
  return answer?.status === 200 && wanted(answer.body) ? answer.body : undefined;
}

/** Messages have begun to go out, and most are still owed. Answers how many have gone. */
async function untilInTheMiddle(jobId: string): Promise<number> {
  const begun = await eventually(
    () => jobIf(jobId, ({ messages }) => (messages['sent'] ?? 0) > 5),
    'messages',
    WAIT_MS,
  );
  return begun.messages['sent']!;
}

async function untilSettled(jobId: string): Promise<Job> {
  return eventually(
    () => jobIf(jobId, ({ status, messages }) => status === 'done' && !messages['queued']),
    'all messages to be sent or refused',
    WAIT_MS,
  );
}

const done = (): true => true;
const nothing = (): undefined => undefined;

/** One in a hundred messages meets an error within the provider; some recipients are refused whenever they are written to. */
async function spoilProviders(address = service.inbox): Promise<void> {
  await ask(`${address}/sandbox/smtp/faults`, { refuseRecipients: bouncing.map(emailOf), errorEvery: 100 });
  await ask(`${address}/sandbox/twilio/faults`, { refuseRecipients: optedOut.map(phoneOf), errorEvery: 100 });
}

async function ask(address: string, faults: object): Promise<void> {
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(faults),
  });
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
}
