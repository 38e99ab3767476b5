import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BRANCH, POLICY, invoiceOf, makeBranch, makeInvoice } from './api-examples.js';
import { startWorld, type World } from './api-world.js';
import { refused } from './refused.js';

let world: World;
let branchId: string;
let invoiceId: string;
let before: number;

beforeAll(async () => {
  world = await startWorld();
  branchId = await makeBranch(world);
  invoiceId = await makeInvoice(world, branchId);
  await world.catchUp();
  before = world.store.all().length;
});
afterAll(async () => {
  // Whatever was refused above has left no trace.
  expect(world.store.all()).toHaveLength(before);
  await world.dispose();
});

const invoices = (body: object) => world.call('post', '/api/v1/invoices').send(body);

describe('a body', () => {
  it.each([
    ['an unknown field', { colour: 'red' }, 'colour', 'is not known here'],
    ['a missing line', { lines: [] }, 'lines', 'needs at least one line'],
    ['a date that no calendar has', { issuedOn: '2026-02-30' }, 'issuedOn', 'must be a date of the calendar'],
    ['a time for a date', { dueOn: '2026-12-20T00:00:00Z' }, 'dueOn', 'must be a date of the calendar'],
    ['a float for money', { tax: 30.94 }, 'tax', 'must be a whole number of minor units'],
    ['money beyond every card', { tax: 1e15 }, 'tax', '99999999'],
    [
      'a number for a quantity',
      { lines: [{ description: 'a', quantity: 3, unitPrice: 1 }] },
      'lines.0.quantity',
      'decimal',
    ],
    [
      'a quantity of exponents',
      { lines: [{ description: 'a', quantity: '1e3', unitPrice: 1 }] },
      'lines.0.quantity',
      'decimal',
    ],
    [
      'a negative quantity',
      { lines: [{ description: 'a', quantity: '-1', unitPrice: 1 }] },
      'lines.0.quantity',
      'decimal',
    ],
    ['a branch that is no id', { branchId: '../../etc' }, 'branchId', 'must be a UUID'],
    ['a customer of nobody', { customer: {} }, 'customer', 'needs the "id" or the "externalId"'],
    ['a name with a line break', { customer: { name: 'Ada\r\nBcc: x@y.z' } }, 'customer.name', 'line breaks'],
    ['a text with a NUL', { customer: { name: 'Ada\u0000' } }, 'customer.name', 'control characters'],
    ['half a character', { customer: { name: 'Ada \ud800' } }, 'customer.name', 'control characters'],
    ['a number that is too long', { number: 'x'.repeat(61) }, 'number', 'at most 60'],
    ['an empty number', { number: '  ' }, 'number', 'must not be empty'],
    ['a locale of nowhere', { customer: { name: 'Ada', locale: '??' } }, 'customer.locale', 'BCP 47'],
  ])('with %s is refused and says where', async (_what, changes, path, message) => {
    const problem = await refused(invoices(invoiceOf(branchId, { number: 'BAD', ...changes })), 400);
    expect(problem.code).toBe('malformed_request');
    expect(problem.errors).toContainEqual({ path, message: expect.stringContaining(message) });
  });

  it.each([
    ['total_mismatch', 'expectedTotal', { expectedTotal: 1 }],
    ['currency_differs', 'currency', { currency: 'EUR' }],
    ['invalid_due_date', 'dueOn', { dueOn: '2026-11-19' }],
    ['amount_out_of_range', 'lines', { tax: 99_999_999 }],
    ['card_number_in_text', 'customer.name', { customer: { name: '4242 4242 4242 4242' } }],
    [
      'card_number_in_text',
      'lines.0.description',
      { lines: [{ description: 'Card 4000-0566-5566-5556', quantity: '1', unitPrice: 1 }] },
    ],
  ])('that can never succeed (%s) is a 422 which names %s', async (code, path, changes) => {
    const problem = await refused(invoices(invoiceOf(branchId, { number: 'NEVER', ...changes })), 422);
    expect(problem).toMatchObject({ code, errors: [{ path }] });
    expect(JSON.stringify(problem)).not.toMatch(/4242|5556/);
  });

  it.each([
    ['customer.email', 'invalid_recipient', { email: 'a@b@c' }],
    ['customer.email', 'invalid_recipient', { email: 'a@example.com, b@example.com' }],
    ['customer.phone', 'invalid_recipient', { phone: '12' }],
    ['to', 'invalid_recipient', { channel: 'email', to: 'nobody' }],
    ['to', 'invalid_recipient', { channel: 'sms', to: '+1 900 555 0100' }],
    ['to', 'country_not_allowed', { channel: 'sms', to: '+8613800138000' }],
  ])('names the field of an address that cannot be written to (%s, %s)', async (path, code, given) => {
    const invoice = invoiceOf(branchId, { number: 'NEVER', customer: { name: 'Ada', ...given } });
    const link = world.call('post', `/api/v1/invoices/${invoiceId}/links`).send(given);
    const asked = path === 'to' ? link : invoices(invoice);
    expect(await refused(asked, 422)).toMatchObject({ code, errors: [{ path }] });
  });

  it('with a telephone that texts do not go to is taken: the customer has it, and may be called', async () => {
    const branch = await makeBranch(world);
    const customer = { name: 'Ada', phone: '+8613800138000' };
    await invoices(invoiceOf(branch, { customer })).expect(201);
  });

  it('with a card number for the number of the invoice is taken: only there', async () => {
    // Same request twice, so that nothing is left behind that the others could trip over.
    const branch = await makeBranch(world);
    await invoices(invoiceOf(branch, { number: '4242424242424242' })).expect(201);
    before = world.store.all().length;
  });

  it.each([
    ['cut off', '{"branchId":', 400, 'malformed_json'],
    ['a bare word', 'hello', 400, 'malformed_json'],
    ['a list', '[]', 400, 'malformed_request'],
    ['null', 'null', 400, 'malformed_json'],
    ['nothing', '', 400, 'malformed_request'],
    ['too deep to be an invoice', '['.repeat(10_000) + ']'.repeat(10_000), 400, 'malformed_request'],
    ['a prototype', '{"__proto__":{"admin":true}}', 400, 'malformed_request'],
    ['too large', JSON.stringify({ number: 'x'.repeat(1_000_001) }), 413, 'payload_too_large'],
  ])('that is %s is refused', async (_what, text, status, code) => {
    const test = world.call('post', '/api/v1/invoices').set('Content-Type', 'application/json').send(text);
    const problem = await refused(test, status);
    expect(problem.code).toBe(code);
    expect(JSON.stringify(problem)).not.toContain('hello');
  });

  it('that is not UTF-8 is refused, not stored with other characters', async () => {
    const bytes = Buffer.concat([Buffer.from('{"name":"Caf'), Buffer.from([0xe9]), Buffer.from('"}')]);
    const path = `/api/v1/branches/${branchId}`;
    const test = world.call('patch', path).set('Content-Type', 'application/json');
    test.write(bytes);
    expect(await refused(test, 400)).toMatchObject({ code: 'malformed_json', detail: 'The body is not UTF-8.' });
  });

  it('of another type is refused', async () => {
    const form = world.call('post', '/api/v1/invoices').type('form').send({ number: '1' });
    expect((await refused(form, 415)).code).toBe('unsupported_media_type');
    const charset = world.call('post', '/api/v1/invoices').set('Content-Type', 'application/json; charset=latin-9');
    await refused(charset.send('{}'), 415);
    const encoding = world.call('post', '/api/v1/invoices').set('Content-Encoding', 'zstd');
    await refused(encoding.send({}), 415);
  });

  it('of a branch, a policy, a message, a link, a key says what is wrong', async () => {
    const cases: readonly (readonly ['post' | 'put' | 'patch', string, object, number, string])[] = [
      ['post', '/branches', { ...BRANCH, timeZone: 'Mars/Olympus' }, 422, 'unknown_time_zone'],
      ['post', '/branches', { ...BRANCH, currency: 'XQX' }, 422, 'unknown_currency'],
      ['post', '/branches', { ...BRANCH, logo: 'data:image/png;base64,R0lGODlh' }, 400, 'malformed_request'],
      ['post', '/branches', { ...BRANCH, replyTo: 'a@b\r\nBcc: c@d.e' }, 400, 'malformed_request'],
      ['post', '/branches', { ...BRANCH, replyTo: '4242424242424242@b.example' }, 422, 'card_number_in_text'],
      ['patch', `/branches/${branchId}`, { replyTo: '4242424242424242@b.example' }, 422, 'card_number_in_text'],
      ['patch', `/branches/${branchId}`, { name: null }, 400, 'malformed_request'],
      ['patch', `/branches/${branchId}`, { currency: 'EUR' }, 422, 'currency_differs'],
      ['put', `/branches/${branchId}/fee-policy`, { ...POLICY, rateBps: -1 }, 400, 'malformed_request'],
      ['put', `/branches/${branchId}/fee-policy`, { ...POLICY, consentText: 'I agree' }, 422, 'fee_policy_invalid'],
      ['put', `/branches/${branchId}/fee-policy`, { ...POLICY, fundings: ['debit'] }, 422, 'fee_policy_invalid'],
      ['put', `/branches/${branchId}/messages/invoice-link`, {}, 400, 'malformed_request'],
      ['post', `/invoices/${invoiceId}/links`, { channel: 'pigeon' }, 400, 'malformed_request'],
      ['post', `/invoices/${invoiceId}/links`, { channel: 'none', to: 'a@b.c' }, 400, 'malformed_request'],
      [
        'post',
        `/invoices/${invoiceId}/links`,
        { channel: 'email', to: 'a@b.c', sendAt: 'x' },
        400,
        'malformed_request',
      ],
      ['post', `/invoices/${invoiceId}/void`, {}, 400, 'malformed_request'],
      ['post', `/invoices/${invoiceId}/void`, { reason: 'card 4242424242424242' }, 422, 'card_number_in_text'],
      ['post', '/api-keys', { name: 'k', role: 'root' }, 400, 'malformed_request'],
      ['post', '/api-keys', { name: 'k', role: 'staff', branchIds: [] }, 400, 'malformed_request'],
      ['post', '/api-keys', { name: 'k', role: 'staff', branchIds: [invoiceId] }, 404, 'branch_not_found'],
    ];
    for (const [method, path, body, status, code] of cases) {
      const problem = await refused(world.call(method, `/api/v1${path}`).send(body), status);
      expect([path, body, problem.code]).toEqual([path, body, code]);
      if (status === 400) expect(problem.errors.length).toBeGreaterThan(0);
    }
  });
});

describe('an address', () => {
  it.each([
    ['/api/v1/nowhere', 404],
    ['/api/v2/invoices', 404],
    ['/api', 404],
    ['/api/v1/invoices/not-an-id', 400],
    ['/api/v1/invoices/00000000-0000-4000-8000-000000000000', 404],
    ['/api/v1/branches/00000000-0000-4000-8000-000000000000', 404],
    ['/api/v1/payments/00000000-0000-4000-8000-000000000000', 404],
    ['/api/v1/audit/invoices/00000000-0000-4000-8000-000000000000/events', 404],
    ['/api/v1/invoices/%FF', 400],
    // No link of ours, like any other that was mistyped: the pages answer it, where they are served.
    ['/pay/%FF', 404],
    ['/receipts/%E0%A4%A/receipt.pdf', 404],
    ['/api/v1/invoices?limit=0', 400],
    ['/api/v1/invoices?limit=201', 400],
    ['/api/v1/invoices?limit=ten', 400],
    ['/api/v1/invoices?limit=', 400],
    ['/api/v1/invoices?cursor=abc', 400],
    ['/api/v1/invoices?cursor=WyIyMDI2LTExLTIwIl0', 400],
    ['/api/v1/payments?cursor=%00', 400],
    ['/api/v1/invoices?status=lost', 400],
    ['/api/v1/invoices?status=open&status=paid', 400],
    ['/api/v1/invoices?q[a]=b', 400],
    ['/api/v1/invoices?q=%00', 400],
    ['/api/v1/invoices?q=%E9', 400],
    ['/api/v1/payments?q=100%', 400],
    ['/api/v1/invoices?sort=asc', 400],
    ['/api/v1/invoices?from=2026-02-30', 400],
    ['/api/v1/invoices?after=latest', 400],
    ['/api/v1/invoices?after=99999999999999999999', 400],
    ['/api/v1/payments?from=0000-01-01T00:00:00Z', 400],
    ['/api/v1/payments?from=yesterday', 400],
    ['/api/v1/payments?method=barter', 400],
    ['/api/v1/branches?limit=-1', 400],
  ])('%s is refused with %i', async (path, status) => {
    const problem = await refused(world.call('get', path), status);
    expect(problem.instance).toBe(path.split('?')[0]);
  });

  it.each([
    '/api/v1/payments?from=2026-11-20T00:00:00%2B23:59&to=2026-11-21',
    '/api/v1/invoices?q=%25_%27%22%3B--&number=4242424242424242',
    '/api/v1/invoices?status=refunded&from=2026-11-20&to=2026-11-01',
  ])('%s is odd and served', async (path) => {
    await world.call('get', path).expect(200);
  });
});

describe('a header', () => {
  it.each([
    ['Idempotency-Key', 'with space', 400],
    ['Idempotency-Key', 'x'.repeat(256), 400],
    ['Idempotency-Key', 'é', 400],
    ['If-Match', 'seven', 400],
    ['If-Match', '"abc"', 412],
    ['If-Match', 'W/"0"', 412],
    ['If-Match', '"99999999999999999999"', 412],
  ])('%s: %s is refused', async (name, value, status) => {
    const path = `/api/v1/invoices/${invoiceId}/void`;
    await refused(world.call('post', path).set(name, value).send({ reason: 'none' }), status);
  });

  it('Accept without JSON or CSV is refused', async () => {
    await refused(world.call('get', '/api/v1/payments').set('Accept', 'image/png'), 406);
  });
});
