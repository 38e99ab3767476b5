/** The application's parts that benchmarks call, over real stand-ins, and histories to call them on. */
import { randomBytes, randomUUID } from 'node:crypto';
import { EventCodec } from '../../dist/application/event-codec.js';
import { Execute } from '../../dist/application/execute.js';
import { eventId } from '../../dist/application/ids.js';
import { EsdbEventStore } from '../../dist/infrastructure/eventstore/esdb-event-store.js';
import { CustomerKeyRing } from '../../dist/infrastructure/postgres/customer-key-ring.js';
import { migrate } from '../../dist/infrastructure/postgres/migrate.js';
import { PgSql } from '../../dist/infrastructure/postgres/pg-sql.js';
import { createPool } from '../../dist/infrastructure/postgres/pool.js';
import { SystemClock } from '../../dist/infrastructure/runtime/system-clock.js';

const ACTOR = 'staff:bench';
const AMOUNTS = { amountMinor: 40_594, feeMinor: 1_217, totalMinor: 41_811, currency: 'USD' };
const BROWSER = { ip: '127.0.0.1', userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36' };

/** @param {{ EVENTSTORE_URL: string, DATABASE_URL: string }} environment */
export async function openLedger({ EVENTSTORE_URL: connectionString, DATABASE_URL: databaseUrl }) {
  await migrate(databaseUrl);
  const pool = createPool(databaseUrl, { max: 10 });
  const sql = new PgSql(pool);
  const store = new EsdbEventStore({ connectionString });
  const codec = new EventCodec(new CustomerKeyRing(sql, [{ version: 1, key: randomBytes(32) }]));
  const clock = new SystemClock();
  const executor = new Execute(store, codec, clock);
  const close = async () => {
    await store.close();
    await pool.end();
  };
  return { connectionString, databaseUrl, pool, sql, store, codec, clock, executor, close };
}

export function contextOf(cause = randomUUID()) {
  return { actor: ACTOR, cause, correlationId: cause };
}

/** Appends a history as the application encodes it. Answers the position of its last event. */
export async function write({ store, codec }, stream, events) {
  const occurredAt = new Date().toISOString();
  const cause = randomUUID();
  const metadata = { occurredAt, actor: ACTOR, correlationId: cause, causationId: cause };
  const encoded = await codec.encode(
    { stream, revision: -1n, hash: undefined },
    events.map((event, ordinal) => ({ id: eventId(stream, event.type, cause, ordinal), event, metadata })),
  );
  const written = await store.append(stream, 'no_stream', encoded);
  if (written.outcome !== 'appended') throw new Error(`${stream} is there already.`);
  return written.position;
}

export function branchHistory() {
  const branchId = randomUUID();
  const details = { timeZone: 'America/Chicago', currency: 'USD', locale: 'en-US', country: 'US', region: 'TX' };
  const events = [
    { type: 'BranchRegistered', data: { branchId, name: 'Main Street Storage', ...details } },
    { type: 'CardProcessingSetUp', data: { mode: 'platform' } },
  ];
  return { branchId, stream: `branch-${branchId}`, events };
}

/** A paid invoice: the nine events of the whole journey. */
export function paidInvoice(branchId, number) {
  const [invoiceId, customerId, attemptId] = [randomUUID(), randomUUID(), randomUUID()];
  const [linkId, receiptId] = [shortId(), shortId()];
  const paymentIntentId = `pi_${linkId}`;
  const at = new Date().toISOString();
  const shared = { attemptId, linkId };
  const events = [
    registered(invoiceId, branchId, customerId, number),
    { type: 'LinkIssued', data: { linkId, channel: 'email', customerId, recipient: 'ada@example.com', expiresAt: at } },
    { type: 'LinkSent', data: { linkId, messageId: `<${linkId}@localhost>`, providerId: linkId } },
    { type: 'LinkOpened', data: { linkId, customerId, evidence: 'interaction', browser: BROWSER } },
    {
      type: 'FeeAccepted',
      data: {
        ...{ ...shared, ...AMOUNTS, customerId, browser: BROWSER, quoteId: randomUUID(), quoteHash: 'a'.repeat(64) },
        ...{ policyVersion: '2', consentText: 'I agree to the card fee.', disclosureText: 'A fee of 3%.' },
        ...{ termsHash: 'b'.repeat(64), acceptedAt: at },
      },
    },
    {
      type: 'PaymentStarted',
      data: {
        ...{ ...shared, ...AMOUNTS, branchId, paymentIntentId, processor: 'stripe', payableVersion: '0' },
        ...{ account: { mode: 'platform' }, confirmationTokenId: `ctoken_${linkId}`, startedAt: at },
      },
    },
    {
      type: 'PaymentCaptured',
      data: {
        ...{ ...shared, ...AMOUNTS, paymentId: attemptId, branchId, paymentIntentId, processor: 'stripe' },
        ...{ chargeId: `ch_${linkId}`, capturedAt: at },
        card: { brand: 'visa', last4: '4242', funding: 'credit', country: 'US' },
      },
    },
    { type: 'ReceiptIssued', data: { paymentId: attemptId, receiptId, number } },
    {
      type: 'ReceiptSent',
      data: {
        paymentId: attemptId,
        receiptId,
        channel: 'email',
        messageId: `<${receiptId}@localhost>`,
        providerId: 'p',
      },
    },
  ];
  return { invoiceId, customerId, stream: `invoice-${invoiceId}`, events };
}

/** An open invoice with links: a stream of exactly so many events, at most 500. */
export function openInvoice(branchId, number, events) {
  const [invoiceId, customerId] = [randomUUID(), randomUUID()];
  const links = Array.from({ length: events - 1 }, () => linkCopied(customerId));
  return {
    invoiceId,
    customerId,
    stream: `invoice-${invoiceId}`,
    events: [registered(invoiceId, branchId, customerId, number), ...links],
  };
}

export function linkCopied(customerId) {
  return { type: 'LinkIssued', data: { ...newLink(), customerId } };
}

/** A link as staff copy it, for a command. */
export function newLink() {
  return { linkId: shortId(), channel: 'none', expiresAt: '2099-01-01T05:59:59.999Z' };
}

function shortId() {
  return randomBytes(12).toString('base64url');
}

function registered(invoiceId, branchId, customerId, number) {
  return {
    type: 'InvoiceRegistered',
    data: {
      ...{ invoiceId, branchId, number, customerId, currency: 'USD', issuedOn: '2026-11-20', dueOn: '2026-12-20' },
      customer: { name: 'Ada Byron', email: 'ada@example.com', phone: '+12125550100' },
      lines: [{ description: 'Cold storage, 3 days', quantity: '3', unitPriceMinor: 12_500, amountMinor: 37_500 }],
      taxMinor: 3_094,
      totalMinor: 40_594,
    },
  };
}
