/** What a branch may send in bulk on a day holds whoever works on its jobs, side by side and after a kill. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { BulkLimits } from '../../src/application/bulk/bulk-limits.js';
import { BulkLinkItems } from '../../src/application/bulk/bulk-link-items.js';
import { IssueBulkLinks } from '../../src/application/bulk/issue-bulk-links.js';
import { LongJobs } from '../../src/application/long-jobs/long-jobs.js';
import { makeBranch, makeInvoice } from './api-examples.js';
import { startWorld, type World } from './api-world.js';

const MOST = 5;

let world: World;

beforeAll(async () => {
  world = await startWorld();
  Object.assign(world.app.get(BulkLimits), { linksPerBranchAndDay: MOST });
});
afterAll(() => world.dispose());

/** A job for new invoices of the branch. */
async function jobOf(branchId: string, name: string, count: number): Promise<string> {
  const invoiceIds: string[] = [];
  for (let at = 0; at < count; at += 1) {
    const customer = { name: 'Ada Byron', email: `${name}-${at}@example.com` };
    invoiceIds.push(await makeInvoice(world, branchId, { number: `${name}-${at}`, customer }));
  }
  const answer = await world.call('post', '/api/v1/links/bulk').send({ invoiceIds, channel: 'email' }).expect(202);
  return answer.body.jobId;
}

async function work(jobId: string): Promise<void> {
  const job = (await world.app.get(LongJobs).find(jobId))!;
  const steps = world.app.get(IssueBulkLinks).run(job);
  while (!(await steps.next()).done);
}

async function outcomes(jobIds: readonly string[]): Promise<Record<string, number>> {
  const { rows } = await world.pool.query<{ outcome: string; count: number }>(
    `SELECT coalesce(reason, outcome) AS outcome, count(*)::int FROM bulk_link_items
     WHERE job_id = ANY ($1::uuid[]) GROUP BY 1`,
    [jobIds],
  );
  return Object.fromEntries(rows.map(({ outcome, count }) => [outcome, count]));
}

/** Neither of two workers records what it issued before the other has issued its own: as late as it can be known. */
function atOnceOrNever(items: BulkLinkItems) {
  const recordNow = items.record.bind(items);
  let open: () => void = () => undefined;
  const both = new Promise<void>((resolve) => (open = resolve));
  let arrived = 0;
  return jest.spyOn(items, 'record').mockImplementation(async (...what) => {
    arrived += 1;
    if (arrived === 2) open();
    await both;
    await recordNow(...what);
  });
}

describe('the links of a branch and day', () => {
  it('are no more where two workers issue two of its jobs at the same time', async () => {
    const branchId = await makeBranch(world, { name: 'Side by side' });
    const jobs = [await jobOf(branchId, 'SIDE-A', 4), await jobOf(branchId, 'SIDE-B', 4)];
    const record = atOnceOrNever(world.app.get(BulkLinkItems));
    await Promise.all(jobs.map(work));
    record.mockRestore();
    expect(await outcomes(jobs)).toEqual({ queued: MOST, cap_reached: 8 - MOST });
  }, 60_000);

  it('are no more after a worker was killed, and what it had taken is not lost', async () => {
    const branchId = await makeBranch(world, { name: 'Killed' });
    const [job, other] = [await jobOf(branchId, 'KILLED', 4), await jobOf(branchId, 'AFTER', 4)];
    const record = jest.spyOn(world.app.get(BulkLinkItems), 'record').mockRejectedValueOnce(new Error('killed'));
    await expect(work(job)).rejects.toThrow('killed');
    record.mockRestore();
    await work(other);
    expect(await outcomes([other])).toEqual({ queued: MOST - 4, cap_reached: 3 });
    await work(job);
    expect(await outcomes([job])).toEqual({ queued: 4 });
  }, 60_000);

  it('are given back where they were not used', async () => {
    const branchId = await makeBranch(world, { name: 'Given back' });
    const [job, other] = [await jobOf(branchId, 'UNUSED', 4), await jobOf(branchId, 'USED', MOST)];
    const { rows } = await world.pool.query<{ invoice_id: string }>(
      'SELECT invoice_id FROM bulk_link_items WHERE job_id = $1 ORDER BY ordinal LIMIT 3',
      [job],
    );
    for (const { invoice_id: id } of rows)
      await world.call('post', `/api/v1/invoices/${id}/void`).send({ reason: 'Registered twice' }).expect(200);
    await work(job);
    await work(other);
    expect(await outcomes([job, other])).toEqual({ queued: MOST, invoice_void: 3, cap_reached: 1 });
  }, 60_000);
});
