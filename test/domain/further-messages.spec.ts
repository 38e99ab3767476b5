import { describe, it } from '@jest/globals';
import { invoiceDecider } from '../../src/domain/invoice/decider.js';
import type { InvoiceCommand } from '../../src/domain/invoice/commands.js';
import { given, refused } from '../support/given.js';
import * as invoice from '../support/given-invoice.js';

const { LINK_ID, OTHER_LINK_ID, CUSTOMER_ID, ATTEMPT_ID } = invoice;
const NOW = '2027-01-02T12:00:00.000Z';
const FRESH = { linkId: OTHER_LINK_ID, expiresAt: '2027-02-01T04:59:59.999Z' };
const SENT = [invoice.invoiceRegistered(), invoice.linkIssued(), invoice.linkSent()];

const renew = (changes: Partial<Extract<InvoiceCommand, { type: 'RenewLink' }>> = {}): InvoiceCommand => ({
  type: 'RenewLink',
  linkId: LINK_ID,
  now: NOW,
  fresh: FRESH,
  contactChanged: false,
  ...changes,
});
const asked = (requestedAt: string) => invoice.linkRenewalRequested({ requestedAt });

describe('a fresh link from an expired page', () => {
  it('goes to the recipient of that very link', () => {
    given(invoiceDecider, SENT)
      .when(renew())
      .then([
        invoice.linkIssued({ ...FRESH, purpose: 'renewal' }),
        invoice.linkRenewalRequested({ requestedAt: NOW, outcome: 'issued', newLinkId: OTHER_LINK_ID }),
      ]);
  });

  it.each([
    ['the contact has changed', SENT, { contactChanged: true }, 'contact_changed'],
    ['staff revoked the link', [...SENT, invoice.linkRevoked()], {}, 'revoked'],
  ] as const)('is not made where %s: the wish is kept for staff', (_when, history, changes, outcome) => {
    given(invoiceDecider, history)
      .when(renew(changes))
      .then([{ type: 'LinkRenewalRequested', data: { linkId: LINK_ID, requestedAt: NOW, outcome } }]);
  });

  it('is not made for a copied link, which has no recipient', () => {
    const { recipient: _recipient, ...copied } = invoice.linkIssued({ channel: 'none' }).data;
    given(invoiceDecider, [invoice.invoiceRegistered(), { type: 'LinkIssued', data: copied }])
      .when(renew())
      .then([{ type: 'LinkRenewalRequested', data: { linkId: LINK_ID, requestedAt: NOW, outcome: 'no_recipient' } }]);
  });

  it('is made once for one request', () => {
    given(invoiceDecider, [...SENT, invoice.linkIssued({ ...FRESH, purpose: 'renewal' })])
      .when(renew())
      .then([]);
  });

  it('is made three times within 24 hours and not a fourth time', () => {
    const earlier = ['2027-01-01T12:00:01.000Z', '2027-01-02T08:00:00.000Z', '2027-01-02T11:00:00.000Z'].map(asked);
    given(invoiceDecider, [...SENT, ...earlier])
      .when(renew())
      .then(refused('renewals_exhausted'));
    given(invoiceDecider, [...SENT, asked('2027-01-01T12:00:00.000Z'), ...earlier.slice(1)])
      .when(renew())
      .then([
        invoice.linkIssued({ ...FRESH, purpose: 'renewal' }),
        invoice.linkRenewalRequested({ requestedAt: NOW, outcome: 'issued', newLinkId: OTHER_LINK_ID }),
      ]);
  });

  it('is made three times for one invoice, from whichever links; wishes that sent nothing do not count', () => {
    const third = 'CCCCCCCCCCCCCCCC';
    const from = (linkId: string, outcome: 'issued' | 'revoked') => (requestedAt: string) =>
      invoice.linkRenewalRequested({ linkId, requestedAt, outcome });
    const times = ['2027-01-02T08:00:00.000Z', '2027-01-02T09:00:00.000Z', '2027-01-02T11:00:00.000Z'];
    const other = [...SENT, invoice.linkIssued({ linkId: third })];
    given(invoiceDecider, [...other, ...times.map(from(third, 'issued'))])
      .when(renew())
      .then(refused('renewals_exhausted'));
    given(invoiceDecider, [...other, ...times.map(from(third, 'revoked'))])
      .when(renew())
      .then([
        invoice.linkIssued({ ...FRESH, purpose: 'renewal' }),
        invoice.linkRenewalRequested({ requestedAt: NOW, outcome: 'issued', newLinkId: OTHER_LINK_ID }),
      ]);
  });

  it('is refused while the link still opens, and where nothing is to be paid', () => {
    given(invoiceDecider, SENT)
      .when(renew({ now: '2026-12-01T00:00:00.000Z' }))
      .then(refused('link_not_expired'));
    given(invoiceDecider, [...SENT, invoice.invoiceVoided()])
      .when(renew())
      .then(refused('invoice_void'));
    given(invoiceDecider, invoice.PAID).when(renew()).then(refused('invoice_paid'));
  });
});

describe('a reminder', () => {
  const { customerId: _customerId, ...link } = invoice.linkIssued({ linkId: OTHER_LINK_ID }).data;
  const remind: InvoiceCommand = {
    type: 'ScheduleReminder',
    link,
    reminder: { when: 'before_due', days: 3, on: '2026-11-28' },
  };
  const reminded = invoice.reminderScheduled({ linkId: OTHER_LINK_ID });

  it('is decided together with its link', () => {
    given(invoiceDecider, SENT)
      .when(remind)
      .then([invoice.linkIssued({ linkId: OTHER_LINK_ID, purpose: 'reminder' }), reminded]);
  });

  it('is not decided twice for a day', () => {
    given(invoiceDecider, [...SENT, invoice.reminderScheduled({ on: '2026-11-28', days: 1 })])
      .when(remind)
      .then([]);
  });

  it.each([
    ['paid', invoice.PAID],
    ['void', [...SENT, invoice.invoiceVoided()]],
    ['just being paid', invoice.PAYING],
  ] as const)('is not decided for an invoice that is %s', (_status, history) => {
    given(invoiceDecider, history).when(remind).then([]);
  });
});

describe('a receipt by email', () => {
  const RECEIPTED = [...invoice.PAID, invoice.receiptIssued()];
  const request = (changes: { requestId?: string; recipient?: string } = {}): InvoiceCommand => ({
    type: 'RequestReceiptEmail',
    requestId: 'request-2',
    paymentId: ATTEMPT_ID,
    recipient: 'ada@example.com',
    ...changes,
  });

  it('is asked for once an address', () => {
    given(invoiceDecider, RECEIPTED)
      .when(request())
      .then([
        {
          type: 'ReceiptEmailRequested',
          data: {
            requestId: 'request-2',
            paymentId: ATTEMPT_ID,
            customerId: CUSTOMER_ID,
            recipient: 'ada@example.com',
          },
        },
      ]);
    given(invoiceDecider, [...RECEIPTED, invoice.receiptEmailRequested()])
      .when(request({ requestId: 'request-3' }))
      .then([]);
  });

  it('may be asked for again where the first one failed', () => {
    const failed = [...RECEIPTED, invoice.receiptEmailRequested(), invoice.receiptEmailFailed()];
    given(invoiceDecider, failed)
      .when(request({ requestId: 'request-3' }))
      .then([invoice.receiptEmailRequested({ requestId: 'request-3' })]);
  });

  it('goes to three addresses and no more', () => {
    const three = ['a', 'b', 'c'].map((name) =>
      invoice.receiptEmailRequested({ requestId: name, recipient: `${name}@example.com` }),
    );
    given(invoiceDecider, [...RECEIPTED, ...three])
      .when(request({ requestId: 'd', recipient: 'd@example.com' }))
      .then(refused('receipt_emails_exhausted'));
  });

  it('needs a receipt', () => {
    given(invoiceDecider, invoice.PAID).when(request()).then(refused('receipt_not_found'));
  });

  it('ends once', () => {
    const sent = { type: 'RecordReceiptEmailSent', ...invoice.receiptEmailSent().data } as const;
    const open = [...RECEIPTED, invoice.receiptEmailRequested()];
    given(invoiceDecider, open).when(sent).then([invoice.receiptEmailSent()]);
    given(invoiceDecider, [...open, invoice.receiptEmailSent()])
      .when(sent)
      .then([]);
    given(invoiceDecider, [...open, invoice.receiptEmailSent()])
      .when({ type: 'RecordReceiptEmailFailed', ...invoice.receiptEmailFailed().data })
      .then([]);
  });
});
