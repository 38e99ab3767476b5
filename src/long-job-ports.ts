/** Binds the ports of work that takes longer than a request: links in bulk, imports. */
import type { Provider } from '@nestjs/common';
import type pg from 'pg';
import { BulkLimits } from './application/bulk/bulk-limits.js';
import { BulkLinkItems } from './application/bulk/bulk-link-items.js';
import { KnownContacts } from './application/bulk/known-contacts.js';
import { InvoiceSelection } from './application/bulk/invoice-selection.js';
import { ImportSpool } from './application/import/import-spool.js';
import { InvoiceRows } from './application/import/invoice-rows.js';
import { LongJobs } from './application/long-jobs/long-jobs.js';
import { PgBulkLinkItems } from './infrastructure/postgres/long-jobs/pg-bulk-link-items.js';
import { PgImportSpool } from './infrastructure/postgres/long-jobs/pg-import-spool.js';
import { PgInvoiceSelection } from './infrastructure/postgres/long-jobs/pg-invoice-selection.js';
import { PgLongJobs } from './infrastructure/postgres/long-jobs/pg-long-jobs.js';
import { PgSql } from './infrastructure/postgres/pg-sql.js';
import { ContactList } from './projections/contacts.js';
import { InvoiceList } from './projections/invoices.js';
import { FileRows } from './web/api/import/file-rows.js';

/** Links that one branch may send in bulk on a day, beside what its staff send one by one. */
const BULK_LINKS_A_DAY = 20_000;
const INVOICES_OF_ONE_JOB = 50_000;

/** @param factor how much wider limits are where nothing but stand-ins are called */
export function longJobPorts(pool: pg.Pool, importBytes: number, factor: number): Provider[] {
  const sql = new PgSql(pool);
  const limits: BulkLimits = {
    linksPerBranchAndDay: BULK_LINKS_A_DAY * factor,
    invoicesPerJob: INVOICES_OF_ONE_JOB,
    importBytes,
  };
  return [
    { provide: BulkLimits, useValue: limits },
    { provide: LongJobs, useFactory: () => new PgLongJobs(sql) },
    { provide: BulkLinkItems, useFactory: () => new PgBulkLinkItems(sql) },
    { provide: KnownContacts, useFactory: () => new ContactList(sql) },
    { provide: ImportSpool, useFactory: () => new PgImportSpool(sql) },
    { provide: InvoiceRows, useFactory: () => new FileRows() },
    {
      provide: InvoiceSelection,
      inject: [InvoiceList],
      useFactory: (invoices: InvoiceList) => new PgInvoiceSelection(invoices, sql),
    },
  ];
}
