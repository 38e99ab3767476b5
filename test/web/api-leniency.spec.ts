import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { POLICY, capture, invoiceOf, makeBranch, makeInvoice } from './api-examples.js';
import { startWorld, type World } from './api-world.js';

let world: World;
let branchId: string;
let number = 0;
beforeAll(async () => {
  world = await startWorld();
  branchId = await makeBranch(world);
});
afterAll(() => world.dispose());

function register(changes: object) {
  number += 1;
  return world.call('post', '/api/v1/invoices').send(invoiceOf(branchId, { number: `L-${number}`, ...changes }));
}

describe('a line', () => {
  it('may give its amount alone', async () => {
    const { body } = await register({ lines: [{ description: 'Flat rate', amount: 1999 }], tax: 0 }).expect(201);
    expect(body.total.amount).toBe(1999);
    expect(body.lines).toEqual([
      {
        description: 'Flat rate',
        quantity: '1',
        unitPrice: { amount: 1999, currency: 'USD' },
        amount: { amount: 1999, currency: 'USD' },
      },
    ]);
  });

  it('keeps the amount that it gives beside quantity and price', async () => {
    const lines = [{ description: 'Rounded down', quantity: '3', unitPrice: 333, amount: 998 }];
    const { body } = await register({ lines, tax: 0 }).expect(201);
    expect(body.total.amount).toBe(998);
  });

  it.each([
    ['no amount of any kind', { description: 'a' }, 'is required where the line gives no "amount"'],
    [
      'a quantity of nobody knows what',
      { description: 'a', quantity: '3', amount: 900 },
      'is required beside a quantity',
    ],
  ])('with %s is refused', async (_what, line, message) => {
    const { body } = await register({ lines: [line] }).expect(400);
    expect(body.errors).toEqual([{ path: 'lines.0.unitPrice', message }]);
  });
});

describe('a customer', () => {
  it('who is known is named by id or externalId alone', async () => {
    const customer = { externalId: 'C-17', name: 'Grace', email: 'grace@example.com' };
    const first = await register({ customer }).expect(201);
    for (const named of [{ externalId: 'C-17' }, { id: first.body.customer.id }]) {
      const { body } = await register({ customer: named }).expect(201);
      expect(body.customer).toEqual(first.body.customer);
    }
  });

  it('who is not known is a 404, also from another branch', async () => {
    const elsewhere = await makeBranch(world);
    await register({ customer: { externalId: 'C-18', name: 'Grace' } }).expect(201);
    for (const [branch, externalId] of [
      [elsewhere, 'C-18'],
      [branchId, 'C-19'],
    ]) {
      const refused = await register({ branchId: branch, customer: { externalId } }).expect(404);
      expect(refused.body).toMatchObject({ code: 'customer_not_found', externalId });
    }
    const half = await register({ customer: { externalId: 'C-18', email: 'grace@example.com' } }).expect(400);
    expect(half.body.errors[0].message).toContain('has nothing beside it');
  });
});

describe('a fee policy', () => {
  it('is switched off without a rate, and on only with one', async () => {
    const path = `/api/v1/branches/${await makeBranch(world)}/fee-policy`;
    const off = await world.call('put', path).send({ enabled: false }).expect(200);
    expect(off.body.feePolicy).toMatchObject({ enabled: false, rateBps: 0 });
    const on = await world.call('put', path).send({ enabled: true }).expect(400);
    expect(on.body.errors).toEqual([{ path: 'rateBps', message: 'is required where the fee is enabled' }]);
  });

  it.each([
    [{ region: 'MA' }, 'us_ma', 'Massachusetts'],
    [{ country: 'DE' }, 'consumer_ban', 'EU'],
    [{ country: 'JP' }, 'no_rule_for_place', 'JP'],
  ])('where %j does not allow it is refused in words that name the rule', async (place, rule, name) => {
    const id = await makeBranch(world, { region: undefined, ...place });
    const { body } = await world.call('put', `/api/v1/branches/${id}/fee-policy`).send(POLICY).expect(422);
    expect(body).toMatchObject({ code: 'fee_not_allowed', rule });
    expect(body.detail).toContain(name);
    expect(body.detail).toContain(rule);
  });
});

it('a preview needs no body', async () => {
  const { body } = await world.call('post', `/api/v1/branches/${branchId}/messages/invoice-link/preview`).expect(200);
  expect(body).toMatchObject({ email: { subject: expect.any(String) }, sms: { segments: expect.any(Number) } });
});

it('voiding what has payments is a conflict with its state', async () => {
  const id = await makeInvoice(world, branchId);
  await capture(world, id, branchId);
  const { body } = await world.call('post', `/api/v1/invoices/${id}/void`).send({ reason: 'Typo' }).expect(409);
  expect(body.code).toBe('invoice_has_payments');
});
