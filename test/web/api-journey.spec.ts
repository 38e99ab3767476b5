import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BRANCH, POLICY, capture, invoiceOf, makeBranch, makeInvoice } from './api-examples.js';
import { startWorld, type World } from './api-world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.dispose());

describe('branches', () => {
  it('are registered, read, changed and listed', async () => {
    const made = await world.call('post', '/api/v1/branches').send(BRANCH).expect(201);
    expect(made.body).toMatchObject({ ...BRANCH, cardProcessing: null, feePolicy: null, revision: '0' });
    expect(made.headers).toMatchObject({ etag: '"0"', location: `/api/v1/branches/${made.body.id}` });
    const position = made.headers['ledger-position']!;
    expect(position).toMatch(/^\d+$/);

    await world.call('get', `/api/v1/branches/${made.body.id}`).set('If-None-Match', '"0"').expect(304, '');
    const changed = await world
      .call('patch', `/api/v1/branches/${made.body.id}`)
      .send({ telephone: '+1 212 555 0100', replyTo: null })
      .set('If-Match', '"0"')
      .expect(200);
    expect(changed.body).toMatchObject({ telephone: '+1 212 555 0100', replyTo: null, revision: '1' });
    const stale = await world
      .call('patch', `/api/v1/branches/${made.body.id}`)
      .send({ name: 'Elsewhere' })
      .set('If-Match', '"0"')
      .expect(412);
    expect(stale.body.code).toBe('version_changed');

    const list = await world.call('get', `/api/v1/branches?after=${changed.headers['ledger-position']}`).expect(200);
    expect(list.body.items.find((each: { id: string }) => each.id === made.body.id)).toMatchObject({
      name: BRANCH.name,
    });
  });

  it('take cards and bear a fee once they are set up', async () => {
    const id = await makeBranch(world);
    const processing = await world
      .call('put', `/api/v1/branches/${id}/card-processing`)
      .send({ mode: 'platform' })
      .expect(200);
    expect(processing.body.cardProcessing).toEqual({ mode: 'platform' });
    const fee = await world.call('put', `/api/v1/branches/${id}/fee-policy`).send(POLICY).expect(200);
    expect(fee.body.feePolicy).toMatchObject({
      enabled: true,
      rateBps: 300,
      fixed: { amount: 0, currency: 'USD' },
      capBps: 300,
      costBps: 300,
      version: '2',
    });
    const keys = await world
      .call('put', `/api/v1/branches/${id}/card-processing`)
      .send({ mode: 'keys', secretKey: 'sk_test_verysecret', publishableKey: 'pk_test_1' })
      .expect(422);
    expect([keys.body.code, keys.body.field]).toEqual(['card_processing_invalid', 'publishableKey']);
    expect(JSON.stringify(keys.body)).not.toContain('verysecret');
    const none = await world.call('put', `/api/v1/branches/${id}/card-processing`).send({ mode: 'own' }).expect(400);
    expect(JSON.stringify(none.body)).toContain('must be \\"platform\\"');
  });

  it('are told which rule forbids a fee', async () => {
    const id = await makeBranch(world, { region: 'CT' });
    const refused = await world.call('put', `/api/v1/branches/${id}/fee-policy`).send(POLICY).expect(422);
    expect(refused.body).toMatchObject({ code: 'fee_not_allowed', rule: expect.any(String) });
  });

  it('word their own message, by language, and see it before it goes out', async () => {
    const id = await makeBranch(world);
    const path = `/api/v1/branches/${id}/messages/invoice-link`;
    const before = await world.call('get', path).expect(200);
    expect(before.body).toMatchObject({ language: 'en', customized: false });
    const message = {
      email: { subject: 'Invoice {{invoiceNumber}}', body: 'Dear {{customerName}},\n{{link}}' },
      sms: { body: '{{branchName}}: {{link}}' },
    };
    const after = await world.call('put', path).send(message).expect(200);
    expect(after.body).toMatchObject({ ...message, customized: true });
    expect((await world.call('get', `${path}?language=fr`).expect(200)).body).toMatchObject({ customized: false });
    const preview = await world.call('post', `${path}/preview`).send({ sms: { body: 'Pay {{branchName}} {{link}}' } });
    expect(preview.status).toBe(200);
    expect(preview.body.email.subject).toBe('Invoice INV-1001');
    expect(preview.body.sms.body).toContain('Pay Main Street');
    const refused = await world
      .call('put', path)
      .send({ ...message, sms: { body: '{{branchName}} {{constructor}} {{link}}' } })
      .expect(422);
    expect(refused.body).toMatchObject({ code: 'template_invalid', errors: [{ path: 'sms.body' }] });
  });
});

describe('invoices', () => {
  it('are registered with exact money, read, found and downloaded', async () => {
    const branchId = await makeBranch(world);
    const made = await world
      .call('post', '/api/v1/invoices')
      .send(invoiceOf(branchId, { expectedTotal: 40594 }))
      .expect(201);
    expect(made.body).toMatchObject({
      number: 'INV-1001',
      branchId,
      status: 'open',
      overdue: false,
      total: { amount: 40594, currency: 'USD' },
      balance: { amount: 40594, currency: 'USD' },
      customer: { name: 'Ada Byron', email: 'ada@example.com', phone: '+12125550100' },
      issuedOn: '2026-11-20',
      dueOn: '2026-12-20',
      revision: '0',
    });
    const read = await world.call('get', `/api/v1/invoices/${made.body.id}`).expect(200);
    expect(read.body).toEqual(made.body);
    expect(read.headers['etag']).toBe('"0"');
    const found = await world
      .call('get', `/api/v1/invoices?q=byron&branchId=${branchId}&after=${made.headers['ledger-position']}`)
      .expect(200);
    expect(found.body).toMatchObject({ items: [{ id: made.body.id, number: 'INV-1001' }], next: null });
    const pdf = await world.call('get', `/api/v1/invoices/${made.body.id}/pdf`).expect(200);
    expect(pdf.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': 'attachment; filename="invoice-INV-1001.pdf"',
    });
    expect(pdf.body.subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('have a number once, and a 409 names who has it', async () => {
    const branchId = await makeBranch(world);
    const id = await makeInvoice(world, branchId);
    const taken = await world
      .call('post', '/api/v1/invoices')
      .send(invoiceOf(branchId, { number: 'inv-1001 ', tax: 0 }))
      .expect(409);
    expect(taken.headers['content-type']).toContain('application/problem+json');
    expect(taken.body).toMatchObject({ code: 'number_taken', status: 409, invoiceId: id });
  });

  it('page by cursor without losing or doubling one', async () => {
    const branchId = await makeBranch(world);
    for (let each = 1; each <= 5; each += 1) await makeInvoice(world, branchId, { number: `P-${each}` });
    await world.catchUp();
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await world.call('get', `/api/v1/invoices?branchId=${branchId}&limit=2${cursor}`).expect(200);
      seen.push(...page.body.items.map((each: { number: string }) => each.number));
      cursor = page.body.next === null ? '' : `&cursor=${page.body.next}`;
    } while (cursor !== '');
    expect(seen.sort()).toEqual(['P-1', 'P-2', 'P-3', 'P-4', 'P-5']);
  });

  it('are voided once, by whom has seen them as they are', async () => {
    const branchId = await makeBranch(world);
    const id = await makeInvoice(world, branchId);
    await world.call('post', `/api/v1/invoices/${id}/void`).send({ reason: 'Typo' }).set('If-Match', '"7"').expect(412);
    const done = await world.call('post', `/api/v1/invoices/${id}/void`).send({ reason: 'Typo' }).expect(200);
    expect(done.body).toMatchObject({ status: 'void', revision: '1' });
    const again = await world.call('post', `/api/v1/invoices/${id}/void`).send({ reason: 'Typo' }).expect(409);
    expect(again.body.code).toBe('invoice_void');
  });
});

describe('links', () => {
  it('are sent, followed and revoked; the address is answered once', async () => {
    const branchId = await makeBranch(world);
    const id = await makeInvoice(world, branchId);
    const sent = await world.call('post', `/api/v1/invoices/${id}/links`).send({ channel: 'email' }).expect(202);
    expect(sent.body).toMatchObject({
      channel: 'email',
      to: 'ada@example.com',
      status: 'queued',
      url: expect.stringMatching(/^http:\/\/localhost:3000\/pay\/[A-Za-z0-9_-]{1,43}$/),
      warnings: [{ code: 'card_processing_not_set_up' }],
    });
    const list = await world.call('get', `/api/v1/invoices/${id}/links`).expect(200);
    expect(list.body).toMatchObject({ items: [{ id: sent.body.id, history: [{ status: 'queued' }] }], next: null });
    expect(JSON.stringify(list.body)).not.toContain('/pay/');
    const link = await world.call('get', sent.headers['location']!).expect(200);
    expect(link.body.id).toBe(sent.body.id);
    const revoked = await world.call('post', `${sent.headers['location']}/revoke`).expect(200);
    expect(revoked.body.status).toBe('revoked');
    await world.call('get', `/api/v1/invoices/${id}/links/AAAAAAAAAAAAAAAA`).expect(404);
  });

  it('go to a number in E.164, and to nobody when copied', async () => {
    const id = await makeInvoice(world, await makeBranch(world));
    const path = `/api/v1/invoices/${id}/links`;
    const text = await world.call('post', path).send({ channel: 'sms', to: '(212) 555-0100' }).expect(202);
    expect(text.body.to).toBe('+12125550100');
    const copied = await world.call('post', path).send({ channel: 'none' }).expect(202);
    expect(copied.body.to).toBeNull();
    const pdf = await world.call('post', `/api/v1/invoices/${id}/email-pdf`).expect(202);
    expect(pdf.body).toMatchObject({ to: 'ada@example.com', status: 'queued' });
  });

  it('are the same link when the same request is repeated, and another one for another key or caller', async () => {
    const id = await makeInvoice(world, await makeBranch(world));
    const send = (key: string) =>
      world.call('post', `/api/v1/invoices/${id}/links`).set('Idempotency-Key', key).send({ channel: 'email' });
    const [first, second, other] = [await send('one'), await send('one'), await send('two')];
    expect(first.status).toBe(202);
    expect(second.body).toEqual(first.body);
    expect(second.headers['ledger-position']).toBe(first.headers['ledger-position']);
    expect(other.body.id).not.toBe(first.body.id);
    const list = await world.call('get', `/api/v1/invoices/${id}/links`);
    expect(list.body.items).toHaveLength(2);
  });
});

describe('payments', () => {
  it('are listed with totals over the whole filter, in the zone of their branch', async () => {
    const branchId = await makeBranch(world);
    const invoiceId = await makeInvoice(world, branchId);
    // 03:30 UTC on the 22nd is the evening of the 21st in New York.
    const id = await capture(world, invoiceId, branchId);
    const list = await world.call('get', `/api/v1/payments?branchId=${branchId}&from=2026-11-21&to=2026-11-21`);
    expect(list.body).toEqual({
      items: [
        {
          id,
          invoiceId,
          invoiceNumber: 'INV-1001',
          branchId,
          customerName: 'Ada Byron',
          method: 'card',
          capturedAt: '2026-11-22T03:30:00.000Z',
          amount: { amount: 40594, currency: 'USD' },
          fee: { amount: 1217, currency: 'USD' },
          total: { amount: 41811, currency: 'USD' },
          refunded: { amount: 0, currency: 'USD' },
          card: { brand: 'visa', last4: '4242', funding: 'credit' },
          status: 'captured',
          receiptNumber: '000001',
          receivedOn: null,
          reference: null,
          paymentIntentId: expect.stringMatching(/^pi_/),
        },
      ],
      next: null,
      totals: [{ currency: 'USD', count: 1, amount: 40594, fee: 1217, total: 41811, refunded: 0 }],
    });
    expect((await world.call('get', `/api/v1/payments?branchId=${branchId}&from=2026-11-22`)).body.items).toEqual([]);
    expect((await world.call('get', `/api/v1/payments/${id}`).expect(200)).body).toEqual(list.body.items[0]);
  });

  it('are exported as a table that no spreadsheet takes for formulas', async () => {
    const branchId = await makeBranch(world, { name: '+Plus, "Ltd"' });
    const customer = { name: '=HYPERLINK("http://x")' };
    await capture(world, await makeInvoice(world, branchId, { customer, number: '@1' }), branchId);
    const csv = await world.call('get', `/api/v1/payments?branchId=${branchId}`).set('Accept', 'text/csv').expect(200);
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    const [head, row, ...rest] = csv.text.split('\n');
    expect(head).toBe(
      'captured_at_local,branch,invoice_number,customer,method,card,amount,fee,total,refunded,currency,status,receipt_number,payment_intent',
    );
    expect(row).toMatch(
      /^2026-11-21 22:30:00,"'\+Plus, ""Ltd""",'@1,"'=HYPERLINK\(""http:\/\/x""\)",card,visa 4242,405\.94,12\.17,418\.11,0\.00,USD,captured,000001,pi_\d+$/,
    );
    expect(rest).toEqual(['']);
  });
});

describe('audit', () => {
  it('shows what happened, oldest first, with the hash of each', async () => {
    const id = await makeInvoice(world, await makeBranch(world));
    await world.call('post', `/api/v1/invoices/${id}/links`).send({ channel: 'email' }).set('X-Request-Id', 'abc-1');
    const { body } = await world.call('get', `/api/v1/audit/invoices/${id}/events`).expect(200);
    expect(body.items.map((each: { type: string }) => each.type)).toEqual(['InvoiceRegistered', 'LinkIssued']);
    expect(body.items[1]).toMatchObject({
      revision: '1',
      actor: 'staff:admin',
      correlationId: 'abc-1',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      data: { recipient: 'ada@example.com' },
    });
  });
});
