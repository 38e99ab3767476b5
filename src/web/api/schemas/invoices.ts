import { z } from 'zod';
import { INVOICE_STATUSES, listOf } from './lists.js';
import { recordedPayment } from './recorded-payments.js';
import { answer, request } from './registry.js';
import {
  currencyCode,
  id,
  identifier,
  line,
  locale,
  minorUnits,
  money,
  paragraph,
  plainDate,
  searchText,
} from './values.js';

const MAX_LINES = 1_000;

const isGiven = (value: unknown): boolean => value !== undefined;

const customer = z
  .strictObject({
    id: id.optional(),
    externalId: line(100).optional(),
    name: line(200).optional(),
    email: searchText(254).optional(),
    phone: searchText(40).optional(),
    locale: locale.optional(),
    address: z.array(line(100)).max(6).optional(),
  })
  .refine((given) => given.id !== undefined || given.name !== undefined || given.externalId !== undefined, {
    error: 'needs the "id" or the "externalId" of a customer, or a "name"',
  })
  .refine(
    (given) => (given.name !== undefined && given.id === undefined) || Object.values(given).filter(isGiven).length <= 1,
    {
      error: 'with an "id", or an "externalId" and no "name", has nothing beside it',
    },
  );

const invoiceLine = z
  .strictObject({
    description: line(500),
    quantity: z
      .string({ error: 'must be a decimal as text, like "3" or "1.25"' })
      .regex(/^\d{1,9}(\.\d{1,4})?$/, { error: 'must be a decimal as text, like "3" or "1.25"' })
      .default('1'),
    unitPrice: minorUnits.optional().describe('Minor units; negative for a discount'),
    amount: minorUnits.optional().describe('Minor units, in place of quantity × unitPrice rounded half up'),
  })
  .refine((each) => each.unitPrice !== undefined || each.amount !== undefined, {
    error: 'is required where the line gives no "amount"',
    path: ['unitPrice'],
  })
  .refine((each) => each.unitPrice !== undefined || each.quantity === '1', {
    error: 'is required beside a quantity',
    path: ['unitPrice'],
  })
  .transform(({ unitPrice, amount, ...rest }) => ({ ...rest, unitPrice: unitPrice ?? amount ?? 0, amount }));

export const newInvoice = request('NewInvoice', {
  branchId: id,
  // The one text in which digits that look like a card number are welcome.
  number: identifier(60),
  externalId: line(100).optional(),
  issuedOn: plainDate,
  dueOn: plainDate,
  currency: currencyCode,
  customer,
  lines: z.array(invoiceLine).min(1, { error: 'needs at least one line' }).max(MAX_LINES),
  tax: minorUnits.min(0, { error: 'must not be negative' }).default(0),
  expectedTotal: minorUnits.optional(),
});

/** The whole document anew. Branch, number and currency may stand in it, as they are. */
export const revisedInvoice = request('RevisedInvoice', {
  branchId: id.optional(),
  number: searchText(60).optional(),
  currency: currencyCode.optional(),
  externalId: line(100).optional(),
  issuedOn: plainDate,
  dueOn: plainDate,
  customer: customer.optional().describe('How the invoice names its customer from now on; absent: as before'),
  lines: z.array(invoiceLine).min(1, { error: 'needs at least one line' }).max(MAX_LINES),
  tax: minorUnits.min(0, { error: 'must not be negative' }).default(0),
  expectedTotal: minorUnits.optional(),
});

export const voidReason = request('VoidReason', { reason: paragraph(500) });

export const newLink = request('NewLink', {
  channel: z.enum(['email', 'sms', 'none']),
  to: searchText(254).optional().describe("Absent: the customer's own address or number"),
  sendAt: searchText(40)
    .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})|Z|[+-]\d{2}:\d{2})?$/, {
      error:
        'must be a time with a zone like "2026-12-01T14:00:00Z", or one on the clocks of the branch like "2026-12-01T09:00"',
    })
    .optional()
    .describe('A time of RFC 3339, or "YYYY-MM-DDTHH:mm" on the clocks of the branch; absent: at once'),
}).refine((link) => link.channel !== 'none' || link.to === undefined, {
  error: 'has no place beside the channel "none": nothing is sent',
  path: ['to'],
});

export const pdfRecipient = request('PdfRecipient', { to: searchText(254).optional() }).optional();

/** For a POST that needs to be told nothing. */
export const nothing = z.strictObject({}).optional();

const LINK_STATUSES = [
  'scheduled',
  'queued',
  'sent',
  'delivered',
  'opened',
  'failed',
  'bounced',
  'revoked',
  'expired',
] as const;
const linkStatus = z.enum(LINK_STATUSES);

const linkFields = {
  id: z.string(),
  channel: z.enum(['email', 'sms', 'none']),
  to: z.string().nullable(),
  status: linkStatus,
  issuedAt: z.string(),
  sentAt: z.string().nullable(),
  openedAt: z.string().nullable(),
  sendAt: z.string().nullable().describe('When the message of a scheduled link goes out'),
  expiresAt: z.string(),
  history: z.array(z.object({ status: linkStatus, at: z.string() })),
};

export const linkBody = answer('Link', linkFields);
export const linkPage = answer('LinkPage', listOf(linkBody));
export const issuedLink = answer('IssuedLink', {
  ...linkFields,
  url: z.string().describe('What the customer opens. It is answered here and nowhere else'),
  warnings: z.array(
    z.object({
      code: z.enum(['card_processing_not_set_up', 'address_bounced']),
      at: z.string().optional().describe('When the last message did not reach the address'),
      reason: z.string().optional(),
    }),
  ),
});

const customerBody = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
});

const invoiceFields = {
  id: z.string(),
  number: z.string(),
  externalId: z.string().nullable(),
  branchId: z.string(),
  status: z.enum(INVOICE_STATUSES),
  overdue: z.boolean(),
  currency: z.string(),
  total: money,
  balance: money,
  issuedOn: z.string(),
  dueOn: z.string(),
  revision: z.string(),
};

export const invoiceRow = answer('InvoiceSummary', { ...invoiceFields, customer: customerBody });
export const invoicePage = answer('InvoicePage', listOf(invoiceRow));
export const invoiceBody = answer('Invoice', {
  ...invoiceFields,
  customer: customerBody.extend({ address: z.array(z.string()), locale: z.string().nullable() }),
  lines: z.array(z.object({ description: z.string(), quantity: z.string(), unitPrice: money, amount: money })),
  tax: money,
  paid: money,
  recordedPayments: z.array(recordedPayment),
  links: z.array(linkBody),
});

export const recordedPaymentWithInvoice = answer('RecordedPaymentWithInvoice', {
  ...recordedPayment.shape,
  invoice: invoiceBody.describe('As the payment leaves it'),
});

export const pdfRequested = answer('PdfRequested', { id: z.string(), to: z.string(), status: z.literal('queued') });
