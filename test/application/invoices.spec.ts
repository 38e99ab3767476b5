import { describe, expect, it } from '@jest/globals';
import { CreateApiKey } from '../../src/application/administration/create-api-key.js';
import { RevokeApiKey } from '../../src/application/administration/revoke-api-key.js';
import { GetBranch } from '../../src/application/branch/get-branch.js';
import { RegisterBranch } from '../../src/application/branch/register-branch.js';
import { UpdateBranch } from '../../src/application/branch/update-branch.js';
import { GetInvoice } from '../../src/application/invoice/get-invoice.js';
import { GetInvoiceEvents } from '../../src/application/invoice/get-invoice-events.js';
import { GetLinks } from '../../src/application/invoice/get-links.js';
import type { InvoiceInput } from '../../src/application/invoice/invoice-registration.js';
import { RegisterInvoice } from '../../src/application/invoice/register-invoice.js';
import { RevokeLink } from '../../src/application/invoice/revoke-link.js';
import { SendInvoicePdf } from '../../src/application/invoice/send-invoice-pdf.js';
import { SendLink } from '../../src/application/invoice/send-link.js';
import { VoidInvoice } from '../../src/application/invoice/void-invoice.js';
import { by } from '../support/doubles/application.js';
import { CARDS } from '../support/doubles/card-processor.js';
import { BRANCH } from '../support/given-invoice.js';
import { invoiceInput, Journey } from './journey.js';

const staff = (cause?: string) => by('staff:1', cause);
const register = (journey: Journey, changes: Partial<InvoiceInput> = {}, context = staff()) =>
  journey.app.ask(new RegisterInvoice(invoiceInput(journey.branchId, { number: 'INV-2', ...changes }), context));
const streams = ({ world }: Journey): readonly string[] => [...new Set(world.store.all().map(({ stream }) => stream))];

describe('registering an invoice', () => {
  it('answers the invoice, and the same one to the same request again', async () => {
    const journey = await Journey.begin();
    const first = await register(journey, {}, staff('key-1'));
    const again = await register(journey, {}, staff('key-1'));
    expect(first).toMatchObject({ created: true, invoice: { status: 'open', totalMinor: 40_594, revision: 0n } });
    expect(again).toEqual({ ...first, created: false });
  });

  it.each(['INV-1001', ' inv-1001 ', 'ＩＮＶ-1001'])(
    'refuses the number %s that another request took',
    async (number) => {
      const journey = await Journey.begin();
      await expect(register(journey, { number })).rejects.toMatchObject({ code: 'number_taken' });
    },
  );

  it.each<[string, Partial<InvoiceInput>]>([
    ['number_taken', { number: 'INV-1001' }],
    ['currency_differs', { currency: 'EUR' }],
    ['total_mismatch', { expectedTotal: 1 }],
    ['invalid_due_date', { dueOn: '2026-10-01' }],
    ['amount_out_of_range', { tax: 99_999_999 }],
    ['invalid_quantity', { lines: [{ description: 'x', quantity: '-1', unitPrice: 1 }] }],
    ['card_number_in_text', { lines: [{ description: '4242 4242 4242 4242', quantity: '1', unitPrice: 1 }] }],
  ])('that is refused (%s) leaves neither an invoice nor a customer', async (code, changes) => {
    const journey = await Journey.begin();
    const before = streams(journey);
    const customer = { name: 'Somebody new', email: 'new@example.com' };
    await expect(register(journey, { customer, ...changes })).rejects.toMatchObject({ code });
    expect(streams(journey)).toEqual(before);
  });

  it('finds the customer by their number in staff’s books, else by their address, else makes one', async () => {
    const journey = await Journey.begin();
    const customerOf = async (number: string, customer: InvoiceInput['customer']) =>
      (await register(journey, { number, customer })).invoice.customerId;
    const byEmail = await customerOf('A', { name: 'Ada Byron', email: 'ADA@example.com' });
    expect(await customerOf('B', { name: 'A. Byron', email: 'ada@EXAMPLE.com' })).toBe(byEmail);
    const byNumber = await customerOf('C', { name: 'Ada Byron', externalId: '7' });
    expect(await customerOf('D', { name: 'Ada B.', externalId: '7', email: 'other@example.com' })).toBe(byNumber);
    expect(await customerOf('E', { id: byEmail })).toBe(byEmail);
    const unknown = [await customerOf('F', { name: 'Ada Byron' }), await customerOf('G', { name: 'Ada Byron' })];
    expect(new Set([byEmail, byNumber, ...unknown]).size).toBe(4);
  });

  it('refuses a customer that is not there or of another branch', async () => {
    const journey = await Journey.begin();
    const { branchId } = (await journey.app.ask(new RegisterBranch({ details: BRANCH }, staff()))).branch;
    const { customerId } = await journey.app.ask(new GetInvoice({ invoiceId: journey.invoiceId }));
    const foreign = new RegisterInvoice(invoiceInput(branchId, { customer: { id: customerId } }), staff());
    await expect(journey.app.ask(foreign)).rejects.toMatchObject({ code: 'customer_not_found' });
    await expect(register(journey, { customer: { id: 'x' } })).rejects.toMatchObject({ code: 'customer_not_found' });
    const nowhere = new RegisterInvoice(invoiceInput('no-branch'), staff());
    await expect(journey.app.ask(nowhere)).rejects.toMatchObject({ code: 'branch_not_found' });
  });

  it('becomes overdue on the day after it was due, as the branch sees days', async () => {
    const journey = await Journey.begin();
    const { invoice } = await register(journey, { dueOn: '2026-11-20' });
    const isOverdue = async () => (await journey.app.ask(new GetInvoice({ invoiceId: invoice.invoiceId }))).overdue;
    journey.world.clock.advance(Date.parse('2026-11-21T04:59:59Z') - journey.world.clock.now().getTime());
    expect(await isOverdue()).toBe(false);
    journey.world.clock.advance(1_000);
    expect(await isOverdue()).toBe(true);
  });
});

describe('sending a link', () => {
  const send = (journey: Journey, channel: 'email' | 'sms' | 'none', to?: string, context = staff()) =>
    journey.app.ask(new SendLink({ invoiceId: journey.invoiceId, channel, to, textConsent: 'api' }, context));

  it('makes one link a request, with an address that holds no secret of the store', async () => {
    const journey = await Journey.begin();
    const first = await send(journey, 'email', undefined, staff('key-1'));
    const again = await send(journey, 'email', undefined, staff('key-1'));
    expect(again).toEqual(first);
    expect(first.link).toMatchObject({ status: 'queued', recipient: 'ada@example.com', channel: 'email' });
    const token = first.url.slice('https://pay.example.com/pay/'.length);
    expect(journey.world.tokens.verify('pay', token)).toBe(first.link.linkId);
    expect(JSON.stringify(journey.world.store.all().map(({ data }) => data))).not.toContain(token);
  });

  it.each([
    ['email', undefined, 'ada@example.com'],
    ['email', ' Other@Example.COM ', 'Other@example.com'],
    ['sms', undefined, '+15550100'],
    ['sms', '+1 555 0199', '+15550199'],
    ['none', undefined, undefined],
  ] as const)('by %s to %s goes to %s', async (channel, to, recipient) => {
    expect((await send(await Journey.begin(), channel, to)).link.recipient).toBe(recipient);
  });

  it('needs somebody to send to', async () => {
    const journey = await Journey.begin();
    const { invoice } = await register(journey, { customer: { name: 'Ada Byron' } });
    const missing = (channel: 'email' | 'sms') =>
      journey.app.ask(new SendLink({ invoiceId: invoice.invoiceId, channel, textConsent: 'api' }, staff()));
    await expect(missing('email')).rejects.toMatchObject({ code: 'recipient_missing', details: { channel: 'email' } });
    await expect(missing('sms')).rejects.toMatchObject({ code: 'recipient_missing', details: { channel: 'sms' } });
    await expect(send(journey, 'email', 'a@b.com,c@d.com')).rejects.toMatchObject({ code: 'invalid_recipient' });
  });

  it('warns where the invoice could not be paid by card', async () => {
    const { warnings } = await send(await Journey.begin({ cards: false }), 'none');
    expect(warnings).toEqual([{ code: 'card_processing_not_set_up' }]);
  });

  it('shows what became of each link', async () => {
    const journey = await Journey.begin();
    const { linkId, invoiceId } = journey;
    await journey.app.ask(new RevokeLink({ invoiceId, linkId }, staff()));
    await send(journey, 'none');
    const { items } = await journey.app.ask(new GetLinks({ invoiceId }));
    expect(items.map(({ status, history }) => [status, history.map((step) => step.status)])).toEqual([
      ['revoked', ['queued', 'revoked']],
      ['queued', ['queued']],
    ]);
    const elsewhere = journey.app.ask(new RevokeLink({ invoiceId, linkId: 'x' }, staff()));
    await expect(elsewhere).rejects.toMatchObject({ code: 'link_not_found' });
  });
});

describe('voiding an invoice', () => {
  const voided = (journey: Journey, seenRevision?: bigint, cause?: string) =>
    journey.app.ask(new VoidInvoice({ invoiceId: journey.invoiceId, reason: 'x', seenRevision }, staff(cause)));

  it('is answered the same to the same request again', async () => {
    const journey = await Journey.begin();
    const first = await voided(journey, 0n, 'key-1');
    expect(first.invoice).toMatchObject({ status: 'void', balanceMinor: 0 });
    expect(await voided(journey, 0n, 'key-1')).toEqual(first);
    await expect(voided(journey)).rejects.toMatchObject({ code: 'invoice_void' });
  });

  it('is refused to who has not seen the payment', async () => {
    const journey = await Journey.begin();
    await journey.pay(CARDS.credit);
    await expect(voided(journey, 1n)).rejects.toMatchObject({ code: 'version_changed' });
    await expect(voided(journey)).rejects.toMatchObject({ code: 'invoice_has_payments' });
  });
});

describe('the events of an invoice', () => {
  it('are told in order and in plain', async () => {
    const journey = await Journey.begin();
    await journey.app.ask(new SendInvoicePdf({ invoiceId: journey.invoiceId }, staff()));
    const { events, branchId } = await journey.app.ask(new GetInvoiceEvents({ invoiceId: journey.invoiceId }));
    expect(branchId).toBe(journey.branchId);
    expect(events.map(({ event }) => event.type)).toEqual(['InvoiceRegistered', 'LinkIssued', 'InvoicePdfRequested']);
    expect(events[2]!.event.data).toMatchObject({ recipient: 'ada@example.com' });
    await expect(journey.app.ask(new GetInvoiceEvents({ invoiceId: 'x' }))).rejects.toMatchObject({
      code: 'invoice_not_found',
    });
  });
});

describe('a branch and an API key', () => {
  it('are made once a request', async () => {
    const { app } = await Journey.begin();
    const branch = () => app.ask(new RegisterBranch({ details: BRANCH }, staff('key-b')));
    expect(await branch()).toEqual(await branch());
    const key = () => app.ask(new CreateApiKey({ name: 'Books', role: 'finance' }, staff('key-k')));
    const first = await key();
    expect(await key()).toEqual(first);
    await app.ask(new RevokeApiKey({ keyId: first.keyId }, staff()));
    await expect(app.ask(new RevokeApiKey({ keyId: 'x' }, staff()))).rejects.toMatchObject({
      code: 'api_key_not_found',
    });
  });

  it('show a change at once', async () => {
    const { app, branchId } = await Journey.begin();
    await app.ask(new UpdateBranch({ branchId, changes: { telephone: '+15550100', replyTo: null } }, staff()));
    const { details, revision } = await app.ask(new GetBranch({ branchId }));
    expect({ revision, telephone: details.telephone, replyTo: details.replyTo }).toEqual({
      revision: 3n,
      telephone: '+15550100',
      replyTo: undefined,
    });
  });

  it('keep the key itself out of the log', async () => {
    const { app, world } = await Journey.begin();
    const { key } = await app.ask(new CreateApiKey({ name: 'Books', role: 'finance' }, staff()));
    expect(JSON.stringify(world.store.all().map(({ data }) => data))).not.toContain(key);
  });
});
