import { describe, expect, it } from '@jest/globals';
import { fold } from '../../src/domain/decider.js';
import type { InvoiceCommand } from '../../src/domain/invoice/commands.js';
import { invoiceDecider } from '../../src/domain/invoice/decider.js';
import type { InvoiceEvent } from '../../src/domain/invoice/events.js';
import { given, nothing, refused } from '../support/given.js';
import {
  BROWSER,
  CUSTOMER_ID,
  invoiceRegistered,
  invoiceVoided,
  LINK_ID,
  linkIssued,
  linkOpened,
  linkRevoked,
  linkSendFailed,
  linkSent,
  OTHER_LINK_ID,
  PAID,
  paymentReleased,
  PAYING,
  pdfRequested,
  pdfSendFailed,
  pdfSent,
  receiptIssued,
} from '../support/given-invoice.js';

const invoice = (...events: readonly InvoiceEvent[]) => given(invoiceDecider, events);

describe('registering an invoice', () => {
  const register = (changes: Parameters<typeof invoiceRegistered>[0] = {}): InvoiceCommand => ({
    type: 'RegisterInvoice',
    data: invoiceRegistered(changes).data,
  });
  const line = (amountMinor: number) => ({ description: 'x', quantity: '1', unitPriceMinor: amountMinor, amountMinor });
  const totalling = (totalMinor: number) => register({ lines: [line(totalMinor)], totalMinor });

  it('records it as it was given', () => invoice().when(register()).then([invoiceRegistered()]));

  it('takes lines, discounts and tax that make the total', () => {
    const changes = { lines: [line(1_000), line(-100)], taxMinor: 75, totalMinor: 975 };
    invoice()
      .when(register(changes))
      .then([invoiceRegistered(changes)]);
  });

  it.each([0, 1, 99_999_999])('takes a total of %d', (total) => {
    invoice()
      .when(totalling(total))
      .then([invoiceRegistered({ lines: [line(total)], totalMinor: total })]);
  });

  it.each([-1, 100_000_000])('refuses a total of %d', (total) => {
    invoice()
      .when(totalling(total))
      .then(refused('amount_out_of_range', { amount: total, most: 99_999_999 }));
  });

  it('refuses a total that lines and tax do not make', () => {
    invoice()
      .when(register({ taxMinor: 1 }))
      .then(refused('total_mismatch', { expected: 40_594, actual: 40_595 }));
  });

  it('takes a due date on the day of issue and refuses one before it', () => {
    const same = { issuedOn: '2026-11-01', dueOn: '2026-11-01' };
    invoice()
      .when(register(same))
      .then([invoiceRegistered(same)]);
    invoice()
      .when(register({ dueOn: '2026-10-31' }))
      .then(refused('invalid_due_date'));
  });

  it.each([[[]], [[invoiceVoided()]]])(
    'refuses a number that is taken, also by a void invoice',
    (more: InvoiceEvent[]) => {
      invoice(invoiceRegistered(), ...more)
        .when(register())
        .then(refused('number_taken', { number: 'INV-1001' }));
    },
  );

  it('counts an invoice over nothing as paid', () => {
    const free = invoiceRegistered({ lines: [], totalMinor: 0 });
    expect(stateAfter(free)).toMatchObject({ status: 'paid', balanceMinor: 0 });
  });
});

describe('an invoice that is not there', () => {
  const commands: readonly InvoiceCommand[] = [
    { type: 'VoidInvoice', reason: 'x', seenRevision: undefined },
    { type: 'RevokeLink', linkId: LINK_ID },
    { type: 'IssueReceipt', paymentId: 'p', receiptId: 'r', number: '1' },
  ];
  it.each(commands)('refuses $type', (command) => invoice().when(command).then(refused('invoice_not_found')));

  it('has no history that begins in the middle', () => {
    expect(() => stateAfter(linkIssued())).toThrow('LinkIssued before InvoiceRegistered');
    expect(() => stateAfter(invoiceRegistered(), invoiceRegistered())).toThrow('twice');
  });
});

describe('voiding', () => {
  const voided = (seenRevision?: bigint): InvoiceCommand => ({
    type: 'VoidInvoice',
    reason: 'Sent twice',
    seenRevision,
  });

  it('ends what is owed', () => {
    invoice(invoiceRegistered()).when(voided()).then([invoiceVoided()]);
    expect(stateAfter(invoiceRegistered(), invoiceVoided())).toMatchObject({ status: 'void', balanceMinor: 0 });
  });

  it('is refused while an attempt is open, and allowed once it was released', () => {
    invoice(...PAYING)
      .when(voided())
      .then(refused('payment_in_progress'));
    invoice(...PAYING, paymentReleased())
      .when(voided())
      .then([invoiceVoided()]);
  });

  it('is refused once money came in', () =>
    invoice(...PAID)
      .when(voided())
      .then(refused('invoice_has_payments')));
  it('is refused twice', () =>
    invoice(invoiceRegistered(), invoiceVoided()).when(voided()).then(refused('invoice_void')));

  it('takes a version after which nothing payable changed, although links did', () => {
    invoice(invoiceRegistered(), linkIssued(), linkSent()).when(voided(0n)).then([invoiceVoided()]);
    invoice(invoiceRegistered(), linkIssued(), linkSent()).when(voided(2n)).then([invoiceVoided()]);
  });

  it('refuses a version that is older than the last payment, and one that is not there yet', () => {
    invoice(...PAID)
      .when(voided(4n))
      .then(refused('version_changed', { payableVersion: '6' }));
    invoice(invoiceRegistered())
      .when(voided(1n))
      .then(refused('version_changed', { revision: '0' }));
  });
});

describe('a link', () => {
  const { customerId: _customer, ...link } = linkIssued().data;
  const issue = (changes: object = {}): InvoiceCommand => ({ type: 'IssueLink', link: { ...link, ...changes } });

  it('is issued to the customer of the invoice', () => invoice(invoiceRegistered()).when(issue()).then([linkIssued()]));
  it('is issued once', () => invoice(invoiceRegistered(), linkIssued()).when(issue()).then(nothing));
  it('is found again although the invoice was paid since', () =>
    invoice(...PAID)
      .when(issue())
      .then(nothing));

  it('needs a recipient, unless it is copied', () => {
    const { recipient: _recipient, ...bare } = link;
    invoice(invoiceRegistered())
      .when({ type: 'IssueLink', link: bare })
      .then(refused('recipient_missing', { channel: 'email' }));
    invoice(invoiceRegistered())
      .when({ type: 'IssueLink', link: { ...bare, channel: 'none' } })
      .then([{ type: 'LinkIssued', data: { ...bare, channel: 'none', customerId: CUSTOMER_ID } }]);
  });

  it('is refused for an invoice that is void or paid', () => {
    invoice(invoiceRegistered(), invoiceVoided()).when(issue()).then(refused('invoice_void'));
    invoice(...PAID)
      .when(issue({ linkId: OTHER_LINK_ID }))
      .then(refused('invoice_paid'));
  });

  const sent: InvoiceCommand = { type: 'RecordLinkSent', ...linkSent().data };
  it.each<[string, readonly InvoiceEvent[]]>([
    ['issued', [invoiceRegistered(), linkIssued()]],
    ['opened before the news came', [invoiceRegistered(), linkIssued(), linkOpened()]],
    ['revoked', [invoiceRegistered(), linkIssued(), linkRevoked()]],
    ['thought to have failed', [invoiceRegistered(), linkIssued(), linkSendFailed()]],
    ['of a void invoice', [invoiceRegistered(), linkIssued(), invoiceVoided()]],
    ['of a paid invoice', PAID.filter(({ type }) => type !== 'LinkSent')],
  ])('is recorded as sent when it is %s', (_state, events) =>
    invoice(...events)
      .when(sent)
      .then([linkSent()]),
  );

  it('is recorded as sent once', () => invoice(invoiceRegistered(), linkIssued(), linkSent()).when(sent).then(nothing));

  const failed: InvoiceCommand = { type: 'RecordLinkSendFailed', ...linkSendFailed().data };
  it('fails once, and not after it was sent', () => {
    invoice(invoiceRegistered(), linkIssued()).when(failed).then([linkSendFailed()]);
    invoice(invoiceRegistered(), linkIssued(), linkSendFailed()).when(failed).then(nothing);
    invoice(invoiceRegistered(), linkIssued(), linkSent()).when(failed).then(nothing);
  });

  const open: InvoiceCommand = { type: 'OpenLink', linkId: LINK_ID, evidence: 'interaction', browser: BROWSER };
  it('is opened once, and not after it was revoked', () => {
    invoice(invoiceRegistered(), linkIssued()).when(open).then([linkOpened()]);
    invoice(invoiceRegistered(), linkIssued(), linkOpened()).when(open).then(nothing);
    invoice(invoiceRegistered(), linkIssued(), linkRevoked()).when(open).then(nothing);
  });

  const revoke: InvoiceCommand = { type: 'RevokeLink', linkId: LINK_ID };
  it('is revoked once', () => {
    invoice(invoiceRegistered(), linkIssued()).when(revoke).then([linkRevoked()]);
    invoice(invoiceRegistered(), linkIssued(), linkRevoked()).when(revoke).then(nothing);
  });

  it.each([sent, failed, open, revoke])('that is not there refuses $type', (command) => {
    invoice(invoiceRegistered())
      .when(command)
      .then(refused('link_not_found', { linkId: LINK_ID }));
  });
});

describe('the PDF by mail', () => {
  const request: InvoiceCommand = { type: 'RequestInvoicePdf', requestId: 'request-1', recipient: 'ada@example.com' };
  const sent: InvoiceCommand = { type: 'RecordInvoicePdfSent', ...pdfSent().data };

  it('is asked for once a request, also of a paid invoice', () => {
    invoice(invoiceRegistered()).when(request).then([pdfRequested()]);
    invoice(...PAID)
      .when(request)
      .then([pdfRequested()]);
    invoice(invoiceRegistered(), pdfRequested()).when(request).then(nothing);
  });

  it('is recorded as sent once, and only where it was asked for', () => {
    invoice(invoiceRegistered(), pdfRequested()).when(sent).then([pdfSent()]);
    invoice(invoiceRegistered(), pdfRequested(), pdfSent()).when(sent).then(nothing);
    const failed: InvoiceCommand = { type: 'RecordInvoicePdfSendFailed', ...pdfSendFailed().data };
    invoice(invoiceRegistered(), pdfRequested()).when(failed).then([pdfSendFailed()]);
    invoice(invoiceRegistered(), pdfRequested(), pdfSendFailed()).when(failed).then(nothing);
    invoice(invoiceRegistered(), pdfRequested(), pdfSent()).when(failed).then(nothing);
    invoice(invoiceRegistered()).when(sent).then(nothing);
  });
});

describe('what is payable', () => {
  it('changes with what changes the balance and with nothing else', () => {
    const events = [...PAID, receiptIssued()];
    const versions = events.map((_, index) => stateAfter(...events.slice(0, index + 1)));
    expect(versions.map((state) => state.status !== 'absent' && state.payableVersion)).toEqual([
      0n,
      0n,
      0n,
      0n,
      0n,
      0n,
      6n,
      6n,
    ]);
  });
});

function stateAfter(...events: readonly InvoiceEvent[]) {
  return fold(
    invoiceDecider,
    events.map((event, index) => ({ event, revision: BigInt(index) })),
  );
}
