import { z } from 'zod';
import { invoiceQuery, listOf, ledgerPosition } from './lists.js';
import { answer, request } from './registry.js';
import { id } from './values.js';

/** As many ids as a body of one megabyte holds. */
const MAX_IDS = 20_000;

const filter = invoiceQuery.omit({ limit: true, cursor: true, after: true });

const choice = {
  invoiceIds: z
    .array(id)
    .max(MAX_IDS, { error: `must have at most ${MAX_IDS} ids; use a "filter"` })
    .optional(),
  filter: filter.optional().describe('As the query of GET /invoices'),
  channel: z.enum(['email', 'sms'], { error: 'must be "email" or "sms"' }).default('email'),
  after: ledgerPosition,
};

const oneOfThem = (given: { invoiceIds?: unknown; filter?: unknown }): boolean =>
  (given.invoiceIds === undefined) !== (given.filter === undefined);
const both = { error: 'needs either "invoiceIds" or a "filter"', path: ['invoiceIds'] };

export const bulkLinks = request('BulkLinks', choice).refine(oneOfThem, both);
export const bulkPreviewRequest = request('BulkLinksPreviewRequest', choice).refine(oneOfThem, both);

const skipped = z.record(z.string(), z.int()).describe('How many, by reason');

export const bulkPreview = answer('BulkLinksPreview', {
  invoices: z.int(),
  links: z.int().describe('Invoices that would get a link'),
  messages: z.int().describe('By email one for all invoices of a recipient, by text one for the oldest due of them'),
  recipients: z.int(),
  recipientsWithSeveral: z.int(),
  recipientsWithoutConsent: z.int().describe('By text: of whom nobody has vouched yet that they agreed to be texted'),
  skipped,
  warnings: z.array(
    z.object({
      code: z.string(),
      branchId: z.string(),
      branchName: z.string(),
      left: z.int().optional().describe('Links that the branch may still send in bulk today'),
    }),
  ),
});

export const acceptedJob = answer('AcceptedJob', { jobId: z.string() });

const JOB_STATUSES = ['receiving', 'queued', 'running', 'cancelling', 'done', 'cancelled'] as const;

export const jobBody = answer('Job', {
  id: z.string(),
  kind: z.enum(['bulk_links', 'invoice_import']),
  status: z.enum(JOB_STATUSES),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  channel: z.enum(['email', 'sms']).nullable().describe('Of links in bulk'),
  links: z
    .object({ total: z.int(), done: z.int(), queued: z.int(), failed: z.int(), skipped })
    .nullable()
    .describe('Of links in bulk'),
  messages: z
    .record(z.string(), z.int())
    .nullable()
    .describe('Of links in bulk: how many of the links are in which status'),
  import: z
    .object({
      linesTotal: z.int(),
      linesDone: z.int(),
      invoices: z.int(),
      registered: z.int(),
      unchanged: z.int().describe('Were there already with the same content'),
      refused: z.int(),
      problemsLeftOut: z.int().describe('More than the report holds'),
    })
    .nullable()
    .describe('Of an import'),
});

export const jobPage = answer('JobPage', { items: z.array(jobBody) });

export const jobsQuery = z.strictObject({
  limit: z.coerce.number<string>().int().min(1).max(50).default(20),
});

export const reportQuery = z.strictObject({
  outcome: z.enum(['queued', 'skipped', 'failed']).optional().describe('Of links in bulk'),
  limit: z.coerce.number<string>().int().min(1).max(1000).default(200),
  cursor: z
    .string()
    .regex(/^-?\d{1,9}\.-?\d{1,9}$/, { error: 'must be "next" of the page before' })
    .optional()
    .describe('"next" of the page before'),
});

export const reportRow = answer('JobReportRow', {
  invoiceId: z.string().nullable().describe('Of links in bulk'),
  number: z.string().nullable(),
  linkId: z.string().nullable().describe('Of a link that was queued'),
  outcome: z.enum(['queued', 'skipped', 'failed', 'waiting']).nullable().describe('Of links in bulk'),
  line: z.int().nullable().describe('Of an import'),
  field: z.string().nullable().describe('Of an import: the column, or the path in the body of one invoice'),
  code: z.string().nullable(),
  message: z.string().nullable(),
});
export const reportPage = answer('JobReport', listOf(reportRow));

export const importQuery = z.strictObject({
  branchId: id.optional().describe('Of rows that name none'),
});
