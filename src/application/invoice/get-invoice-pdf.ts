import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { Documents } from '../documents.js';
import { Execute } from '../execute.js';
import { invoiceDocument, loadInvoice } from './invoice-view.js';

export interface PdfFile {
  readonly filename: string;
  readonly content: Buffer;
}

/** The invoice as a PDF: a pure function of its events. */
export class GetInvoicePdf extends Query<PdfFile> {
  constructor(readonly input: { readonly invoiceId: string }) {
    super();
  }
}

@QueryHandler(GetInvoicePdf)
export class GetInvoicePdfHandler implements IQueryHandler<GetInvoicePdf> {
  constructor(
    private readonly executor: Execute,
    private readonly documents: Documents,
  ) {}

  async execute({ input }: GetInvoicePdf): Promise<PdfFile> {
    const loaded = await loadInvoice(this.executor, input.invoiceId);
    const content = await this.documents.invoicePdf(invoiceDocument(loaded));
    return { filename: pdfFilename('invoice', loaded.invoice.registered.number), content };
  }
}

/** A file name that every system takes: letters, digits, dot, dash. */
export function pdfFilename(kind: 'invoice' | 'receipt', number: string): string {
  const safe = number
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  return `${kind}-${safe || 'document'}.pdf`;
}
