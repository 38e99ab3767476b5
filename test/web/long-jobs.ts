/** The worker of long jobs, for as long as there are any. */
import { randomUUID } from 'node:crypto';
import { IssueBulkLinks } from '../../src/application/bulk/issue-bulk-links.js';
import { ImportInvoices } from '../../src/application/import/import-invoices.js';
import { LongJobs } from '../../src/application/long-jobs/long-jobs.js';
import { LongJobRunner } from '../../src/start-up/long-job-runner.js';
import type { World } from './api-world.js';

const TRIES = 500;
const PAUSE_MS = 20;

/** Does what waits until nothing does, and lets the lists follow. Messages are sent by nobody in these worlds, so none are held. */
export async function finishLongJobs(world: World): Promise<void> {
  const jobs = world.app.get(LongJobs);
  const errors: unknown[] = [];
  const works = [world.app.get(IssueBulkLinks), world.app.get(ImportInvoices)];
  const unheld = { holdMany: () => Promise.resolve(), releaseMany: () => Promise.resolve() };
  const runner = new LongJobRunner(jobs, works, randomUUID(), unheld, (_what, error) => errors.push(error));
  runner.start();
  for (let tries = 0; tries < TRIES; tries += 1) {
    const open = (await jobs.latest(undefined, 50)).filter(({ status }) => status === 'queued' || status === 'running');
    if (open.length === 0) break;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  await runner.stop();
  await world.catchUp();
  if (errors.length > 0) throw new AggregateError(errors, 'A long job was interrupted.');
}
