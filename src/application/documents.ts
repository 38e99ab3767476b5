/**
 * What documents and messages are rendered from: plain view models without behaviour, made from folded streams alone, so that
 * rendering the same history twice gives the same bytes.
 */
import type { BranchDetails, InvoiceLinkMessage } from '../domain/branch/events.js';
import type { InvoiceCustomer, InvoiceLine } from '../domain/invoice/events.js';
import type { Channel } from '../domain/invoice/link-events.js';

export type InvoiceStatus = 'open' | 'partially_paid' | 'paid' | 'void';

/** An invoice as its customer sees it. Amounts in minor units of `currency`. */
export interface InvoiceDocument {
  readonly branch: BranchDetails;
  readonly invoiceId: string;
  readonly number: string;
  readonly issuedOn: string;
  readonly dueOn: string;
  readonly currency: string;
  /** The language and number format to render in. */
  readonly locale: string;
  readonly customer: InvoiceCustomer;
  readonly lines: readonly InvoiceLine[];
  readonly taxMinor: number;
  readonly totalMinor: number;
  readonly paidMinor: number;
  readonly balanceMinor: number;
  readonly status: InvoiceStatus;
}

/** A receipt: two amounts, the fee apart, and the card. */
export interface ReceiptDocument {
  readonly branch: BranchDetails;
  readonly invoiceNumber: string;
  readonly customerName: string;
  readonly receiptNumber: string;
  readonly locale: string;
  readonly currency: string;
  readonly amountMinor: number;
  readonly feeMinor: number;
  readonly totalMinor: number;
  readonly feeLabel: string;
  readonly card: { readonly brand: string; readonly last4: string; readonly funding: string };
  /** RFC 3339 instant; shown in the branch's zone. */
  readonly capturedAt: string;
  readonly testMode: boolean;
}

/** Makes PDFs. Pure functions of their input: the same document gives the same bytes. */
export abstract class Documents {
  abstract invoicePdf(invoice: InvoiceDocument): Promise<Buffer>;
  abstract receiptPdf(receipt: ReceiptDocument): Promise<Buffer>;
}

export interface RenderedMessage {
  readonly email: { readonly subject: string; readonly html: string; readonly text: string };
  readonly sms: { readonly body: string; readonly segments: number };
}

/** What may stand between double braces in a branch's own invoice-link message. */
export const INVOICE_LINK_PLACEHOLDERS = [
  'branchName',
  'branchTelephone',
  'customerName',
  'invoiceNumber',
  'amountDue',
  'dueDate',
  'link',
] as const;

/** Renders what is sent to customers. Application layouts are ours; the words of the invoice-link message may be the branch's. */
export abstract class MessageTemplates {
  /**
   * Checks a branch's wording by walking its parse tree (`security` docs): only plain placeholders of the list, at most 10 kB a
   * part, a link in each body, the branch's name in the text.
   * @throws DomainError `template_invalid` with `part` (`email.subject`, `email.body`, `sms.body`), `reason` and `line`.
   */
  abstract check(message: InvoiceLinkMessage): void;
  /** The wording used where a branch has none of its own. */
  abstract defaultInvoiceLink(language: string): InvoiceLinkMessage;
  /** `feeNotice` is the sentence about both totals, or undefined where no card bears a fee. */
  abstract invoiceLink(input: {
    invoice: InvoiceDocument;
    message: InvoiceLinkMessage;
    url: string;
    feeNotice: string | undefined;
    firstTextToNumber: boolean;
  }): RenderedMessage;
  abstract receipt(input: { receipt: ReceiptDocument; url: string; channel: Channel }): RenderedMessage;
  /** The mail that carries the PDF and no link. */
  abstract invoicePdf(input: { invoice: InvoiceDocument }): RenderedMessage['email'];
}
