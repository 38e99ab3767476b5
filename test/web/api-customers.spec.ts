/** Customers over the API: found, read and changed, with what becomes of messages to them. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeBranch, makeInvoice, makeKey } from './api-examples.js';
import { startWorld, type World } from './api-world.js';

let world: World;
let branchId: string;
beforeAll(async () => {
  world = await startWorld();
  branchId = await makeBranch(world);
});
afterAll(() => world.dispose());

let made = 0;

/** An invoice and its customer, of their own each time. */
async function customerOf(
  customer: Record<string, unknown> = {},
): Promise<{ invoiceId: string; path: string; id: string }> {
  made += 1;
  const named = { name: 'Ada Byron', email: `ada${made}@example.com`, phone: `+1212555${1000 + made}`, ...customer };
  const invoiceId = await makeInvoice(world, branchId, { number: `C-${made}`, customer: named });
  const { body } = await world.call('get', `/api/v1/invoices/${invoiceId}`).expect(200);
  return { invoiceId, id: body.customer.id, path: `/api/v1/customers/${body.customer.id}` };
}

const linkTo = async (invoiceId: string, channel: string): Promise<string> =>
  (await world.call('post', `/api/v1/invoices/${invoiceId}/links`).send({ channel }).expect(202)).body.to as string;

describe('a customer', () => {
  it('is there with the first invoice that names them, and shows what is known of their addresses', async () => {
    const { path, id } = await customerOf({ externalId: 'books-1', address: ['1 Main Street'], locale: 'en-US' });
    const { body, headers } = await world.call('get', path).expect(200);
    expect(body).toEqual({
      ...{ id, branchId, externalId: 'books-1', name: 'Ada Byron', email: 'ada1@example.com', phone: '+12125551001' },
      ...{ address: ['1 Main Street'], locale: 'en-US', timeZone: null, revision: '0', unreachable: [] },
      texts: { canBeTexted: true, consent: null, optedOut: null },
    });
    expect(headers['etag']).toBe('"0"');
  });

  it('is changed in part; invoices keep what they say, and messages go to the present addresses', async () => {
    const { path, invoiceId } = await customerOf();
    const before = (await world.call('get', `/api/v1/invoices/${invoiceId}`)).body.customer;
    const changed = await world
      .call('patch', path)
      .set('If-Match', '"0"')
      .send({
        email: ' Byron@Example.COM ',
        phone: '(212) 555-0199',
        locale: 'fr',
        timeZone: 'Europe/Paris',
        address: null,
      })
      .expect(200);
    expect(changed.body).toMatchObject({
      email: 'Byron@example.com',
      phone: '+12125550199',
      locale: 'fr',
      revision: '1',
    });
    expect(changed.headers['ledger-position']).toMatch(/^\d+$/);
    expect((await world.call('get', `/api/v1/invoices/${invoiceId}`)).body.customer).toEqual(before);
    expect(await linkTo(invoiceId, 'email')).toBe('Byron@example.com');
    expect(await linkTo(invoiceId, 'sms')).toBe('+12125550199');
    const again = await world.call('patch', path).send({ email: 'Byron@example.com' }).expect(200);
    expect(again.body.revision).toBe('1');
    const late = await world.call('patch', path).set('If-Match', '"0"').send({ name: 'A. Byron' });
    expect([late.status, late.body.code]).toEqual([412, 'version_changed']);
  });

  it('may have a telephone that texts do not go to', async () => {
    const { path, invoiceId } = await customerOf({ phone: '+7 912 345 67 89' });
    expect((await world.call('get', path).expect(200)).body).toMatchObject({
      phone: '+79123456789',
      texts: { canBeTexted: false },
    });
    const refused = await world.call('post', `/api/v1/invoices/${invoiceId}/links`).send({ channel: 'sms' });
    expect([refused.status, refused.body.code]).toEqual([422, 'country_not_allowed']);
  });

  it.each([
    [{ email: 'a@example.com, b@example.com' }, 422, 'invalid_recipient', 'email'],
    [{ phone: 'call me' }, 422, 'invalid_recipient', 'phone'],
    [{ name: '' }, 400, 'malformed_request', 'name'],
    [{ name: null }, 400, 'malformed_request', 'name'],
    [{ locale: 'x_y' }, 400, 'malformed_request', 'locale'],
    [{ timeZone: 'Mars/Base' }, 422, 'unknown_time_zone', 'timeZone'],
    [{ address: ['card 4242 4242 4242 4242'] }, 422, 'card_number_in_text', 'address.0'],
    [{ branchId: 'other' }, 400, 'malformed_request', 'branchId'],
  ])('refuses %j', async (change, status, code, field) => {
    const { path } = await customerOf();
    const { body, ...answer } = await world.call('patch', path).send(change);
    expect([answer.status, body.code]).toEqual([status, code]);
    expect(body.errors).toContainEqual(expect.objectContaining({ path: field }));
    expect((await world.call('get', path)).body.revision).toBe('0');
  });

  it('says of a card number in place of a mailbox what is wrong with it, and does not repeat it', async () => {
    const { path } = await customerOf();
    const { body } = await world.call('patch', path).send({ email: '4242424242424242@example.com' }).expect(422);
    expect(body.errors).toEqual([
      { path: 'email', message: 'The text contains a card number. Card numbers never belong here.' },
    ]);
    expect(JSON.stringify(body)).not.toContain('4242');
  });

  it('agrees to texts by somebody’s word, and asks for none for good', async () => {
    const { path, invoiceId } = await customerOf();
    const agreed = await world.call('patch', path).send({ textConsent: true }).expect(200);
    expect(agreed.body.texts).toMatchObject({ consent: { how: 'api' }, optedOut: null });
    const asked = await world.call('patch', path).send({ textConsent: false }).expect(200);
    expect(asked.body.texts.optedOut).toMatchObject({ source: 'staff', say: expect.stringContaining('START') });
    const refused = await world.call('patch', path).send({ textConsent: true, name: 'Nobody' });
    expect([refused.status, refused.body.code]).toEqual([409, 'contact_opted_out']);
    expect((await world.call('get', path)).body.name).toBe('Ada Byron');
    const text = await world.call('post', `/api/v1/invoices/${invoiceId}/links`).send({ channel: 'sms' });
    expect([text.status, text.body.code]).toEqual([409, 'contact_opted_out']);
    await world.call('patch', path).send({ phone: null }).expect(200);
    const none = await world.call('patch', path).send({ textConsent: true });
    expect([none.status, none.body.code]).toEqual([422, 'recipient_missing']);
  });

  it('is found by name, address, telephone and the number in the books, a page at a time', async () => {
    const { id, path } = await customerOf({ name: 'Zoë Example Ltd', externalId: 'books-9', email: 'zoe@example.com' });
    const position = (await world.call('patch', path).send({ email: 'office@zoe.example' })).headers['ledger-position'];
    const find = async (query: string) =>
      (
        (await world.call('get', `/api/v1/customers?after=${position}&${query}`).expect(200)).body as {
          items: { id: string }[];
        }
      ).items.map((each) => each.id);
    for (const query of ['q=zoe', 'q=office%40zoe', 'q=books-9', 'externalId=books-9', `q=zoe&branchId=${branchId}`]) {
      expect([query, await find(query)]).toEqual([query, [id]]);
    }
    expect(await find('q=zoe%40example.com')).toEqual([]);
    const first = (await world.call('get', '/api/v1/customers?limit=2').expect(200)).body;
    const second = (await world.call('get', `/api/v1/customers?limit=200&cursor=${first.next}`).expect(200)).body;
    const ids = [...first.items, ...second.items].map((each: { id: string }) => each.id);
    expect(new Set(ids).size).toBe(made);
    expect(ids.at(-1)).toBe(id);
    expect((await world.call('get', '/api/v1/customers?cursor=nonsense')).status).toBe(400);
  });

  it('is not there for a key of another branch', async () => {
    const { path, id } = await customerOf();
    const elsewhere = await makeBranch(world);
    const { key } = await makeKey(world, 'staff', [elsewhere]);
    await world.catchUp();
    for (const call of [world.call('get', path, key), world.call('patch', path, key).send({ name: 'Nobody' })]) {
      const { status, body } = await call;
      expect([status, body.code]).toEqual([404, 'customer_not_found']);
    }
    expect((await world.call('get', '/api/v1/customers', key)).body.items).toEqual([]);
    expect((await world.call('get', path)).body).toMatchObject({ id, name: 'Ada Byron' });
  });
});
