/** Reads the invoices of a file, one by one, however long it is. */
import type { InvoiceInput } from '../invoice/invoice-registration.js';

export type ImportFormat = 'csv' | 'ndjson';

export type InvoiceRow = {
  /** The line that the invoice begins on, and the last one that was read for it. */
  readonly line: number;
  readonly lastLine: number;
  readonly number: string | undefined;
} & (
  | { readonly input: InvoiceInput }
  | {
      readonly problems: readonly {
        readonly line: number;
        readonly field: string;
        readonly code: string;
        readonly reason: string | undefined;
      }[];
    }
);

export abstract class InvoiceRows {
  /**
   * The same file gives the same rows, each a whole invoice or what is wrong with it. Never throws for what is in the file.
   * @param branchId of every row that names none
   */
  abstract read(
    format: ImportFormat,
    chunks: AsyncIterable<Buffer>,
    branchId: string | undefined,
  ): AsyncIterable<InvoiceRow>;
}
