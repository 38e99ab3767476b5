import { spawn } from 'node:child_process';
import { afterEach, describe, expect, it } from '@jest/globals';
import { DELIVER_WEBHOOK } from '../../src/application/jobs/job-names.js';
import { GiveUp, type Job } from '../../src/application/ports.js';
import type { JsonObject } from '../../src/domain/json.js';
import { BullJobQueue, type Retries } from '../../src/infrastructure/queue/bull-job-queue.js';
import { JobRunner, type RunnableJob } from '../../src/infrastructure/queue/job-runner.js';
import { until } from '../support/until.js';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A process that takes a job and never finishes it. */
const STUCK_WORKER = `
  import { createPostgresBackend, Worker } from 'bullmq';
  const [, url] = process.argv;
  const onPostgres = url.startsWith('postgres');
  const connection = onPostgres ? { connectionString: url } : { url, maxRetriesPerRequest: null };
  const stuck = () => new Promise(() => console.log('took a job'));
  new Worker('paylink', stuck, { connection, lockDuration: 10_000, stalledInterval: 5_000 }, onPostgres ? createPostgresBackend : undefined);
`;

/** What the queue guarantees on every backend. `urlOf` answers a queue of its own for each test. */
export function jobQueueContract(urlOf: () => Promise<string>) {
  describe('a queue of jobs', () => {
    const opened: (() => Promise<void>)[] = [];
    afterEach(async () => {
      for (const close of opened.splice(0).reverse()) await close();
    });

    const queueOn = (url: string, retries?: Retries): BullJobQueue => {
      const queue = new BullJobQueue(url, undefined, retries);
      opened.push(() => queue.close());
      return queue;
    };
    const runOn = async (url: string, handlers: readonly RunnableJob[], reports: string[] = []): Promise<JobRunner> => {
      const runner = new JobRunner(
        url,
        handlers,
        (what) => reports.push(what),
        handlers.map(({ name }) => name),
      );
      opened.push(() => runner.stop());
      await runner.start();
      return runner;
    };
    const job = (id: string, name = 'work', delayMs = 0): Job => ({ id, name, payload: { subject: id }, delayMs });

    it('runs each job once, with its payload, however often it was asked for', async () => {
      const url = await urlOf();
      const queue = queueOn(url);
      const runs: string[] = [];
      await runOn(url, [{ name: 'work', run: ({ subject }) => Promise.resolve(void runs.push(subject as string)) }]);
      const jobs = Array.from({ length: 300 }, (_, index) => job(`work-${index}`));
      await queue.enqueue(jobs);
      await queue.enqueue(jobs.slice(0, 50));
      await until(() => runs.length >= 300, '300 runs');
      await queue.enqueue(jobs.slice(100, 150));
      await pause(300);
      expect([...runs].sort()).toEqual(jobs.map(({ id }) => id).sort());
    });

    it('keeps jobs while nobody runs them, and starts a delayed one no earlier than it may', async () => {
      const url = await urlOf();
      const queue = queueOn(url);
      const asked = Date.now();
      await queue.enqueue([job('at-once'), job('later', 'work', 1_500)]);
      expect(await queue.counts()).toEqual({ waiting: 2, active: 0, deadLetters: 0 });
      const runs: [string, number][] = [];
      await runOn(url, [
        { name: 'work', run: (_, { jobId }) => Promise.resolve(void runs.push([jobId, Date.now() - asked])) },
      ]);
      await until(() => runs.length === 2, 'both runs');
      expect(runs.map(([id]) => id)).toEqual(['at-once', 'later']);
      expect(runs[1]![1]).toBeGreaterThan(1_400);
    });

    const many = Array.from({ length: 300 }, (_, index) => ({ ...job(`many-${index}`), yields: true }));

    it('runs what somebody waits for while thousands that nobody waits for are stuck', async () => {
      const url = await urlOf();
      const queue = queueOn(url);
      await queue.enqueue(many);
      const runs: string[] = [];
      let loosen = (): void => undefined;
      const loose = new Promise<void>((resolve) => {
        loosen = resolve;
      });
      await runOn(url, [
        {
          name: 'work',
          run: (payload) => {
            const subject = payload['subject'] as string;
            runs.push(subject);
            return subject.startsWith('many') ? loose : Promise.resolve();
          },
        },
      ]);
      await until(() => runs.length === 10, 'ten that are stuck');
      await queue.enqueue([job('receipt'), job('sent-by-a-person')]);
      await until(() => runs.length === 12, 'the two that somebody waits for');
      expect(runs.slice(10).sort()).toEqual(['receipt', 'sent-by-a-person']);
      loosen();
      await until(() => runs.length === 302, 'all of them');
      expect(new Set(runs).size).toBe(302);
    });

    it('begins none of the many while they are held, and all others', async () => {
      const url = await urlOf();
      const queue = queueOn(url);
      const runs: string[] = [];
      const run = (payload: JsonObject) => Promise.resolve(void runs.push(payload['subject'] as string));
      const runner = await runOn(url, [{ name: 'work', run }]);
      await queue.enqueue([many[0]!]);
      await until(() => runs.length === 1, 'one of the many');
      await runner.holdMany();
      await queue.enqueue([...many.slice(1), job('receipt')]);
      await until(() => runs.includes('receipt'), 'the receipt');
      await pause(500);
      // What the worker had asked for already may still come.
      expect(runs.length).toBeLessThan(5);
      await runner.releaseMany();
      await until(() => runs.length === 301, 'all of them');
      await runner.holdMany();
      await runner.stop();
      await runner.releaseMany();
    });

    it('tries a failed job again after a pause, while the others flow', async () => {
      const url = await urlOf();
      const queue = queueOn(url);
      const runs: string[] = [];
      await runOn(url, [
        {
          name: 'work',
          run: (_, { jobId, attempt }) => {
            runs.push(`${jobId} ${attempt}`);
            return jobId === 'bad' && attempt < 3 ? Promise.reject(new Error('not yet')) : Promise.resolve();
          },
        },
      ]);
      await queue.enqueue([job('bad'), ...Array.from({ length: 20 }, (_, index) => job(`good-${index}`))]);
      await until(() => runs.includes('bad 3'), 'the third try');
      expect(runs.filter((run) => run.startsWith('bad'))).toEqual(['bad 1', 'bad 2', 'bad 3']);
      expect(runs.indexOf('bad 2')).toBe(21);
      await until(async () => (await queue.counts()).waiting === 0, 'an empty queue');
      expect(await queue.counts()).toEqual({ waiting: 0, active: 0, deadLetters: 0 });
    });

    it('keeps a job that never succeeds as a dead letter, says so, and lets the others flow', async () => {
      const url = await urlOf();
      const queue = queueOn(url, { attempts: 3, firstPauseMs: 50 });
      const reports: string[] = [];
      const runs: string[] = [];
      const run: RunnableJob['run'] = (_, { jobId }) => {
        runs.push(jobId);
        return jobId === 'poison' ? Promise.reject(new Error('never')) : Promise.resolve();
      };
      await runOn(url, [{ name: 'work', run }], reports);
      await queue.enqueue([job('poison'), job('unknown', 'no-such-job'), job('good')]);
      await until(async () => (await queue.counts()).deadLetters === 2, 'two dead letters');
      // Each is told of a moment after it is kept.
      await until(() => reports.length >= 2, 'a report of each');
      expect([...runs].sort()).toEqual(['good', 'poison', 'poison', 'poison']);
      expect([...reports].sort()).toEqual([
        'The job no-such-job (unknown) has failed for good and is kept as a dead letter.',
        'The job work (poison) has failed for good and is kept as a dead letter.',
      ]);
      expect(await queue.counts()).toEqual({ waiting: 0, active: 0, deadLetters: 2 });
    });

    it('lists the dead letters of all its queues, the latest first, with nothing of a person in them', async () => {
      const url = await urlOf();
      const queue = queueOn(url, { attempts: 1, firstPauseMs: 50 });
      const fail = () => Promise.reject(new Error('550 <ada@example.com> is unknown\n    at somewhere'));
      await runOn(url, [
        { name: 'work', run: fail },
        { name: DELIVER_WEBHOOK, run: fail },
      ]);
      expect(await queue.deadLetters.list(0, 10)).toEqual([]);
      for (const [id, name] of [['first'], ['second'], ['third', DELIVER_WEBHOOK]] as const) {
        const before = (await queue.counts()).deadLetters;
        await queue.enqueue([job(id, name)]);
        await until(async () => (await queue.counts()).deadLetters === before + 1, `${id} to fail`);
      }
      const all = await queue.deadLetters.list(0, 10);
      expect(all.map(({ id }) => id)).toEqual(['second', 'first', 'third']);
      expect(all[0]).toMatchObject({ name: 'work', attempts: 1, error: '550 <[redacted]> is unknown' });
      expect(Date.parse(all[0]!.failedAt!)).toBeGreaterThanOrEqual(Date.parse(all[0]!.queuedAt));
      expect((await queue.deadLetters.list(1, 2)).map(({ id }) => id)).toEqual(['first', 'third']);
      expect(await queue.deadLetters.list(3, 2)).toEqual([]);
    });

    it('puts dead letters back, one or all, with all their tries', async () => {
      const url = await urlOf();
      const queue = queueOn(url, { attempts: 2, firstPauseMs: 20 });
      let isMended = false;
      const runs: string[] = [];
      const run: RunnableJob['run'] = (_, { jobId }) => {
        runs.push(jobId);
        return isMended ? Promise.resolve() : Promise.reject(new Error('not yet'));
      };
      await runOn(url, [
        { name: 'work', run },
        { name: DELIVER_WEBHOOK, run },
      ]);
      await queue.enqueue([job('a'), job('b'), job('c', DELIVER_WEBHOOK)]);
      const dead = (count: number) => async () => (await queue.counts()).deadLetters === count;
      await until(dead(3), 'three dead letters');
      expect(await queue.deadLetters.redrive('a')).toBe(true);
      expect(await queue.deadLetters.redrive('none')).toBe(false);
      expect(await queue.deadLetters.redrive('a\0b')).toBe(false);
      await until(() => runs.filter((id) => id === 'a').length === 4, 'both tries once more');
      await until(dead(3), 'three dead letters again');
      isMended = true;
      expect(await queue.deadLetters.redriveAll()).toBe(3);
      await until(dead(0), 'no dead letter');
      expect(await queue.deadLetters.redrive('a')).toBe(false);
      await until(() => runs.length === 11, 'each once more');
    });

    it('makes a job that gives up a dead letter at once, and does not let slow ones for strangers hold up the rest', async () => {
      const url = await urlOf();
      const queue = queueOn(url);
      let letGo: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (letGo = resolve));
      const runs: string[] = [];
      await runOn(url, [
        { name: 'work', run: (_, { jobId }) => Promise.resolve(void runs.push(jobId)) },
        { name: 'hopeless', run: () => Promise.reject(new GiveUp('Nobody will ever take it.')) },
        { name: DELIVER_WEBHOOK, run: () => held },
      ]);
      await queue.enqueue(Array.from({ length: 30 }, (_, index) => job(`slow-${index}`, DELIVER_WEBHOOK)));
      await until(async () => (await queue.counts()).active >= 10, 'all hands on slow ones');
      await queue.enqueue([job('hopeless', 'hopeless'), job('quick')]);
      await until(() => runs.includes('quick'), 'the quick one');
      await until(async () => (await queue.counts()).deadLetters === 1, 'a dead letter');
      expect(await queue.deadLetters.list(0, 1)).toMatchObject([{ attempts: 1, error: 'Nobody will ever take it.' }]);
      letGo();
    });

    it('finishes the jobs at hand when it is stopped, and leaves the rest', async () => {
      const url = await urlOf();
      const queue = queueOn(url);
      let [begun, ended] = [0, 0];
      const runner = await runOn(url, [
        {
          name: 'work',
          run: async () => {
            begun += 1;
            await pause(300);
            ended += 1;
          },
        },
      ]);
      await queue.enqueue(Array.from({ length: 40 }, (_, index) => job(`work-${index}`)));
      await until(() => begun > 0, 'some at work');
      await runner.stop();
      expect(ended).toBe(begun);
      expect((await queue.counts()).waiting).toBe(40 - begun);
    });

    it('gives the jobs of a worker that was killed to another', async () => {
      const url = await urlOf();
      const queue = queueOn(url);
      await queue.enqueue([job('interrupted')]);
      const worker = spawn(process.execPath, ['--input-type=module', '-e', STUCK_WORKER, url], { stdio: 'pipe' });
      try {
        await new Promise<void>((resolve, reject) => {
          worker.stdout.once('data', () => resolve());
          worker.once('exit', (code) => reject(new Error(`The worker ended with ${code}`)));
        });
      } finally {
        worker.kill('SIGKILL');
      }
      const runs: string[] = [];
      await runOn(url, [{ name: 'work', run: (_, { jobId }) => Promise.resolve(void runs.push(jobId)) }]);
      await until(() => runs.length > 0, 'the job runs again', 40_000);
      expect(runs).toEqual(['interrupted']);
    }, 60_000);

    it('refuses an id that the backend would take for something else', async () => {
      const queue = queueOn(await urlOf());
      for (const id of ['', '42', 'a:b'])
        await expect(queue.enqueue([job('fine'), job(id)])).rejects.toThrow(RangeError);
      expect(await queue.counts()).toEqual({ waiting: 0, active: 0, deadLetters: 0 });
    });
  });
}
