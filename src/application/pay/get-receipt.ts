import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { DomainError } from '../../domain/errors.js';
import { branchAt } from '../branch/branch-view.js';
import { Documents, type ReceiptDocument } from '../documents.js';
import { Execute } from '../execute.js';
import { branchFeeLabel } from '../fee-words.js';
import { pdfFilename, type PdfFile } from '../invoice/get-invoice-pdf.js';
import { customerBefore, loadInvoice, localeOf, type LoadedInvoice } from '../invoice/invoice-view.js';
import { CardProcessor, LinkDirectory } from '../ports.js';

export interface ReceiptView {
  readonly receipt: ReceiptDocument;
  readonly invoiceId: string;
  readonly linkId: string;
}

/** A receipt by its id, which its token has proven. */
export class GetReceipt extends Query<ReceiptView> {
  constructor(readonly input: { readonly receiptId: string }) {
    super();
  }
}

@QueryHandler(GetReceipt)
export class GetReceiptHandler implements IQueryHandler<GetReceipt> {
  constructor(
    private readonly directory: LinkDirectory,
    private readonly executor: Execute,
    private readonly processor: CardProcessor,
  ) {}

  async execute({ input }: GetReceipt): Promise<ReceiptView> {
    const found = await this.directory.paymentOfReceipt(input.receiptId);
    if (!found) throw new DomainError('receipt_not_found', { receiptId: input.receiptId });
    const { paymentId, invoiceId } = found;
    const loaded = await loadInvoice(this.executor, invoiceId);
    const receipt = await receiptDocument(this.executor, loaded, paymentId, this.processor.testMode);
    return { receipt, invoiceId, linkId: loaded.invoice.payments.get(paymentId)!.captured.linkId };
  }
}

/** The receipt as a PDF: a pure function of the events, the same bytes each time. */
export class GetReceiptPdf extends Query<PdfFile> {
  constructor(readonly input: { readonly receiptId: string }) {
    super();
  }
}

@QueryHandler(GetReceiptPdf)
export class GetReceiptPdfHandler implements IQueryHandler<GetReceiptPdf> {
  constructor(
    private readonly receipts: GetReceiptHandler,
    private readonly documents: Documents,
  ) {}

  async execute({ input }: GetReceiptPdf): Promise<PdfFile> {
    const { receipt } = await this.receipts.execute(new GetReceipt(input));
    return {
      filename: pdfFilename('receipt', receipt.receiptNumber),
      content: await this.documents.receiptPdf(receipt),
    };
  }
}

/**
 * A receipt as it was issued: a branch that moves or renames itself later, and a customer who then reads another language, change
 * no receipt of before.
 * @throws DomainError `receipt_not_found` where none was issued yet.
 */
export async function receiptDocument(
  execute: Execute,
  loaded: LoadedInvoice,
  paymentId: string,
  testMode: boolean,
): Promise<ReceiptDocument> {
  const { invoice, events } = loaded;
  const issued = events.find(({ event }) => event.type === 'ReceiptIssued' && event.data.paymentId === paymentId);
  const payment = invoice.payments.get(paymentId);
  if (!issued || !payment?.receipt) throw new DomainError('receipt_not_found', { paymentId });
  const { captured, receipt } = payment;
  const branch = await branchAt(execute, captured.branchId, issued.position);
  const locale = localeOf({ branch, customer: customerBefore(loaded, issued.position) });
  const { amountMinor, feeMinor, totalMinor, currency, capturedAt } = captured;
  const { brand, last4, funding } = captured.card;
  return {
    branch: branch.details,
    invoiceNumber: invoice.registered.number,
    customerName: invoice.registered.customer.name,
    receiptNumber: receipt.number,
    locale,
    currency,
    amountMinor,
    feeMinor,
    totalMinor,
    feeLabel: branchFeeLabel(branch, locale),
    card: { brand, last4, funding },
    capturedAt,
    testMode,
  };
}
