/** Documents for the tests of PDFs and messages, among them those that break layouts: the long, the wide and the foreign. */
import type { InvoiceDocument, ReceiptDocument } from '../../src/application/documents.js';
import type { BranchDetails } from '../../src/domain/branch/events.js';
import type { InvoiceLine } from '../../src/domain/invoice/events.js';

export const LONGEST_GERMAN_NAME =
  'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesellschaft für Grundstücksverkehrsgenehmigungszuständigkeiten und Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamte mbH & Co. KGaA';

/** A green bar of 64 by 32 pixels. */
export const LOGO =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAEAAAAAgCAIAAAAt/+nTAAAATUlEQVR4nO3PwQkAIBDAsPs7ops4vUP4CEKhA6Szzv664YIGtKABLWhACxrQgga0oAEtaEALGtCCBrSgAS1oQAsa0IIGtKABLWhACx67is4Aat65xOgAAAAASUVORK5CYII=';

export const branch: BranchDetails = {
  name: 'Main Street',
  timeZone: 'America/New_York',
  currency: 'USD',
  locale: 'en-US',
  country: 'US',
  region: 'TX',
  address: ['12 Main Street', 'Austin, TX 78701'],
  replyTo: 'office@example.com',
  telephone: '+1 512 555 0100',
  otherWaysToPay: 'By check to the address above, or by bank transfer without a fee.',
};

function lines(count: number): InvoiceLine[] {
  return Array.from({ length: count }, (_, index) => ({
    description: `Cold storage of pallet ${index + 1}${index % 7 === 3 ? ', with handling in and out, weighing, labels and a photograph of each side for the customs file' : ''}`,
    quantity: ['1', '3', '2.5', '0.3333'][index % 4]!,
    unitPriceMinor: 12_500,
    amountMinor: [12_500, 37_500, 31_250, 4_166][index % 4]!,
  }));
}

export function invoice(changes: Partial<InvoiceDocument> = {}): InvoiceDocument {
  return {
    branch,
    invoiceId: '0b1e7f0e-5f5b-5d0a-9c3e-2f4c1a7d9e10',
    number: 'INV-1001',
    issuedOn: '2026-11-20',
    dueOn: '2026-12-20',
    currency: 'USD',
    locale: 'en-US',
    customer: { name: 'Ada Byron', email: 'ada@example.com', address: ['7 Oak Avenue', 'Austin, TX 78702'] },
    lines: [{ description: 'Cold storage, 3 days', quantity: '3', unitPriceMinor: 12_500, amountMinor: 37_500 }],
    taxMinor: 3_094,
    totalMinor: 40_594,
    paidMinor: 0,
    balanceMinor: 40_594,
    status: 'open',
    ...changes,
  };
}

export function longInvoice(count: number): InvoiceDocument {
  const many = lines(count);
  const total = many.reduce((sum, line) => sum + line.amountMinor, 3_094);
  return invoice({ lines: many, totalMinor: total, balanceMinor: total });
}

export function receipt(changes: Partial<ReceiptDocument> = {}): ReceiptDocument {
  return {
    branch,
    invoiceNumber: 'INV-1001',
    customerName: 'Ada Byron',
    receiptNumber: 'R-000042',
    locale: 'en-US',
    currency: 'USD',
    amountMinor: 40_594,
    feeMinor: 1_217,
    totalMinor: 41_811,
    feeLabel: 'Processing fee',
    card: { brand: 'visa', last4: '4242', funding: 'credit' },
    capturedAt: '2026-11-22T03:30:00Z',
    testMode: true,
    ...changes,
  };
}
