/**
 * What documents and messages are rendered from: plain view models without behaviour, made from folded streams alone, so that
 * rendering the same history twice gives the same bytes.
 */
import type { BranchDetails, MessageKind, MessageWording } from '../domain/branch/events.js';
import type { InvoiceCustomer, InvoiceLine } from '../domain/invoice/events.js';

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

/** Emails to the branch itself, about what its customers ask of it. */
export abstract class BranchMail {
  /** What a customer texted back. */
  abstract customerReply(input: { readonly invoice: InvoiceDocument; readonly text: string }): RenderedMessage['email'];
  /** Somebody asked for a fresh link that must not simply be sent. */
  abstract freshLinkAsked(input: {
    readonly invoice: InvoiceDocument;
    readonly why: 'contact_changed' | 'revoked' | 'no_recipient';
  }): RenderedMessage['email'];
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

/** A branch's own words, by the message and the language, or ours. */
export interface WordingChoice {
  readonly kind: MessageKind;
  readonly language: string;
  /** False where the branch takes no cards: our words do not promise it then. Absent: it does. */
  readonly takesCards?: boolean;
}

/** One of several invoices in one email. */
export interface InvoiceLinkItem {
  readonly invoice: InvoiceDocument;
  readonly url: string;
  /** The sentence about both totals, or undefined where no card bears a fee. */
  readonly feeNotice: string | undefined;
  /** False where the branch takes no cards: then nothing around its words speaks of paying. Absent: it does. */
  readonly takesCards?: boolean;
}

interface InvoiceMessage extends InvoiceLinkItem {
  readonly message: MessageWording;
  /** Then the text says how to opt out. */
  readonly firstTextToNumber: boolean;
  /** Marks the message as one that staff sent to themselves. */
  readonly isTest?: boolean;
}

/**
 * Renders what is sent to customers. Layouts are ours; the words of the invoice link's, the receipt's and the reminder's message
 * may be the branch's. Pure: the same input gives the same bytes.
 */
export abstract class MessageTemplates {
  /**
   * Checks a branch's wording by walking its parse tree (`docs/security.md`): only plain placeholders of `MESSAGE_PLACEHOLDERS`,
   * at most 10 kB a part, the link where it is needed, the branch's name in the text.
   * @throws DomainError `template_invalid` with `part` (`email.subject`, `email.body`, `sms.body`), `reason` and `line`.
   */
  abstract check(kind: MessageKind, message: MessageWording): void;
  /** The words used where a branch has none of its own; English where the language is none of ours. */
  abstract defaultWording(choice: WordingChoice): MessageWording;
  abstract invoiceLink(input: InvoiceMessage): RenderedMessage;
  /** The reminder of a link. `today` is the plain date in the branch's zone: the words say how far the due date is. */
  abstract reminder(input: InvoiceMessage & { readonly today: string }): RenderedMessage;
  /**
   * One email for several invoices of one branch to one recipient, each with its own link, in the order given. The words are
   * ours: a branch's wording speaks of one invoice.
   * @throws RangeError for no invoice at all
   */
  abstract invoiceLinks(input: { readonly items: readonly InvoiceLinkItem[] }): RenderedMessage['email'];
  /** `url` is the receipt's. */
  abstract receipt(input: {
    readonly receipt: ReceiptDocument;
    readonly message: MessageWording;
    readonly url: string;
    readonly isTest?: boolean;
  }): RenderedMessage;
  /** The mail that carries the PDF and no link. */
  abstract invoicePdf(input: { invoice: InvoiceDocument }): RenderedMessage['email'];
}
