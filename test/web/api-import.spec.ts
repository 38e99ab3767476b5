/** The import of a file, where it does not go straight through. What it does otherwise: `api-bulk.spec.ts`. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ImportInvoices } from '../../src/application/import/import-invoices.js';
import { ImportSpool } from '../../src/application/import/import-spool.js';
import { LongJobs } from '../../src/application/long-jobs/long-jobs.js';
import { makeBranch } from './api-examples.js';
import { startWorld, type World } from './api-world.js';
import { finishLongJobs } from './long-jobs.js';

const HEADER = 'number,issued_on,due_on,currency,customer_name,customer_email,description,unit_price';

let world: World;
let branchId: string;

beforeAll(async () => {
  world = await startWorld();
  branchId = await makeBranch(world);
});
afterAll(() => world.dispose());

const row = (number: string): string => `${number},2026-11-20,2026-12-20,USD,Ada Byron,ada@example.com,Storage,12.50`;
const job = async (jobId: string) => (await world.call('get', `/api/v1/jobs/${jobId}`).expect(200)).body;
const work = (): Promise<void> => finishLongJobs(world);
const upload = (text: string) =>
  world.call('post', `/api/v1/invoices/import?branchId=${branchId}`).set('Content-Type', 'text/csv').send(text);

describe('files that wait to be read', () => {
  it('are ten of one actor at most: one more is refused in words, a repeat is not, and there is room again afterwards', async () => {
    const file = (at: number) => [HEADER, row(`WAIT-${at}`)].join('\n');
    for (let at = 0; at < 9; at += 1) await upload(file(at)).expect(202);
    const tenth = await upload(file(9)).set('Idempotency-Key', 'the-tenth').expect(202);
    const { body } = await upload(file(10)).expect(429);
    expect(body).toMatchObject({ code: 'too_many_imports', detail: expect.stringContaining('Wait until one of them') });
    const again = await upload(file(9)).set('Idempotency-Key', 'the-tenth').expect(202);
    expect(again.body.jobId).toBe(tenth.body.jobId);
    await work();
    await upload(file(10)).expect(202);
    await work();
  });
});

describe('an import that is killed after it registered a batch, before it could record that', () => {
  it('counts as registered what it had registered itself, however often it was killed', async () => {
    // Of another import, and with the same content: this one is not its own.
    await upload([HEADER, row('OWN-2')].join('\n')).expect(202);
    await work();
    const file = [HEADER, row('OWN-1'), row('OWN-2'), row('OWN-3'), row('OWN-4'), row('OWN-1')];
    const { body } = await upload(file.join('\n')).expect(202);
    const record = jest.spyOn(world.app.get(ImportSpool), 'record');
    for (const kill of ['the first', 'the second']) {
      record.mockRejectedValueOnce(new Error(kill));
      const steps = world.app.get(ImportInvoices).run((await world.app.get(LongJobs).find(body.jobId))!);
      await expect(steps.next()).rejects.toThrow(kill);
    }
    record.mockRestore();
    await work();
    expect((await job(body.jobId)).import).toMatchObject({ invoices: 5, registered: 3, unchanged: 2, refused: 0 });
  });
});
