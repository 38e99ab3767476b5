import type { InvoiceDocument, ReceiptDocument } from '../../src/application/documents.js';
import type { PaidView, PayPage } from '../../src/application/pay/view-pay-page.js';
import type { Quote } from '../../src/application/pay/quote-payment.js';

/** A small checkered square: what a logo looks like to a page. */
const LOGO =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAADAAAAAwCAIAAADYYG7QAAAAUklEQVR42u3XsQ0AIAgEQDdwU0undBlrG0dAEqPNJV8/1wFlrBmm9hbmVk8BAgICAgJKgl4OO+kBAgICAgLKgmx7ICAgICB/mfMDCAgICOgraANTdYJxqGRTiAAAAABJRU5ErkJggg==';

const BRANCH: InvoiceDocument['branch'] = {
  name: 'Harbor Cold Storage',
  timeZone: 'America/New_York',
  currency: 'USD',
  locale: 'en-US',
  country: 'US',
  region: 'NJ',
  address: ['48 Pier Street', 'Newark, NJ 07105'],
  replyTo: 'office@harbor.example',
  telephone: '+1 212 555 0100',
  otherWaysToPay: 'a check to the address on the invoice bears no fee.',
};

export const GERMAN_BRANCH: InvoiceDocument['branch'] = {
  name: 'Rheinisch-Westfälische Kühlhausbetriebs- und Tiefkühllogistikdienstleistungsgesellschaft mbH & Co. KG',
  timeZone: 'Europe/Berlin',
  currency: 'EUR',
  locale: 'de-DE',
  country: 'DE',
  address: ['Donaudampfschifffahrtsgesellschaftskapitänsstraße 117', '47119 Duisburg'],
  replyTo: 'rechnungswesen-debitorenbuchhaltung@kuehlhaus.example',
  telephone: '+49 203 5550100',
  colour: '#ffcc00',
  logo: LOGO,
};

/** The moment at which every fixture is looked at. */
export const NOW = new Date('2026-12-16T15:00:00Z');

export function invoice(changes: Partial<InvoiceDocument> = {}): InvoiceDocument {
  return {
    branch: BRANCH,
    invoiceId: '3f0c2f0e-2f7c-5d3e-9d59-6f2f5f0a1b2c',
    number: 'INV-1001',
    issuedOn: '2026-11-20',
    dueOn: '2026-12-20',
    currency: 'USD',
    locale: 'en-US',
    customer: { name: 'Ada Byron', address: ['12 St James’s Square', 'New York, NY 10001'] },
    lines: [{ description: 'Cold storage, 3 days', quantity: '3', unitPriceMinor: 12500, amountMinor: 37500 }],
    taxMinor: 3094,
    totalMinor: 40594,
    paidMinor: 0,
    balanceMinor: 40594,
    status: 'open',
    ...changes,
  };
}

export function payPage(linkId: string, scriptUrl: string, changes: Partial<PayPage> = {}): PayPage {
  const shown = changes.invoice ?? invoice();
  return {
    state: 'payable',
    linkId,
    invoice: shown,
    lastChange: undefined,
    locale: shown.locale,
    testMode: true,
    paid: undefined,
    clientSecret: undefined,
    totals: {
      lowMinor: 40594,
      highMinor: 41811,
      disclosureText:
        'Paying by credit card adds a processing fee of up to $12.17. It is not more than what accepting the card costs us. Debit and prepaid cards bear no fee.',
    },
    feeLabel: 'Processing fee',
    processor: { publishableKey: 'pk_test_fixture', scriptUrl, apiUrl: new URL(scriptUrl).origin },
    ...changes,
  };
}

export const PAID: PaidView = {
  paymentId: '7b1d1c8e-7c55-5d1f-8f4e-0a9d1a6f1e11',
  receipt: { number: '000042', token: 'receipt-AAAAAAAAAAAAAAAA' },
  amountMinor: 40594,
  feeMinor: 1217,
  totalMinor: 41811,
  card: { brand: 'visa', last4: '4242', funding: 'credit' },
  capturedAt: '2026-12-16T14:58:12Z',
  sentTo: 'ada@example.com',
  emailCopy: undefined,
};

export const PAID_INVOICE = invoice({ paidMinor: 40594, balanceMinor: 0, status: 'paid' });

export const QUOTE: Quote = {
  quoteId: '0c9f6b56-4a1e-4b4f-9a44-4c41ff0d7a01',
  quoteHash: 'a'.repeat(64),
  amountMinor: 40594,
  feeMinor: 1217,
  totalMinor: 41811,
  currency: 'USD',
  feeLabel: 'Processing fee',
  card: { brand: 'visa', last4: '4242', funding: 'credit' },
  consentText: 'I agree to the processing fee of $12.17',
  disclosureText: undefined,
  expiresAt: '2099-01-01T00:00:00.000Z',
};

export const DEBIT_QUOTE: Quote = {
  ...QUOTE,
  feeMinor: 0,
  totalMinor: 40594,
  card: { brand: 'visa', last4: '5556', funding: 'debit' },
  consentText: undefined,
};

export const RECEIPT: ReceiptDocument = {
  branch: BRANCH,
  invoiceNumber: 'INV-1001',
  customerName: 'Ada Byron',
  receiptNumber: '000042',
  locale: 'en-US',
  currency: 'USD',
  amountMinor: 40594,
  feeMinor: 1217,
  totalMinor: 41811,
  feeLabel: 'Processing fee',
  card: { brand: 'visa', last4: '4242', funding: 'credit' },
  capturedAt: '2026-12-16T14:58:12Z',
  testMode: true,
};

const noFee = (amountMinor: number): PayPage['totals'] => ({
  lowMinor: amountMinor,
  highMinor: amountMinor,
  disclosureText: undefined,
});

const GERMAN = invoice({
  branch: GERMAN_BRANCH,
  number: 'RE-2026-11-000001234567-KÜHLHAUS-DUISBURG',
  currency: 'EUR',
  locale: 'de-DE',
  customer: {
    name: 'Bundesverband der Lebensmittelzwischenlagerungsunternehmen und Kühltransportgesellschaften e. V.',
    address: ['Straße des Bundesverdienstkreuzes 1', '10115 Berlin'],
  },
  lines: [
    {
      description:
        'Tiefkühlzwischenlagerungsbereitstellungspauschale einschließlich Temperaturüberwachungsprotokollierung',
      quantity: '1234.5',
      unitPriceMinor: 7999,
      amountMinor: 9874766,
    },
    { description: 'Treuenachlass', quantity: '1', unitPriceMinor: -250000, amountMinor: -250000 },
  ],
  taxMinor: 1828706,
  totalMinor: 11453472,
  paidMinor: 1000000,
  balanceMinor: 10453472,
  status: 'partially_paid',
  dueOn: '2026-12-10',
});

const YEN = invoice({
  currency: 'JPY',
  locale: 'ja-JP',
  number: '1001',
  lines: [{ description: '冷蔵保管 3日間', quantity: '3', unitPriceMinor: 12500, amountMinor: 37500 }],
  customer: { name: 'Ada Byron' },
  totalMinor: 40594,
});

const FORTY_LINES = Array.from({ length: 40 }, (_, index) => ({
  description: `Pallet ${index + 1}, cold storage and handling`,
  quantity: String((index % 7) + 1),
  unitPriceMinor: 1250 + index * 35,
  amountMinor: ((index % 7) + 1) * (1250 + index * 35),
}));
const FORTY_TOTAL = FORTY_LINES.reduce((sum, line) => sum + line.amountMinor, 3094);

/** One for each thing that a pay page can say, by the name of its picture. */
export const PAGES: Readonly<Record<string, Partial<PayPage>>> = {
  payable: {},
  'payable-without-fee': { totals: noFee(40594), testMode: false },
  'due-tomorrow': { invoice: invoice({ dueOn: '2026-12-17', branch: { ...BRANCH, colour: '#0f766e', logo: LOGO } }) },
  'partly-paid-german': { invoice: GERMAN, totals: noFee(10453472), testMode: false },
  yen: { invoice: YEN, totals: noFee(40594) },
  'forty-lines': {
    invoice: invoice({ lines: FORTY_LINES, totalMinor: FORTY_TOTAL, balanceMinor: FORTY_TOTAL }),
    totals: noFee(FORTY_TOTAL),
  },
  paid: { state: 'paid', invoice: PAID_INVOICE, paid: PAID },
  'paid-receipt-coming': { state: 'paid', invoice: PAID_INVOICE, paid: { ...PAID, receipt: undefined } },
  'paid-from-a-text': {
    state: 'paid',
    invoice: PAID_INVOICE,
    paid: { ...PAID, sentTo: '+12125550100', emailCopy: { last: undefined, mayAsk: true } },
  },
  'receipt-on-its-way': {
    state: 'paid',
    invoice: PAID_INVOICE,
    paid: { ...PAID, sentTo: '+12125550100', emailCopy: { last: 'sent', mayAsk: true } },
  },
  'receipt-not-delivered': {
    state: 'paid',
    invoice: PAID_INVOICE,
    paid: { ...PAID, sentTo: '+12125550100', emailCopy: { last: 'failed', mayAsk: false } },
  },
  'paid-otherwise': { state: 'paid', invoice: PAID_INVOICE },
  void: { state: 'void', invoice: invoice({ status: 'void', balanceMinor: 0 }) },
  'not-set-up': { state: 'not_set_up', totals: noFee(40594) },
  checking: { state: 'checking' },
  'bank-step': { state: 'bank_step', clientSecret: 'pi_fixture_secret_fixture' },
  'in-progress-elsewhere': { state: 'in_progress_elsewhere' },
  revised: {
    invoice: invoice({ totalMinor: 38000, taxMinor: 500, balanceMinor: 38000 }),
    totals: noFee(38000),
    lastChange: {
      at: '2026-12-03T15:00:00Z',
      before: { totalMinor: 40594, dueOn: '2026-12-20' },
      after: { totalMinor: 38000, dueOn: '2026-12-20' },
    },
  },
  expired: { state: 'expired' },
  revoked: { state: 'revoked' },
};
