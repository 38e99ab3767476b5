import { Injectable } from '@nestjs/common';
import { Documents, type InvoiceDocument, type ReceiptDocument } from '../../application/documents.js';
import { renderInvoice } from './invoice-sheet.js';
import { renderReceipt } from './receipt-sheet.js';

/**
 * Documents by pdfkit. The same document gives the same bytes, on any machine, in any zone and whatever was rendered before:
 * the date inside is the document's own, and the file's id follows from its title and that date.
 */
@Injectable()
export class PdfkitDocuments extends Documents {
  override invoicePdf(invoice: InvoiceDocument): Promise<Buffer> {
    return renderInvoice(invoice);
  }

  override receiptPdf(receipt: ReceiptDocument): Promise<Buffer> {
    return renderReceipt(receipt);
  }
}
