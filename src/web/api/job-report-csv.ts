import { stringify } from 'csv-stringify/sync';
import type { JobReport } from '../../application/long-jobs/get-job-report.js';
import { reportRows } from './job-bodies.js';

const COLUMNS = {
  bulk_links: ['number', 'outcome', 'code', 'message', 'invoiceId', 'linkId'],
  invoice_import: ['line', 'number', 'field', 'code', 'message'],
} as const;

/** A report for a spreadsheet, a page at a time. A cell that would be taken for a formula begins with an apostrophe. */
export async function* reportCsv(kind: JobReport['kind'], pages: AsyncIterable<JobReport>): AsyncGenerator<string> {
  const columns = COLUMNS[kind].map((key) => ({
    key,
    header: key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  }));
  yield stringify([], { columns, header: true });
  for await (const page of pages) yield stringify(reportRows(page), { columns, escape_formulas: true });
}
