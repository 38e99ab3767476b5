import type { z } from 'zod';
import type { InvoiceView, LinkView } from '../../application/invoice/invoice-view.js';
import type { InvoiceRow } from '../../projections/invoices.js';
import type {
  invoiceBody,
  invoicePage,
  invoiceRow,
  issuedLink,
  linkBody,
  linkPage,
  pdfRequested,
} from './schemas/invoices.js';
import { toRecordedPayment } from './recorded-payment-bodies.js';
import { toMoney } from './schemas/values.js';

export type InvoiceBody = z.infer<typeof invoiceBody>;
export type InvoicePage = z.infer<typeof invoicePage>;
export type LinkBody = z.infer<typeof linkBody>;
export type LinkPage = z.infer<typeof linkPage>;
export type IssuedLinkBody = z.infer<typeof issuedLink>;
export type PdfRequestedBody = z.infer<typeof pdfRequested>;

/** An invoice as it is answered. */
export function toInvoice(view: InvoiceView): InvoiceBody {
  const money = (amountMinor: number) => toMoney(amountMinor, view.currency);
  const { name, email = null, phone = null, address = [] } = view.customer;
  return {
    id: view.invoiceId,
    number: view.number,
    externalId: view.externalId ?? null,
    branchId: view.branchId,
    status: view.status,
    overdue: view.overdue,
    currency: view.currency,
    total: money(view.totalMinor),
    balance: money(view.balanceMinor),
    paid: money(view.paidMinor),
    tax: money(view.taxMinor),
    issuedOn: view.issuedOn,
    dueOn: view.dueOn,
    customer: { id: view.customerId, name, email, phone, address: [...address], locale: view.locale ?? null },
    lines: view.lines.map(({ description, quantity, unitPriceMinor, amountMinor }) => ({
      description,
      quantity,
      unitPrice: money(unitPriceMinor),
      amount: money(amountMinor),
    })),
    recordedPayments: view.recordedPayments.map((payment) => toRecordedPayment(payment, view.currency)),
    links: view.links.map(toLink),
    revision: String(view.revision),
  };
}

/** An invoice in a list. */
export function toInvoiceRow(row: InvoiceRow): z.infer<typeof invoiceRow> {
  return {
    id: row.invoiceId,
    number: row.number,
    externalId: row.externalId,
    branchId: row.branchId,
    status: row.status as InvoiceBody['status'],
    overdue: row.overdue,
    currency: row.currency,
    total: toMoney(row.totalMinor, row.currency),
    balance: toMoney(row.balanceMinor, row.currency),
    issuedOn: row.issuedOn,
    dueOn: row.dueOn,
    customer: { id: row.customerId, name: row.customerName, email: row.customerEmail, phone: row.customerPhone },
    revision: row.revision,
  };
}

/** A link and what became of it. Its address is not in it: that is answered once, when the link is made. */
export function toLink(link: LinkView): LinkBody {
  return {
    id: link.linkId,
    channel: link.channel,
    to: link.recipient ?? null,
    status: link.status,
    issuedAt: link.issuedAt,
    sentAt: link.sentAt ?? null,
    openedAt: link.openedAt ?? null,
    sendAt: link.sendAt ?? null,
    expiresAt: link.expiresAt,
    history: link.history.map(({ status, at }) => ({ status, at })),
  };
}
