/**
 * Commands per second, 32 in flight, against bare appends of the same one event by the bare client:
 * `execute` (load, decide, append), which every handler goes through, and one whole handler of staff, over the same invoices.
 */
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { randomBytes, randomUUID } from 'node:crypto';
import { invoiceStream } from '../dist/application/ids.js';
import { SendLink, SendLinkHandler } from '../dist/application/invoice/send-link.js';
import { Contacts } from '../dist/application/contact/contacts.js';
import { SendingChecks } from '../dist/application/invoice/sending-checks.js';
import { LinkUrls } from '../dist/application/link-urls.js';
import { MessageCaps } from '../dist/application/messages/message-caps.js';
import { invoiceDecider } from '../dist/domain/invoice/decider.js';
import { HmacLinkTokens } from '../dist/infrastructure/auth/hmac-link-tokens.js';
import { HmacContactDigest } from '../dist/infrastructure/auth/hmac-contact-digest.js';
import { PgMessageUses } from '../dist/infrastructure/postgres/pg-message-uses.js';
import { LibphonenumberPhoneNumbers } from '../dist/infrastructure/sms/phone-numbers.js';
import { compare, growth, median, rate } from './support/comparison.js';
import { branchHistory, contextOf, linkCopied, newLink, openInvoice, openLedger, write } from './support/ledger.js';
import { withStandIns } from './support/stand-ins.js';

const IN_FLIGHT = 32;
/** Streams of each worker: a command rarely meets the stream of the one before. */
const STREAMS_EACH = 10;
const TARGET = 0.6;
const SIZES = [10, 100, 1_000];

export function run({ quick, report }) {
  return withStandIns(async (environment) => {
    const ledger = await openLedger(environment);
    const client = EventStoreDBClient.connectionString(environment.EVENTSTORE_URL);
    try {
      const branch = branchHistory();
      await write(ledger, branch.stream, branch.events);
      report('registering invoices');
      const invoices = await registerInvoices(ledger, branch.branchId, IN_FLIGHT * STREAMS_EACH, 3);
      const seconds = quick ? 1 : 3;
      const pairs = quick ? 3 : 5;
      const shared = { unit: 'a second', pairs, target: TARGET };
      const appends = await bareAppends(client, ledger, seconds);
      const commands = [
        ['execute: load, decide, append', (worker) => issueLink(ledger, next(invoices, worker))],
        ['a whole handler: a link is copied', copyLinkBy(ledger, invoices)],
      ];
      const results = [];
      for (const [metric, command] of commands) {
        report(metric);
        const ours = () => rate(IN_FLIGHT, seconds, command);
        results.push(await compare({ metric, ...shared, ours, reference: appends }));
      }
      report('invoices of 10, 100 and 1,000 events');
      return [...results, await costBySize(ledger, branch.branchId, quick)];
    } finally {
      await client.dispose();
      await ledger.close();
    }
  });
}

async function registerInvoices(ledger, branchId, count, events) {
  const made = [];
  for (let index = 0; index < count; index += 1) {
    const invoice = openInvoice(branchId, `B-${index}`, events);
    made.push(write(ledger, invoice.stream, invoice.events).then(() => invoice));
    if (made.length % IN_FLIGHT === 0) await Promise.all(made);
  }
  return Promise.all(made);
}

let turn = 0;

/** Each worker has invoices of its own, in turn, so that no command waits for another or meets its conflict. */
function next(invoices, worker) {
  turn += 1;
  return invoices[worker * STREAMS_EACH + (turn % STREAMS_EACH)];
}

function issueLink({ executor }, { stream }) {
  const command = { type: 'IssueLink', link: newLink() };
  return executor.run({ decider: invoiceDecider, stream, command, context: contextOf() });
}

function copyLinkBy({ executor, clock, sql }, invoices) {
  const urls = new LinkUrls(new HmacLinkTokens([{ version: 1, key: randomBytes(32) }]), { base: 'http://localhost' });
  const contacts = new Contacts(executor, new HmacContactDigest(randomBytes(32)));
  const settings = { caps: { numberPerDay: 5, invoicePerDay: 10, staffPerHour: 100 }, textSegmentsPerDay: 1_000 };
  const caps = new MessageCaps(new PgMessageUses(sql), settings, clock);
  const checks = new SendingChecks(contacts, caps, settings, new LibphonenumberPhoneNumbers());
  const handler = new SendLinkHandler(executor, urls, checks, contacts, caps, clock);
  return (worker) => {
    const { invoiceId } = next(invoices, worker);
    return handler.execute(new SendLink({ invoiceId, channel: 'none' }, contextOf()));
  };
}

/** One event of the same bytes at the exact revision, by the client that the adapter uses. */
async function bareAppends(client, { codec }, seconds) {
  const id = randomUUID();
  const metadata = { occurredAt: new Date().toISOString(), actor: 'staff:bench', correlationId: id, causationId: id };
  const event = linkCopied(randomUUID());
  const [{ type, data, metadata: encoded }] = await codec.encode(
    { stream: invoiceStream(id), revision: 0n, hash: 'a'.repeat(64) },
    [{ id, event, metadata }],
  );
  return () => {
    const round = randomUUID();
    const revisions = new Map();
    return rate(IN_FLIGHT, seconds, async (worker) => {
      turn += 1;
      const stream = `bare-${round}-${worker}-${turn % STREAMS_EACH}`;
      const expectedRevision = revisions.get(stream) ?? NO_STREAM;
      const written = await client.appendToStream(stream, jsonEvent({ type, data, metadata: encoded }), {
        expectedRevision,
      });
      revisions.set(stream, written.nextExpectedRevision);
    });
  };
}

/** Milliseconds of one command after another on invoices with histories of growing length. */
async function costBySize(ledger, branchId, quick) {
  const rounds = quick ? 3 : 5;
  const commands = quick ? 20 : 50;
  const samples = SIZES.map(() => []);
  const invoices = SIZES.map((size, index) => openInvoice(branchId, `S-${index}`, size));
  for (const invoice of invoices) await write(ledger, invoice.stream, invoice.events);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, invoice] of invoices.entries()) {
      const startMs = performance.now();
      for (let each = 0; each < commands; each += 1) await issueLink(ledger, invoice);
      samples[index].push((performance.now() - startMs) / commands);
    }
  }
  const sizes = SIZES.map((size, index) => ({ size, cost: median(samples[index]) }));
  return growth('one command by the events of its invoice', 'ms', sizes);
}
