import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { migrate } from '../../src/infrastructure/postgres/migrate.js';
import { PgSql } from '../../src/infrastructure/postgres/pg-sql.js';
import { createPool } from '../../src/infrastructure/postgres/pool.js';
import { ApiKeyList } from '../../src/projections/api-keys.js';
import { BranchList } from '../../src/projections/branches.js';
import { InvalidCursor } from '../../src/projections/cursor.js';
import { InvoiceList, type InvoiceFilter } from '../../src/projections/invoices.js';
import { LinkList } from '../../src/projections/links.js';
import { OwedWork } from '../../src/projections/owed.js';
import { PaymentHistory } from '../../src/projections/payment-history.js';
import type { PaymentFilter } from '../../src/projections/payment-filter.js';
import { READ_MODELS } from '../../src/projections/read-models.js';
import { InMemoryEventStore } from '../support/in-memory-event-store.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { apiKeyCreated, append, BRANCH, branchRegistered, codec, journeyOf, uuid } from './journey.js';

const TOKYO = uuid('tokyo');
/** 23:30 on 20 November in New York, and 13:30 on the 21st in Tokyo. */
const NOW = new Date('2026-11-21T04:30:00.000Z');

const paidHere = journeyOf({ number: 'INV-1001', capturedAt: '2026-11-21T04:30:00.000Z' });
const openHere = journeyOf({
  number: 'INV-1002',
  totalMinor: 123_450,
  issuedOn: '2026-11-19',
  dueOn: '2026-11-20',
  customer: { name: 'Zoë 100%_Right', email: 'zoe@example.com', phone: '+442071234567' },
});
const paidThere = journeyOf({
  ...{ number: 'TK-7', branchId: TOKYO, currency: 'JPY', totalMinor: 5_000, feeMinor: 0, issuedOn: '2026-11-18' },
  ...{ capturedAt: '2026-11-20T14:59:59.000Z', dueOn: '2026-11-20', customer: { name: 'Kabushiki' } },
});
const openThere = journeyOf({
  ...{ number: 'TK-8', branchId: TOKYO, currency: 'JPY', issuedOn: '2026-11-18', dueOn: '2026-11-20' },
});
const copied = journeyOf({ number: 'INV-1003', issuedOn: '2026-11-01' });

describe('the queries of the read models', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let sql: PgSql;

  beforeAll(async () => {
    database = await createTestDatabase();
    await migrate(database.url);
    pool = createPool(database.url);
    sql = new PgSql(pool);
    const store = new InMemoryEventStore();
    await append(store, `branch-${BRANCH}`, [branchRegistered()]);
    await append(store, `branch-${TOKYO}`, [branchRegistered(TOKYO, 'Asia/Tokyo', 'Tokyo')]);
    await append(store, 'administration', [apiKeyCreated('a'), apiKeyCreated('b')]);
    await append(store, 'administration', [{ type: 'ApiKeyRevoked', data: { keyId: 'a' } }]);
    for (const { stream, registered, issued, sent, opened, started, captured, receiptIssued } of [
      paidHere,
      paidThere,
    ]) {
      await append(store, stream, [registered, issued, sent, opened, started, captured, receiptIssued]);
    }
    await append(store, openHere.stream, [openHere.registered, openHere.issued, openHere.sendFailed]);
    await append(store, openThere.stream, [openThere.registered, openThere.issued, openThere.pdfRequested]);
    await append(store, copied.stream, [
      copied.registered,
      copied.copied,
      copied.started,
      copied.captured,
      copied.receiptIssued,
    ]);
    const events = await codec.decodeStream(store.all());
    for (const model of READ_MODELS) {
      await model.apply(
        events.filter(({ stream }) => model.streamPrefixes.some((prefix) => stream.startsWith(prefix))),
        sql,
      );
    }
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  describe('find invoice', () => {
    const find = async (filter: Partial<InvoiceFilter>): Promise<readonly string[]> => {
      const { items } = await new InvoiceList(sql, () => NOW).find({ limit: 50, ...filter });
      return items.map(({ number }) => number);
    };

    it.each([
      ['a part of the number', 'v-1002', ['INV-1002']],
      ['the customer, whatever the case', 'ZOË right', ['INV-1002']],
      ['characters that a pattern would take for its own', '100%_', ['INV-1002']],
      ['which match nothing else', '1%2', []],
      ['an address', 'zoe@example', ['INV-1002']],
      ['a name without its accent and case', 'zoe 100', ['INV-1002']],
      ['a name with an accent that was typed in another way', 'ZOE\u0308', ['INV-1002']],
      ['two letters, where a word begins with them', 'zo', ['INV-1002']],
      ['a telephone number as people write it', '+44 (20) 7123-4567', ['INV-1002']],
      ['an amount', '$1,234.50', ['INV-1002']],
      ['an amount without decimals', '5000', ['TK-7']],
      ['words in any order', 'byron inv-1001', ['INV-1001']],
      ['a backslash', '\\', []],
      ['a NUL', '\u0000', ['INV-1001', 'INV-1002', 'TK-8', 'TK-7', 'INV-1003']],
    ])('by %s', async (_, q, expected) => {
      expect(await find({ q })).toEqual(expected);
    });

    it('by branch, status, dates of issue, number, external id and customer', async () => {
      expect(await find({ branchIds: [TOKYO] })).toEqual(['TK-8', 'TK-7']);
      expect(await find({ branchIds: [] })).toEqual([]);
      expect(await find({ status: 'paid' })).toEqual(['INV-1001', 'TK-7', 'INV-1003']);
      expect(await find({ from: '2026-11-18', to: '2026-11-19' })).toEqual(['INV-1002', 'TK-8', 'TK-7']);
      expect(await find({ from: '0000-01-01', to: '9999-12-31' })).toHaveLength(5);
      expect(await find({ number: 'inv-1002' })).toEqual(['INV-1002']);
      expect(await find({ number: 'inv-100' })).toEqual([]);
      expect(await find({ externalId: 'ext-TK-7' })).toEqual(['TK-7']);
      expect(await find({ customerId: uuid('customer TK-8') })).toEqual(['TK-8']);
    });

    it('tells overdue by the day in the branch: due on the 20th, it is overdue in Tokyo and not yet in New York', async () => {
      expect(await find({ status: 'overdue' })).toEqual(['TK-8']);
      const { items } = await new InvoiceList(sql, () => NOW).find({ limit: 50 });
      expect(Object.fromEntries(items.map(({ number, overdue }) => [number, overdue]))).toEqual({
        ...{ 'INV-1001': false, 'INV-1002': false, 'INV-1003': false, 'TK-7': false, 'TK-8': true },
      });
    });

    it('gives every invoice once, page by page', async () => {
      const list = new InvoiceList(sql, () => NOW);
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await list.find({ limit: 2, ...(cursor === undefined ? {} : { cursor }) });
        expect(page.items.length).toBeLessThanOrEqual(2);
        seen.push(...page.items.map(({ number }) => number));
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
      expect(seen).toEqual(['INV-1001', 'INV-1002', 'TK-8', 'TK-7', 'INV-1003']);
    });

    it.each([
      'x',
      '',
      'e30',
      Buffer.from('["2026-11-20"]').toString('base64url'),
      Buffer.from('["2026-02-30","1"]').toString('base64url'),
      Buffer.from('["0000-01-01","1"]').toString('base64url'),
      Buffer.from('["2026-11-20","99999999999999999999"]').toString('base64url'),
      Buffer.from('["2026-11-20","9999999999999999999"]').toString('base64url'),
      Buffer.from('["2026-11-20",1]').toString('base64url'),
      'A'.repeat(5_000),
    ])('refuses a cursor that it did not make (%#)', async (cursor) => {
      await expect(new InvoiceList(sql, () => NOW).find({ limit: 2, cursor })).rejects.toThrow(InvalidCursor);
    });

    it('shows exact amounts and plain dates', async () => {
      const { items } = await new InvoiceList(sql, () => NOW).find({ limit: 1, number: 'INV-1001' });
      expect(items[0]).toMatchObject({
        ...{ invoiceId: paidHere.invoiceId, issuedOn: '2026-11-20', dueOn: '2026-12-20', customerName: 'Ada Byron' },
        ...{ totalMinor: 40_594, paidMinor: 40_594, balanceMinor: 0, currency: 'USD', status: 'paid' },
      });
    });
  });

  describe('payment history', () => {
    const find = async (filter: PaymentFilter): Promise<readonly string[]> => {
      const { items } = await new PaymentHistory(sql).find({ limit: 50, ...filter });
      return items.map(({ invoiceNumber }) => invoiceNumber);
    };

    it('judges dates in the zone of each payment’s branch', async () => {
      // INV-1001 was paid on the 20th in New York (the 21st in UTC), TK-7 one second before midnight of the 20th in Tokyo.
      expect(await find({ from: '2026-11-20', to: '2026-11-20' })).toEqual(['INV-1001', 'TK-7', 'INV-1003']);
      expect(await find({ from: '2026-11-21' })).toEqual([]);
      expect(await find({ to: '2026-11-19' })).toEqual([]);
      expect(await find({ from: '0000-01-01', to: '9999-12-31' })).toHaveLength(3);
      expect(await find({ from: '9999-12-31' })).toEqual([]);
      expect(await find({ from: '2026-11-20', branchIds: [TOKYO] })).toEqual(['TK-7']);
    });

    it('takes instants as they are, the end excluded', async () => {
      expect(await find({ from: '2026-11-20T14:59:59Z', to: '2026-11-21T04:30:00Z' })).toEqual(['TK-7']);
      expect(await find({ from: '2026-11-20T23:30:00-05:00' })).toEqual(['INV-1001']);
      expect(await find({ from: '2026-11-20T15:00:00Z', to: '2026-11-20' })).toEqual(['INV-1001']);
    });

    it('finds by words, status, method and branch', async () => {
      expect(await find({ q: 'kabu' })).toEqual(['TK-7']);
      expect(await find({ q: '00inv-1001' })).toEqual(['INV-1001']);
      expect(await find({ q: '4242' })).toHaveLength(3);
      expect(await find({ status: 'captured', method: 'card' })).toHaveLength(3);
      expect(await find({ method: 'cash' })).toEqual([]);
      expect(await find({ branchIds: [] })).toEqual([]);
    });

    it('sums the whole filter for each currency, however small the page', async () => {
      const page = await new PaymentHistory(sql).find({ limit: 1 });
      expect(page.items).toHaveLength(1);
      expect(page.totals).toEqual([
        { currency: 'JPY', count: 1, amountMinor: 5_000, feeMinor: 0, totalMinor: 5_000, refundedMinor: 0 },
        { currency: 'USD', count: 2, amountMinor: 81_188, feeMinor: 2_434, totalMinor: 83_622, refundedMinor: 0 },
      ]);
      const next = await new PaymentHistory(sql).find({ limit: 1, cursor: page.next! });
      expect(next.items.map(({ invoiceNumber }) => invoiceNumber)).toEqual(['TK-7']);
      expect(next.totals).toEqual(page.totals);
    });

    it('finds one payment by its id and by its receipt, and streams all of them', async () => {
      const history = new PaymentHistory(sql);
      expect(await history.byId(paidHere.paymentId)).toMatchObject({
        ...{ paymentId: paidHere.paymentId, invoiceId: paidHere.invoiceId, branchName: 'Main Street', method: 'card' },
        ...{ branchTimeZone: 'America/New_York', capturedAt: '2026-11-21T04:30:00.000Z', receiptNumber: '00INV-1001' },
        ...{ amountMinor: 40_594, feeMinor: 1_217, totalMinor: 41_811, cardBrand: 'visa', cardLast4: '4242' },
      });
      expect(await history.byId(uuid('nothing'))).toBeUndefined();
      expect(await history.byReceipt(paidThere.receiptId)).toEqual({
        ...{ invoiceId: paidThere.invoiceId, paymentId: paidThere.paymentId },
      });
      expect(await history.byReceipt('nothing')).toBeUndefined();
      const streamed: string[] = [];
      for await (const rows of history.stream({})) streamed.push(...rows.map(({ invoiceNumber }) => invoiceNumber));
      expect(streamed).toEqual(await find({}));
    });
  });

  it('links tell their status, their invoice and their timeline', async () => {
    const links = new LinkList(sql, () => NOW);
    const [failed] = await links.ofInvoice(openHere.invoiceId);
    expect(failed).toMatchObject({ status: 'failed', failure: { code: '550' }, sentAt: null, channel: 'email' });
    const late = new LinkList(sql, () => new Date('2027-01-20T05:00:00.000Z'));
    expect((await late.ofInvoice(openHere.invoiceId))[0]!.status).toBe('expired');
    expect((await late.ofInvoice(paidHere.invoiceId))[0]!.status).toBe('opened');
    expect(await links.invoiceOf(paidThere.linkId)).toEqual({ invoiceId: paidThere.invoiceId, branchId: TOKYO });
    expect(await links.invoiceOf('nothing')).toBeUndefined();

    await pool.query('INSERT INTO link_loads (link_id, at, likely_scanner) VALUES ($1, $2, true)', [
      paidHere.linkId,
      '2000-01-01T00:00:00Z',
    ]);
    const timeline = await links.timeline(paidHere.linkId);
    expect(timeline!.map(({ status, likelyScanner }) => [status, likelyScanner])).toEqual([
      ['loaded', true],
      ['queued', false],
      ['sent', false],
      ['opened', false],
    ]);
    expect(await links.timeline('nothing')).toBeUndefined();
  });

  it('branches and keys are listed as they came', async () => {
    const branches = new BranchList(sql);
    const first = await branches.find({ limit: 1 });
    const second = await branches.find({ limit: 1, cursor: first.next! });
    expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(['Main Street', 'Tokyo']);
    expect(second.next).toBeNull();
    expect((await branches.find({ limit: 5, branchIds: [TOKYO] })).items).toHaveLength(1);

    const keys = new ApiKeyList(sql);
    const all = await keys.find();
    expect(all.map(({ keyId, revokedAt }) => [keyId, revokedAt !== null])).toEqual([
      ['a', true],
      ['b', false],
    ]);
    expect(JSON.stringify(all)).not.toContain('hash');
    expect((await keys.byHash('hash b'))?.keyId).toBe('b');
    expect(await keys.byHash('nothing')).toBeUndefined();
  });

  it('what is owed is what was promised and not done: nothing on a link that failed, no receipt where nobody is to get it', async () => {
    await pool.query(
      `INSERT INTO receipt_numbers (payment_id, member, branch_id, invoice_id, cause_event_id, position, rank)
       VALUES ($1, 'receipts', $2, $3, $1, 1, 7)`,
      [paidHere.paymentId, BRANCH, paidHere.invoiceId],
    );
    const owed = await new OwedWork(sql).find(new Date('2026-12-31T00:00:00Z'), 100);
    const kinds = (invoiceId: string): readonly string[] =>
      owed.filter((item) => item.invoiceId === invoiceId).map(({ kind, subjectId }) => `${kind} ${subjectId}`);
    expect(kinds(paidHere.invoiceId)).toEqual([`receipt_message ${paidHere.paymentId}`]);
    expect(kinds(openHere.invoiceId)).toEqual([]);
    expect(kinds(openThere.invoiceId)).toEqual(['link_message link_TK-8', 'invoice_pdf pdf_TK-8']);
    expect(kinds(copied.invoiceId)).toEqual([]);
    // It is a person's link, whose job stands among those that somebody waits for.
    expect(owed.find(({ kind }) => kind === 'link_message')).toMatchObject({ ofMany: false });
    expect(await new OwedWork(sql).find(new Date('2026-11-20T00:00:00Z'), 100)).toEqual([]);
  });

  it('no payment waits behind thousands of older messages', async () => {
    const held = JSON.stringify([
      { kind: 'link_message', subjectId: 'x', causeEventId: 'x', since: '2026-01-01T00:00:00Z' },
    ]);
    const row = `INSERT INTO owed (invoice_id, items, copied_links, oldest_since, revision)
      VALUES (gen_random_uuid(), $1, '[]', '2026-01-01T00:00:00Z', 0)`;
    await pool.query(row, [held]);
    const found = await new OwedWork(sql).find(new Date('2026-12-31T00:00:00Z'), 1);
    expect(found[0]?.subjectId).not.toBe('x');
    expect(found.length).toBeGreaterThan(0);
  });
});
