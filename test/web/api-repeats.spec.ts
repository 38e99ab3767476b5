import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BRANCH, invoiceOf, makeBranch, makeInvoice } from './api-examples.js';
import { startWorld, type World } from './api-world.js';

let world: World;
let keys = 0;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.dispose());

/** Sends one body twice and another one after it, all with the same `Idempotency-Key`. */
async function thrice(path: string, body: object, other: object) {
  keys += 1;
  const send = (each: object) => world.call('post', path).set('Idempotency-Key', `key-${keys}`).send(each);
  const first = await send(body);
  const events = world.store.all().length;
  const answers = { first, again: await send(body), differing: await send(other) };
  expect(world.store.all()).toHaveLength(events);
  return answers;
}

describe('an Idempotency-Key', () => {
  it('finds the branch it made, and is refused for another one', async () => {
    const { first, again, differing } = await thrice('/api/v1/branches', BRANCH, { ...BRANCH, name: 'Elsewhere' });
    expect([first.status, again.status, again.body]).toEqual([201, 201, first.body]);
    expect([differing.status, differing.body.code]).toEqual([409, 'idempotency_key_reused']);
  });

  it('finds the branch as it is by now', async () => {
    const send = () => world.call('post', '/api/v1/branches').set('Idempotency-Key', 'changed-since').send(BRANCH);
    const { body } = await send();
    await world.call('patch', `/api/v1/branches/${body.id}`).send({ name: 'High Street' }).expect(200);
    const again = await send();
    expect([again.status, again.body]).toEqual([201, { ...body, name: 'High Street', revision: '1' }]);
  });

  it('finds the invoice it made, and is refused for other lines', async () => {
    const branchId = await makeBranch(world);
    const body = invoiceOf(branchId, { externalId: 'order-7' });
    const { first, again, differing } = await thrice('/api/v1/invoices', body, { ...body, tax: 0 });
    expect([first.status, again.status, again.body]).toEqual([201, 201, first.body]);
    expect([differing.status, differing.body.code]).toEqual([409, 'idempotency_key_reused']);
  });

  it('finds the link it made, and is refused for another channel or recipient', async () => {
    const path = `/api/v1/invoices/${await makeInvoice(world, await makeBranch(world))}/links`;
    const text = await thrice(path, { channel: 'email' }, { channel: 'sms' });
    expect([text.first.status, text.again.body]).toEqual([202, text.first.body]);
    expect([text.differing.status, text.differing.body.code]).toEqual([409, 'idempotency_key_reused']);
    const email = await thrice(
      path,
      { channel: 'email', to: 'Grace@Example.com' },
      { channel: 'email', to: 'x@example.com' },
    );
    expect([email.again.status, email.again.body]).toEqual([202, email.first.body]);
    expect([email.differing.status, email.differing.body.code]).toEqual([409, 'idempotency_key_reused']);
  });

  it('finds the request for a PDF, and is refused for another recipient', async () => {
    const path = `/api/v1/invoices/${await makeInvoice(world, await makeBranch(world))}/email-pdf`;
    const { first, again, differing } = await thrice(path, {}, { to: 'grace@example.com' });
    expect([first.status, again.status, again.body]).toEqual([202, 202, first.body]);
    expect([differing.status, differing.body.code]).toEqual([409, 'idempotency_key_reused']);
  });

  it('finds the API key it made, and never one of another role', async () => {
    const body = { name: 'till', role: 'staff' };
    const { first, again, differing } = await thrice('/api/v1/api-keys', body, { ...body, role: 'admin' });
    expect([first.status, again.status, again.body]).toEqual([201, 201, first.body]);
    expect([differing.status, differing.body.code]).toEqual([409, 'idempotency_key_reused']);
    expect(differing.body).not.toHaveProperty('key');
  });
});
