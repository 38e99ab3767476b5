/** How the portal shows a job: links in bulk, or the import of a file. */
import { reasonText, type JobBody } from '../../api/job-bodies.js';
import { linkPill, type PillView } from '../pills.js';
import { moment } from '../portal-formats.js';

const RING = 'M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16';
const CLOCK = `${RING}M12 8v4l3 2`;

const STATUS_PILLS: Readonly<Record<JobBody['status'], PillView>> = {
  receiving: { word: 'Receiving', tone: 'calm', shape: CLOCK },
  queued: { word: 'Waiting', tone: 'calm', shape: CLOCK },
  running: { word: 'Running', tone: 'calm', shape: CLOCK },
  cancelling: { word: 'Being cancelled', tone: 'warn', shape: CLOCK },
  done: { word: 'Done', tone: 'good', shape: 'M5 12.5l4.5 4.5L19 7.5' },
  cancelled: { word: 'Cancelled', tone: 'warn', shape: 'M6 6l12 12M18 6L6 18' },
};

export function isOver({ status }: JobBody): boolean {
  return status === 'done' || status === 'cancelled';
}

/** Over, and nothing is left of what it set going: every message has been taken or refused. */
export function isSettled(job: JobBody): boolean {
  return isOver(job) && !job.messages?.['queued'];
}

export function countOf(count: number, thing: string): string {
  return `${count.toLocaleString('en-US')} ${thing}${count === 1 ? '' : 's'}`;
}

/** Reasons with their counts, the commonest first. */
export function skipLines(skipped: Readonly<Record<string, number>>): readonly { count: string; words: string }[] {
  return Object.entries(skipped)
    .sort(([, one], [, other]) => other - one)
    .map(([reason, count]) => ({ count: count.toLocaleString('en-US'), words: reasonText(reason) }));
}

export function titleOf(job: JobBody): string {
  if (job.kind === 'invoice_import') return 'Import of invoices';
  return job.channel === 'sms' ? 'Links by text message' : 'Links by email';
}

/** The part of the page that changes while the job runs. */
export function progressView(job: JobBody): object {
  const { done, total } = doneOf(job);
  const over = isOver(job);
  return {
    pill: STATUS_PILLS[job.status],
    over,
    max: Math.max(1, total),
    value: over ? Math.max(1, total) : done,
    words: `${done.toLocaleString('en-US')} of ${countOf(total, job.kind === 'bulk_links' ? 'invoice' : 'line')}`,
    percent: total === 0 ? 0 : Math.floor((done * 100) / total),
    figures: figuresOf(job),
    skipped: skipLines(job.links?.skipped ?? {}),
    messages: Object.entries(job.messages ?? {}).map(([status, count]) => ({
      pill: linkPill(status),
      count: count.toLocaleString('en-US'),
    })),
  };
}

export function jobRow(job: JobBody, now: Date): object {
  const { done, total } = doneOf(job);
  return {
    jobId: job.id,
    title: titleOf(job),
    pill: STATUS_PILLS[job.status],
    progress: `${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')}`,
    // Jobs may concern several branches: their time is told in the one zone that all of them share.
    asked: moment(job.createdAt, 'UTC', now),
  };
}

function doneOf(job: JobBody): { readonly done: number; readonly total: number } {
  return job.links
    ? { done: job.links.done, total: job.links.total }
    : { done: job.import?.linesDone ?? 0, total: job.import?.linesTotal ?? 0 };
}

function figuresOf({ links, import: imported }: JobBody): readonly { label: string; value: string }[] {
  const figure = (label: string, value: number) => ({ label, value: value.toLocaleString('en-US') });
  if (links) {
    const skipped = Object.values(links.skipped).reduce((sum, count) => sum + count, 0);
    return [figure('Links issued', links.queued), figure('Skipped', skipped), figure('Failed', links.failed)];
  }
  if (!imported) return [];
  const { invoices, registered, unchanged, refused } = imported;
  return [
    figure('Invoices read', invoices),
    figure('Registered', registered),
    figure('Were there already', unchanged),
    figure('Refused', refused),
  ];
}
