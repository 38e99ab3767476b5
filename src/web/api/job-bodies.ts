/** Jobs as the API and the portal show them. */
import type { z } from 'zod';
import type { JobReport } from '../../application/long-jobs/get-job-report.js';
import type { JobView } from '../../application/long-jobs/get-job.js';
import type { DomainErrorCode } from '../../domain/errors.js';
import { DOMAIN_PROBLEMS } from '../domain-problems.js';
import type { jobBody, reportPage, reportRow } from './schemas/jobs.js';

export type JobBody = z.infer<typeof jobBody>;
export type ReportRowBody = z.infer<typeof reportRow>;

export function toJobBody(job: JobView): JobBody {
  const { jobId, kind, status, createdAt, startedAt = null, finishedAt = null } = job;
  const shared = { id: jobId, kind, status, createdAt, startedAt, finishedAt };
  if (kind === 'invoice_import') return { ...shared, channel: null, links: null, messages: null, import: job.import };
  const { links, messages } = job;
  return { ...shared, channel: job.channel, links, messages, import: null };
}

/** What is said of each reason; a code of the domain says it in its own title. */
const REASONS: Readonly<Record<string, string>> = {
  invoice_paid: 'The invoice is paid.',
  invoice_void: 'The invoice is void.',
  no_address: 'The customer has no address for this channel.',
  address_changed: "The customer's address was changed while the job ran. Send this one again.",
  contact_opted_out: 'The recipient asked not to be texted.',
  text_consent_missing: 'Nobody has said yet that the customer agreed to be texted.',
  address_bounced: 'Messages to this address came back.',
  older_invoice_texted: 'The recipient is texted about an invoice that is due earlier.',
  cap_reached: 'The branch has sent as many links in bulk today as it may.',
  cancelled: 'The job was cancelled before this one.',
};

export function reasonText(code: string): string {
  return REASONS[code] ?? DOMAIN_PROBLEMS[code as DomainErrorCode]?.title ?? code;
}

export function toReport(report: JobReport): z.infer<typeof reportPage> {
  return { items: reportRows(report), next: report.next };
}

export function reportRows(report: JobReport): ReportRowBody[] {
  if (report.kind === 'invoice_import') {
    return report.rows.map(({ line, number = null, field, code, reason }) => ({
      ...{ invoiceId: null, linkId: null, outcome: null, line, number, field: field === '' ? null : field, code },
      message: reason ?? reasonText(code),
    }));
  }
  return report.rows.map(({ invoiceId, number, linkId, outcome, reason }) => ({
    ...{ invoiceId, number, linkId: outcome === 'queued' ? linkId : null, outcome: outcome ?? 'waiting' },
    ...{ line: null, field: null, code: reason, message: reason === null ? null : reasonText(reason) },
  }));
}
