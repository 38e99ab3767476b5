/** What happened to one invoice of Ada Byron's, event by event, for tests that begin in the middle. */
import type { BranchDetails } from '../../src/domain/branch/events.js';
import { DEFAULT_CONSENT_TEXT, DEFAULT_DISCLOSURE_TEXT, type FeePolicy } from '../../src/domain/fees.js';
import type { InvoiceEvent } from '../../src/domain/invoice/events.js';

type DataOf<Type extends InvoiceEvent['type']> = Extract<InvoiceEvent, { type: Type }>['data'];
type Made<Type extends InvoiceEvent['type']> = { readonly type: Type; readonly data: DataOf<Type> };

export const BRANCH_ID = '4b2f8a54-1c1b-5d3e-9a56-0f4f5d0c2e11';
export const INVOICE_ID = 'b7f7c7b2-51f5-5b52-8a55-6a0b8f9a3c01';
export const CUSTOMER_ID = '9d3f54e6-8a3e-5c60-b6ad-b9c6f2a0d702';
export const LINK_ID = 'AAAAAAAAAAAAAAAA';
export const OTHER_LINK_ID = 'BBBBBBBBBBBBBBBB';
export const ATTEMPT_ID = '1f0c8f9a-6b8d-5a5e-8f8b-7a0f8f1f6a01';
export const OTHER_ATTEMPT_ID = '2f0c8f9a-6b8d-5a5e-8f8b-7a0f8f1f6a02';
export const BROWSER = { ip: '203.0.113.7', userAgent: 'Example/1.0' };

export const BRANCH: BranchDetails = {
  name: 'Main Street',
  timeZone: 'America/New_York',
  currency: 'USD',
  locale: 'en-US',
  country: 'US',
  region: 'TX',
  replyTo: 'office@example.com',
};

export const FEE_POLICY: FeePolicy = {
  enabled: true,
  rateBps: 300,
  fixedMinor: 0,
  capBps: 300,
  fundings: ['credit'],
  label: 'Processing fee',
  consentText: DEFAULT_CONSENT_TEXT,
  disclosureText: DEFAULT_DISCLOSURE_TEXT,
};

/** Each event as the journey of the worked example has it (405.94 USD, a fee of 12.17); `changes` says what is different. */
const made =
  <Type extends InvoiceEvent['type']>(type: Type, data: DataOf<Type>) =>
  (changes: Partial<DataOf<Type>> = {}): Made<Type> => ({ type, data: { ...data, ...changes } as DataOf<Type> });

export const invoiceRegistered = made('InvoiceRegistered', {
  invoiceId: INVOICE_ID,
  branchId: BRANCH_ID,
  number: 'INV-1001',
  issuedOn: '2026-11-01',
  dueOn: '2026-12-01',
  currency: 'USD',
  customerId: CUSTOMER_ID,
  customer: { name: 'Ada Byron', email: 'ada@example.com' },
  lines: [{ description: 'Annual service', quantity: '1', unitPriceMinor: 40_594, amountMinor: 40_594 }],
  taxMinor: 0,
  totalMinor: 40_594,
});
export const invoiceVoided = made('InvoiceVoided', { reason: 'Sent twice' });
export const pdfRequested = made('InvoicePdfRequested', {
  requestId: 'request-1',
  customerId: CUSTOMER_ID,
  recipient: 'ada@example.com',
});
export const pdfSendFailed = made('InvoicePdfSendFailed', {
  requestId: 'request-1',
  code: '550',
  reason: 'No such mailbox',
});
export const pdfSent = made('InvoicePdfSent', { requestId: 'request-1', messageId: 'pdf.1@host', providerId: '250' });
export const linkIssued = made('LinkIssued', {
  linkId: LINK_ID,
  channel: 'email',
  customerId: CUSTOMER_ID,
  recipient: 'ada@example.com',
  expiresAt: '2026-12-31T23:59:59.999Z',
});
export const linkSent = made('LinkSent', { linkId: LINK_ID, messageId: 'link.1@host', providerId: '250' });
export const linkSendFailed = made('LinkSendFailed', { linkId: LINK_ID, code: '550', reason: 'No such mailbox' });
export const linkOpened = made('LinkOpened', {
  linkId: LINK_ID,
  customerId: CUSTOMER_ID,
  evidence: 'interaction',
  browser: BROWSER,
});
export const linkRevoked = made('LinkRevoked', { linkId: LINK_ID });
export const feeAccepted = made('FeeAccepted', {
  attemptId: ATTEMPT_ID,
  linkId: LINK_ID,
  quoteId: 'quote-1',
  quoteHash: 'aa'.repeat(32),
  amountMinor: 40_594,
  feeMinor: 1_217,
  totalMinor: 41_811,
  currency: 'USD',
  policyVersion: '2',
  consentText: 'I agree to the processing fee of $12.17',
  disclosureText: 'Paying by credit card adds a processing fee of up to $12.17.',
  termsHash: 'bb'.repeat(32),
  acceptedAt: '2026-11-20T12:00:00.000Z',
  customerId: CUSTOMER_ID,
  browser: BROWSER,
});
export const paymentStarted = made('PaymentStarted', {
  attemptId: ATTEMPT_ID,
  linkId: LINK_ID,
  branchId: BRANCH_ID,
  processor: 'stripe',
  account: { mode: 'platform' },
  paymentIntentId: 'pi_1',
  confirmationTokenId: 'ctoken_1',
  amountMinor: 40_594,
  feeMinor: 1_217,
  totalMinor: 41_811,
  currency: 'USD',
  payableVersion: '0',
  startedAt: '2026-11-20T12:00:00.000Z',
});
export const paymentFailed = made('PaymentFailed', {
  attemptId: ATTEMPT_ID,
  paymentIntentId: 'pi_1',
  code: 'card_declined',
  declineCode: 'generic_decline',
});
export const paymentReleased = made('PaymentReleased', {
  attemptId: ATTEMPT_ID,
  paymentIntentId: 'pi_1',
  reason: 'other_card',
});
export const paymentCaptured = made('PaymentCaptured', {
  paymentId: ATTEMPT_ID,
  attemptId: ATTEMPT_ID,
  linkId: LINK_ID,
  branchId: BRANCH_ID,
  processor: 'stripe',
  paymentIntentId: 'pi_1',
  chargeId: 'ch_1',
  amountMinor: 40_594,
  feeMinor: 1_217,
  totalMinor: 41_811,
  currency: 'USD',
  card: { brand: 'visa', last4: '4242', funding: 'credit', country: 'US' },
  capturedAt: '2026-11-20T12:00:05.000Z',
});
export const receiptIssued = made('ReceiptIssued', {
  paymentId: ATTEMPT_ID,
  receiptId: 'CCCCCCCCCCCCCCCC',
  number: '000001',
});
export const receiptSent = made('ReceiptSent', {
  paymentId: ATTEMPT_ID,
  receiptId: 'CCCCCCCCCCCCCCCC',
  channel: 'email',
  messageId: 'receipt.1@host',
  providerId: '250',
});
export const receiptSendFailed = made('ReceiptSendFailed', {
  paymentId: ATTEMPT_ID,
  code: '550',
  reason: 'No such mailbox',
});

export const invoiceRevised = made('InvoiceRevised', {
  issuedOn: '2026-11-01',
  dueOn: '2026-12-15',
  customerId: CUSTOMER_ID,
  customer: { name: 'Ada Byron', email: 'ada@example.com' },
  lines: [{ description: 'Annual service', quantity: '1', unitPriceMinor: 38_000, amountMinor: 38_000 }],
  taxMinor: 0,
  totalMinor: 38_000,
});
export const linkDelivered = made('LinkDelivered', {
  linkId: LINK_ID,
  providerId: 'SM1',
  at: '2026-11-20T12:00:03.000Z',
});
export const linkBounced = made('LinkBounced', {
  linkId: LINK_ID,
  code: '30003',
  reason: 'Unreachable destination handset',
  at: '2026-11-20T12:00:03.000Z',
});
export const customerReplied = made('CustomerReplied', {
  linkId: LINK_ID,
  customerId: CUSTOMER_ID,
  providerId: 'SM2',
  text: 'May I pay on Friday?',
  receivedAt: '2026-11-20T12:10:00.000Z',
});
export const reminderScheduled = made('ReminderScheduled', {
  linkId: LINK_ID,
  when: 'before_due',
  days: 3,
  on: '2026-11-28',
});
export const linkRenewalRequested = made('LinkRenewalRequested', {
  linkId: LINK_ID,
  requestedAt: '2027-01-02T12:00:00.000Z',
  outcome: 'issued',
  newLinkId: OTHER_LINK_ID,
});
export const PAYMENT_ID = '3f0c8f9a-6b8d-5a5e-8f8b-7a0f8f1f6a03';
export const paymentRecorded = made('PaymentRecorded', {
  paymentId: PAYMENT_ID,
  branchId: BRANCH_ID,
  method: 'check',
  amountMinor: 10_000,
  currency: 'USD',
  receivedOn: '2026-11-20',
  reference: 'Check 1044',
});
export const paymentRecordReversed = made('PaymentRecordReversed', {
  paymentId: PAYMENT_ID,
  reason: 'The check came back',
});
export const receiptEmailRequested = made('ReceiptEmailRequested', {
  requestId: 'request-2',
  paymentId: ATTEMPT_ID,
  customerId: CUSTOMER_ID,
  recipient: 'ada@example.com',
});
export const receiptEmailSent = made('ReceiptEmailSent', {
  requestId: 'request-2',
  messageId: 'receipt-email.1@host',
  providerId: '250',
});
export const receiptEmailFailed = made('ReceiptEmailFailed', {
  requestId: 'request-2',
  code: '550',
  reason: 'No such mailbox',
});

/** The backbone up to the charge. */
export const PAYING: readonly InvoiceEvent[] = [
  invoiceRegistered(),
  linkIssued(),
  linkSent(),
  linkOpened(),
  feeAccepted(),
  paymentStarted(),
];
export const PAID: readonly InvoiceEvent[] = [...PAYING, paymentCaptured()];
