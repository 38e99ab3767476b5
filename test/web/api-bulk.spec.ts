import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BulkLinkItems } from '../../src/application/bulk/bulk-link-items.js';
import { IssueBulkLinks } from '../../src/application/bulk/issue-bulk-links.js';
import { ImportInvoices } from '../../src/application/import/import-invoices.js';
import { LongJobs } from '../../src/application/long-jobs/long-jobs.js';
import { capture, makeBranch, makeInvoice, makeKey } from './api-examples.js';
import { startWorld, type World } from './api-world.js';
import { finishLongJobs } from './long-jobs.js';

const HEADER = 'number,issued_on,due_on,currency,customer_name,customer_email,description,unit_price';

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
  const number = `BULK-${numbers}`;
  const customer = { name: 'Ada Byron', email: `bulk-${numbers}@example.com`, phone: `+121255501${10 + numbers}` };
  return makeInvoice(world, branchId, { number, customer, ...changes });
};
const send = (body: object, key?: string) => world.call('post', '/api/v1/links/bulk', key).send(body);
const preview = (body: object) => world.call('post', '/api/v1/links/bulk/preview').send(body);
const job = async (jobId: string) => (await world.call('get', `/api/v1/jobs/${jobId}`).expect(200)).body;
const report = async (jobId: string) =>
  (await world.call('get', `/api/v1/jobs/${jobId}/report`).expect(200)).body.items;
const upload = (text: string | Buffer, type = 'text/csv', query = `?branchId=${branchId}`) =>
  world.call('post', `/api/v1/invoices/import${query}`).set('Content-Type', type).send(text);
const issued = (invoiceId: string) =>
  world.store.all().filter(({ stream, type }) => stream === `invoice-${invoiceId}` && type === 'LinkIssued');

const work = (): Promise<void> => finishLongJobs(world);

describe('links in bulk', () => {
  it('are taken on at once, issued by the worker and told one by one', async () => {
    const [one, other] = [await invoice(), await invoice()];
    const { body, headers } = await send({ invoiceIds: [one, other] }).expect(202);
    expect(headers['location']).toBe(`/api/v1/jobs/${body.jobId}`);
    expect(await job(body.jobId)).toMatchObject({ status: 'queued', links: { total: 2, done: 0 } });
    await work();
    const links = { total: 2, done: 2, queued: 2, failed: 0, skipped: {} };
    expect(await job(body.jobId)).toMatchObject({ status: 'done', links, messages: { queued: 2 } });
    expect(await report(body.jobId)).toMatchObject([
      { outcome: 'queued', linkId: expect.any(String) },
      { outcome: 'queued' },
    ]);
    expect(issued(one)[0]!.data).toMatchObject({ purpose: 'bulk', channel: 'email', bulk: { jobId: body.jobId } });
  });

  it('go to the addresses that customers have now', async () => {
    const [one, other] = [await invoice(), await invoice()];
    for (const id of [one, other]) {
      const { customer } = (await world.call('get', `/api/v1/invoices/${id}`).expect(200)).body;
      await world.call('patch', `/api/v1/customers/${customer.id}`).send({ email: 'both@example.com' }).expect(200);
    }
    await world.catchUp();
    const { body: seen } = await preview({ invoiceIds: [one, other], channel: 'email' }).expect(200);
    expect(seen).toMatchObject({ recipients: 1 });
    await send({ invoiceIds: [one, other], channel: 'email' }).expect(202);
    await work();
    for (const id of [one, other]) {
      const { links } = (await world.call('get', `/api/v1/invoices/${id}`).expect(200)).body;
      expect(links).toMatchObject([{ channel: 'email', to: 'both@example.com' }]);
    }
  });

  it('skip what is void, paid or without an address, and say why', async () => {
    const [isVoid, paid, silent] = [
      await invoice(),
      await invoice(),
      await invoice({ customer: { name: 'Ada Byron', phone: '+12125550199' } }),
    ];
    await world.call('post', `/api/v1/invoices/${isVoid}/void`).send({ reason: 'Twice' }).expect(200);
    await capture(world, paid, branchId, { amountMinor: 40_594 });
    await world.catchUp();
    const choice = { invoiceIds: [isVoid, paid, silent], channel: 'email' };
    const skipped = { invoice_void: 1, invoice_paid: 1, no_address: 1 };
    expect((await preview(choice).expect(200)).body).toMatchObject({ invoices: 3, links: 0, messages: 0, skipped });
    const { body } = await send(choice).expect(202);
    await work();
    expect(await job(body.jobId)).toMatchObject({ status: 'done', links: { queued: 0, skipped } });
    const reasons = (await report(body.jobId)).map(({ code }: { code: string }) => code).sort();
    expect(reasons).toEqual(Object.keys(skipped).sort());
  });

  it('share one email where a recipient has several, and text the one that is due first', async () => {
    const customer = { name: 'Ada Byron', email: 'Several@example.com', phone: '+12125550177' };
    const late = await invoice({ customer, dueOn: '2026-12-30' });
    const early = await invoice({ customer: { ...customer, email: 'several@example.com' }, dueOn: '2026-12-01' });
    const counted = { invoices: 2, recipients: 1, recipientsWithSeveral: 1, messages: 1 };
    const choice = { invoiceIds: [late, early] };
    expect((await preview({ ...choice, channel: 'email' })).body).toMatchObject({ ...counted, links: 2, skipped: {} });
    const texts = { ...counted, links: 1, recipientsWithoutConsent: 1, skipped: { older_invoice_texted: 1 } };
    expect((await preview({ ...choice, channel: 'sms' })).body).toMatchObject(texts);
    await send({ ...choice, channel: 'email' }).expect(202);
    const { body } = await send({ ...choice, channel: 'sms' }).expect(202);
    await work();
    const keys = [late, early].map((each) => (issued(each)[0]!.data['bulk'] as { messageKey: string }).messageKey);
    expect(keys[0]).toBe(keys[1]);
    expect([issued(late).length, issued(early).length]).toEqual([1, 2]);
    expect((await job(body.jobId)).links).toMatchObject({ queued: 1, skipped: { older_invoice_texted: 1 } });
  });

  it('are the same job for the same Idempotency-Key, and none for another request', async () => {
    const choice = { filter: { branchId, q: 'BULK-1' }, channel: 'email' };
    const first = await send(choice).set('Idempotency-Key', 'bulk-1').expect(202);
    const again = await send(choice).set('Idempotency-Key', 'bulk-1').expect(202);
    expect(again.body).toEqual(first.body);
    const other = await send({ ...choice, channel: 'sms' })
      .set('Idempotency-Key', 'bulk-1')
      .expect(409);
    expect(other.body.code).toBe('idempotency_key_reused');
    await world.call('post', `/api/v1/jobs/${first.body.jobId}/cancel`).expect(200);
    await work();
    const cancelled = await job(first.body.jobId);
    expect(cancelled).toMatchObject({ status: 'cancelled', links: { queued: 0 } });
    expect(cancelled.links.skipped).toEqual({ cancelled: cancelled.links.total });
  });

  it('are issued once, although the worker was killed before it could record them', async () => {
    const ids = [await invoice(), await invoice(), await invoice()];
    const { body } = await send({ invoiceIds: ids, channel: 'email' }).expect(202);
    const items = world.app.get(BulkLinkItems);
    const record = items.record.bind(items);
    items.record = () => Promise.reject(new Error('killed'));
    const jobRow = (await world.app.get(LongJobs).find(body.jobId))!;
    await expect(world.app.get(IssueBulkLinks).run(jobRow).next()).rejects.toThrow('killed');
    items.record = record;
    expect(await job(body.jobId)).toMatchObject({ links: { done: 0 } });
    await work();
    expect(ids.map((each) => issued(each).length)).toEqual([1, 1, 1]);
    expect(await job(body.jobId)).toMatchObject({ status: 'done', links: { queued: 3 } });
  });

  it('need something to be sent', async () => {
    const nothing = await send({ filter: { branchId, q: 'nobody-has-this' }, channel: 'email' }).expect(422);
    expect(nothing.body).toMatchObject({ code: 'bulk_empty' });
    await send({ invoiceIds: [], channel: 'email' }).expect(422);
    const unknown = randomUUID();
    const missing = await send({ invoiceIds: [unknown], channel: 'email' }).expect(404);
    expect(missing.body).toMatchObject({ code: 'invoice_not_found', invoiceId: unknown });
    for (const body of [
      { channel: 'email' },
      { invoiceIds: [], filter: {}, channel: 'email' },
      { filter: {}, channel: 'fax' },
    ]) {
      await send(body).expect(400);
    }
  });

  it('stay within the branches of the key', async () => {
    const mine = await makeBranch(world, { name: 'Harbor' });
    const { key } = await makeKey(world, 'staff', [mine]);
    await world.catchUp();
    const foreign = await invoice();
    const { body } = await send({ invoiceIds: [foreign], channel: 'email' }).expect(202);
    await send({ invoiceIds: [foreign], channel: 'email' }, key).expect(404);
    await send({ filter: { branchId }, channel: 'email' }, key).expect(404);
    expect((await send({ filter: {}, channel: 'email' }, key).expect(422)).body.code).toBe('bulk_empty');
    for (const path of ['', '/report', '/events']) {
      await world.call('get', `/api/v1/jobs/${body.jobId}${path}`, key).expect(404);
    }
    await world.call('post', `/api/v1/jobs/${body.jobId}/cancel`, key).expect(404);
    expect((await world.call('get', '/api/v1/jobs', key).expect(200)).body.items).toEqual([]);
    await work();
  });
});

describe('the events of a job', () => {
  it('end soon after the key that follows them was revoked', async () => {
    const { body } = await send({ invoiceIds: [await invoice()], channel: 'email' }).expect(202);
    const { id, key } = await makeKey(world, 'staff');
    const followed = world.call('get', `/api/v1/jobs/${body.jobId}/events`, key).then(({ status }) => status);
    const early = await Promise.race([followed, new Promise((resolve) => setTimeout(resolve, 1_500))]);
    expect(early).toBeUndefined();
    await world.call('delete', `/api/v1/api-keys/${id}`).expect(204);
    expect(await followed).toBe(200);
    await work();
  }, 60_000);
});

describe('the import of a file', () => {
  const row = (number: string, price = '12.50', email = 'import@example.com'): string =>
    `${number},2026-11-20,2026-12-20,USD,Ada Byron,${email},Storage,${price}`;

  it('registers what is good, reports what is not, and is quiet about what was there', async () => {
    const file = [HEADER, row('IM-1'), row('=IM-2', 'x'), row('IM-3')].join('\n');
    const { body } = await upload(file).expect(202);
    await work();
    const done = {
      linesTotal: 4,
      linesDone: 4,
      invoices: 3,
      registered: 2,
      unchanged: 0,
      refused: 1,
      problemsLeftOut: 0,
    };
    expect(await job(body.jobId)).toMatchObject({ status: 'done', import: done });
    expect(await report(body.jobId)).toMatchObject([
      { line: 3, number: '=IM-2', field: 'unit_price', code: 'malformed_row' },
    ]);
    const csv = await world.call('get', `/api/v1/jobs/${body.jobId}/report`).set('Accept', 'text/csv').expect(200);
    expect(csv.text).toContain("3,'=IM-2,unit_price,malformed_row");
    const changed = await upload([HEADER, row('IM-1'), row('IM-3', '13.00')].join('\n')).expect(202);
    await work();
    expect((await job(changed.body.jobId)).import).toMatchObject({ registered: 0, unchanged: 1, refused: 1 });
    expect(await report(changed.body.jobId)).toMatchObject([{ line: 3, code: 'number_taken', field: 'number' }]);
    const { rows } = await world.pool.query('SELECT count(*)::int AS left FROM import_chunks');
    expect(rows).toEqual([{ left: 0 }]);
  });

  it('takes invoices one a line, as single ones are sent', async () => {
    const one = { number: 'ND-1', issuedOn: '2026-11-20', dueOn: '2026-12-20', currency: 'USD' };
    const body = { ...one, customer: { name: 'Ada Byron' }, lines: [{ description: 'Storage', unitPrice: 100 }] };
    const wrong = { ...body, number: 'ND-2', currency: 'EUR' };
    const answer = await upload(
      `${JSON.stringify(body)}\n{"x":\n${JSON.stringify(wrong)}`,
      'application/x-ndjson',
    ).expect(202);
    await work();
    expect((await job(answer.body.jobId)).import).toMatchObject({ registered: 1, refused: 2 });
    expect(await report(answer.body.jobId)).toMatchObject([
      { line: 2, message: 'is not JSON' },
      { line: 3, code: 'currency_differs' },
    ]);
  });

  it('goes on after the last batch when the worker was killed', async () => {
    const count = 300;
    const file = [
      HEADER,
      ...Array.from({ length: count }, (_, at) => row(`KILL-${at}`, '1.00', `kill-${at}@example.com`)),
    ];
    const { body } = await upload(file.join('\n')).expect(202);
    const jobs = world.app.get(LongJobs);
    const steps = world.app.get(ImportInvoices).run((await jobs.find(body.jobId))!);
    await steps.next();
    await steps.return();
    expect((await job(body.jobId)).import).toMatchObject({ registered: 128 });
    await work();
    expect((await job(body.jobId)).import).toMatchObject({ registered: count, unchanged: 0, refused: 0 });
  });

  it("refuses rows of a branch that is not the key's", async () => {
    const mine = await makeBranch(world, { name: 'Import' });
    const { key } = await makeKey(world, 'staff', [mine]);
    await world.catchUp();
    const path = '/api/v1/invoices/import';
    const file = `${HEADER},branch_id\n${row('SC-1')},${branchId}\n${row('SC-1')},${mine}\n`;
    const { body } = await world.call('post', path, key).set('Content-Type', 'text/csv').send(file).expect(202);
    await work();
    const own = await world.call('get', `/api/v1/jobs/${body.jobId}/report`, key).expect(200);
    expect(own.body.items).toMatchObject([{ line: 2, code: 'branch_not_found' }]);
    await world
      .call('post', `${path}?branchId=${branchId}`, key)
      .set('Content-Type', 'text/csv')
      .send(file)
      .expect(404);
  });

  it('says at once what is wrong with a file as a whole, and keeps nothing of it', async () => {
    const before = await world.pool.query('SELECT count(*)::int AS jobs FROM long_jobs');
    expect((await upload('').expect(400)).body.detail).toContain('empty');
    expect((await upload('number,colour\n1,red').expect(400)).body.errors).toContainEqual({
      path: 'due_on',
      message: 'is a column that is missing from the first line',
    });
    expect((await upload(Buffer.from([0x6e, 0xff, 0xfe])).expect(400)).body.detail).toContain('UTF-8');
    expect((await upload(`${HEADER}\n${'x'.repeat(1_100_000)}`).expect(413)).body.detail).toContain('1 MB');
    await upload('x', 'application/pdf').expect(415);
    await upload('{}', 'application/json').expect(415);
    await upload(HEADER, 'text/csv; charset=latin1').expect(415);
    await upload(HEADER, 'text/csv', '?branchId=x').expect(400);
    const after = await world.pool.query('SELECT count(*)::int AS jobs FROM long_jobs');
    expect(after.rows).toEqual(before.rows);
  });
});
