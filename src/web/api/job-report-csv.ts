import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import type { JobReport } from '../../application/long-jobs/get-job-report.js';
import { reportRows } from './job-bodies.js';

const COLUMNS = {
  bulk_links: ['number', 'outcome', 'code', 'message', 'invoiceId', 'linkId'],
  invoice_import: ['line', 'number', 'field', 'code', 'message'],
} as const;

/** A report for a spreadsheet, a page at a time. A cell that would be taken for a formula begins with an apostrophe. */
async function* reportCsv(kind: JobReport['kind'], pages: AsyncIterable<JobReport>): AsyncGenerator<string> {
  const columns = COLUMNS[kind].map((key) => ({
    key,
    header: key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  }));
  yield stringify([], { columns, header: true });
  for await (const page of pages) yield stringify(reportRows(page), { columns, escape_formulas: true });
}

const PAGE = 1_000;

/** The report as a file. Its first page is read before anything is answered, so that what is to be refused has been. */
export async function reportFile(
  pageAfter: (after: string | undefined, limit: number) => Promise<JobReport>,
): Promise<StreamableFile> {
  const first = await pageAfter(undefined, PAGE);
  const pages = async function* (): AsyncGenerator<JobReport> {
    for (let page = first; ; page = await pageAfter(page.next, PAGE)) {
      yield page;
      if (page.next === null) return;
    }
  };
  return new StreamableFile(Readable.from(reportCsv(first.kind, pages()), { objectMode: false }), {
    type: 'text/csv; charset=utf-8',
    disposition: 'attachment; filename="report.csv"',
  });
}
