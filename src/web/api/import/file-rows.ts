import { InvoiceRows, type ImportFormat, type InvoiceRow } from '../../../application/import/invoice-rows.js';
import { csvInvoices } from './csv-invoices.js';
import { ndjsonInvoices } from './ndjson-invoices.js';

/** Reads files in the formats that `POST /invoices/import` takes, by the schema of one invoice. */
export class FileRows extends InvoiceRows {
  override read(
    format: ImportFormat,
    chunks: AsyncIterable<Buffer>,
    branchId: string | undefined,
  ): AsyncIterable<InvoiceRow> {
    return format === 'csv' ? csvInvoices(chunks, branchId) : ndjsonInvoices(chunks, branchId);
  }
}
