import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { capture, makeBranch, makeInvoice, makeKey } from './api-examples.js';
import { startWorld, type World } from './api-world.js';

const LINES = [{ description: 'Cold storage', unitPrice: 38_000 }];
const REVISION = { issuedOn: '2026-11-20', dueOn: '2026-12-24', lines: LINES, expectedTotal: 38_000 };
const CHECK = { method: 'check', amount: 10_000, receivedOn: '2026-11-20', reference: 'Check 1044' };
const CARD = '4242 4242 4242 4242';

let world: World;
let branchId: string;
let numbers = 0;

beforeAll(async () => {
  world = await startWorld();
  branchId = await makeBranch(world);
});
afterAll(() => world.dispose());

const invoice = (changes: Record<string, unknown> = {}): Promise<string> => {
  numbers += 1;
  return makeInvoice(world, branchId, { number: `RP-${numbers}`, ...changes });
};
const put = (id: string, body: object) => world.call('put', `/api/v1/invoices/${id}`).send(body);
const record = (id: string, body: object, key?: string) =>
  world.call('post', `/api/v1/invoices/${id}/recorded-payments`, key).send(body);
const reverse = (id: string, paymentId: string) =>
  world.call('post', `/api/v1/invoices/${id}/recorded-payments/${paymentId}/reverse`);

describe('revising', () => {
  it('replaces the document, and a second time does nothing', async () => {
    const id = await invoice({ externalId: 'erp-1' });
    const { body, headers } = await put(id, REVISION).expect(200);
    expect(body).toMatchObject({ total: { amount: 38_000 }, dueOn: '2026-12-24', externalId: null, revision: '1' });
    expect(body.customer).toMatchObject({ name: 'Ada Byron', email: 'ada@example.com' });
    await put(id, REVISION).set('If-Match', '"1"').expect(200).expect('ETag', '"1"');
    const found = await world.call('get', `/api/v1/invoices?q=380.00&after=${headers['ledger-position']}`).expect(200);
    expect(found.body.items).toMatchObject([{ id, total: { amount: 38_000 }, dueOn: '2026-12-24' }]);
  });

  it('names the same customer otherwise, and refuses another one', async () => {
    const id = await invoice();
    const customer = { name: 'Ada Byron', email: 'ada@example.net' };
    const { body } = await put(id, { ...REVISION, customer }).expect(200);
    expect(body.customer).toMatchObject({ email: 'ada@example.net', phone: null });
    const same = await put(id, { ...REVISION, customer: { id: body.customer.id } }).expect(200);
    expect(same.body.customer.id).toBe(body.customer.id);
    const other = await put(id, { ...REVISION, customer: { externalId: 'somebody', name: 'Example' } }).expect(422);
    expect(other.body.code).toBe('customer_differs');
  });

  it.each([
    [{ number: 'OTHER' }, 422, 'field_never_changes'],
    [{ currency: 'EUR' }, 422, 'field_never_changes'],
    [{ branchId: '00000000-0000-4000-8000-000000000000' }, 422, 'field_never_changes'],
    [{ expectedTotal: 1 }, 422, 'total_mismatch'],
    [{ dueOn: '2026-11-19' }, 422, 'invalid_due_date'],
    [{ lines: [] }, 400, 'malformed_request'],
    [{ colour: 'red' }, 400, 'malformed_request'],
    [{ lines: [{ description: `Card ${CARD}`, unitPrice: 38_000 }] }, 422, 'card_number_in_text'],
    [{ customer: { name: 'Ada Byron', email: 'a@example.com, b@example.com' } }, 422, 'invalid_recipient'],
  ])('refuses %j', async (changes, status, code) => {
    const { body } = await put(await invoice(), { ...REVISION, ...changes }).expect(status);
    expect(body.code).toBe(code);
  });

  it('takes branch, number and currency as they are', async () => {
    const id = await invoice();
    await put(id, { ...REVISION, branchId, number: ` rp-${numbers} `, currency: 'USD' }).expect(200);
  });

  it('is refused below what was paid, against an old version, and on a void invoice', async () => {
    const id = await invoice();
    await record(id, { ...CHECK, amount: 38_001 }).expect(201);
    const { body } = await put(id, REVISION).expect(409);
    expect(body).toMatchObject({ code: 'total_below_paid', paid: 38_001, total: 38_000 });
    await put(id, REVISION).set('If-Match', '"0"').expect(412);
    const voided = await invoice();
    await world.call('post', `/api/v1/invoices/${voided}/void`).send({ reason: 'Twice' }).expect(200);
    expect((await put(voided, REVISION).expect(409)).body.code).toBe('invoice_void');
  });
});

describe('recording a payment', () => {
  it('lowers the balance, once for an Idempotency-Key', async () => {
    const id = await invoice();
    const first = await record(id, CHECK).set('Idempotency-Key', 'once').expect(201);
    expect(first.body).toMatchObject({ status: 'recorded', ...CHECK, amount: { amount: 10_000, currency: 'USD' } });
    expect(first.body.invoice).toMatchObject({ status: 'partially_paid', balance: { amount: 30_594 } });
    const again = await record(id, CHECK).set('Idempotency-Key', 'once').expect(201);
    expect(again.body.id).toBe(first.body.id);
    expect(again.body.invoice.balance.amount).toBe(30_594);
    const reused = await record(id, { ...CHECK, amount: 1 })
      .set('Idempotency-Key', 'once')
      .expect(409);
    expect(reused.body.code).toBe('idempotency_key_reused');
    const payment = await world.call(
      'get',
      `/api/v1/payments?after=${first.headers['ledger-position']}&q=RP-${numbers}`,
    );
    expect(payment.body.items).toMatchObject([
      { id: first.body.id, method: 'check', status: 'recorded', receivedOn: '2026-11-20', receiptNumber: null },
    ]);
    await world.call('get', first.headers['location']!).expect(200);
  });

  it.each([
    [{ amount: 40_595 }, 409, { code: 'amount_above_balance', balance: 40_594 }],
    [{ amount: 0 }, 400, { code: 'malformed_request' }],
    [{ amount: 1.5 }, 400, { code: 'malformed_request' }],
    [{ method: 'card' }, 400, { code: 'malformed_request' }],
    // Where the branch is it is still the 22nd.
    [{ receivedOn: '2026-11-23' }, 422, { code: 'received_in_future', today: '2026-11-22' }],
    [{ receivedOn: '2026-02-30' }, 400, { code: 'malformed_request' }],
    [{ reference: CARD }, 422, { code: 'card_number_in_text', field: 'reference' }],
    [{ reference: 'two\nlines' }, 400, { code: 'malformed_request' }],
  ])('refuses %j', async (changes, status, problem) => {
    const { body } = await record(await invoice(), { ...CHECK, ...changes }).expect(status);
    expect(body).toMatchObject(problem);
  });

  it('is reversed once, and lets the invoice be voided again', async () => {
    const id = await invoice();
    const voiding = () => world.call('post', `/api/v1/invoices/${id}/void`).send({ reason: 'Twice' });
    const { body } = await record(id, { ...CHECK, amount: 40_594 }).expect(201);
    expect(body.invoice.status).toBe('paid');
    expect((await record(id, CHECK).expect(409)).body.code).toBe('invoice_paid');
    expect((await voiding().expect(409)).body.code).toBe('invoice_has_payments');
    const reversed = await reverse(id, body.id).send({ reason: 'It came back' }).expect(200);
    expect(reversed.body).toMatchObject({ status: 'reversed', reversalReason: 'It came back' });
    expect(reversed.body.invoice).toMatchObject({ status: 'open', balance: { amount: 40_594 } });
    const again = await reverse(id, body.id).expect(200);
    expect(again.body).toMatchObject({ reversalReason: 'It came back', invoice: { revision: '2' } });
    await voiding().expect(200);
    expect((await reverse(id, '00000000-0000-4000-8000-000000000000').expect(404)).body.code).toBe('payment_not_found');
  });

  it('is nothing for other branches, nor for auditors', async () => {
    const id = await invoice();
    const { key } = await makeKey(world, 'staff', [await makeBranch(world, { name: 'Other' })]);
    await record(id, CHECK, key).expect(404);
    await world.call('put', `/api/v1/invoices/${id}`, key).send(REVISION).expect(404);
    const auditor = await makeKey(world, 'auditor');
    await record(id, CHECK, auditor.key).expect(403);
  });
});

describe('payment history', () => {
  it('sums and lists what it knew at a moment', async () => {
    const own = await makeBranch(world, { name: 'Sums' });
    const id = await makeInvoice(world, own, { number: 'SUM-1' });
    const { body } = await record(id, CHECK).expect(201);
    const cash = await record(id, { method: 'cash', amount: 594, receivedOn: '2026-11-21' }).expect(201);
    const { headers } = await reverse(id, body.id).expect(200);
    const list = `/api/v1/payments?branchId=${own}&after=${headers['ledger-position']}`;
    const { body: page } = await world.call('get', list).expect(200);
    expect(page.items.map((each: { status: string }) => each.status)).toEqual(['recorded', 'reversed']);
    expect(page.totals).toEqual([{ currency: 'USD', count: 1, amount: 594, fee: 0, total: 594, refunded: 0 }]);
    const summary = await world.call('get', `/api/v1/payments/summary?branchId=${own}`).expect(200);
    expect(summary.body).toMatchObject({
      totals: page.totals,
      byDay: [{ day: '2026-11-21', amount: 594 }],
      byBranch: [{ branchId: own, branchName: 'Sums' }],
      byMethod: [{ method: 'cash', cardBrand: null }],
    });
    const before = await world.call('get', `${list}&asOf=2026-11-21`).expect(200);
    expect(before.body).toMatchObject({ items: [], totals: [] });
    expect(cash.body.invoice.balance.amount).toBe(30_000);
    for (const asOf of ['yesterday', '2026-02-30', '2026-11-20T25:00:00Z']) {
      await world.call('get', `/api/v1/payments/summary?asOf=${asOf}`).expect(400);
    }
    await world.call('get', '/api/v1/payments/summary?limit=1').expect(400);
  });

  it('leaves a trace of each export, without the words that were looked for, and defuses cells', async () => {
    const own = await makeBranch(world, { name: '=Exports' });
    const id = await makeInvoice(world, own, { number: '+EXP-1', customer: { name: '@Example Company' } });
    const { headers } = await record(id, { ...CHECK, method: 'transfer' }).expect(201);
    const query = `branchId=${own}&q=example&after=${headers['ledger-position']}`;
    const csv = () => world.call('get', `/api/v1/payments?${query}`).set('Accept', 'text/csv');
    const { text } = await csv().expect(200);
    expect(text.trim().split('\n')[1]).toBe(
      "2026-11-20,'=Exports,'+EXP-1,'@Example Company,transfer,,100.00,0.00,100.00,0.00,USD,recorded,,",
    );
    const exports = (await world.store.readStream('administration')).filter(({ type }) => type === 'ExportMade');
    expect(exports.at(-1)).toMatchObject({
      data: { what: 'payments', filter: { branchIds: [own], searched: true }, rows: 1 },
      metadata: { actor: 'staff:admin' },
    });
    expect(JSON.stringify(exports.map(({ data }) => data))).not.toContain('example');
    const staff = await makeKey(world, 'staff');
    await world.call('get', '/api/v1/payments', staff.key).set('Accept', 'text/csv').expect(403);
    expect((await world.store.readStream('administration')).filter(({ type }) => type === 'ExportMade')).toEqual(
      exports,
    );
  });

  it('refuses to reverse a payment by card', async () => {
    const id = await invoice();
    const paymentId = await capture(world, id, branchId);
    expect((await reverse(id, paymentId).expect(422)).body.code).toBe('payment_not_recorded');
  });
});
