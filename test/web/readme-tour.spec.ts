import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startService, type Service } from '../support/service.js';

const run = promisify(execFile);
const START_MS = 60_000;
const TOUR_MS = 60_000;

let service: Service;
beforeAll(async () => {
  service = await startService();
}, START_MS);
afterAll(() => service.dispose(), START_MS);

/** The README's blocks as one script, just as somebody pastes them one after the other into one shell. */
async function tour(): Promise<string> {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const blocks = [...readme.matchAll(/^```bash tour\n(.*?)^```$/gms)].map((match) => match[1]!);
  expect(blocks.length).toBeGreaterThanOrEqual(5);
  return blocks.join('\n');
}

it(
  'does what the README says, and can be taken twice',
  async () => {
    const environment = { ...process.env, API: service.api, KEY: service.key, INBOX: service.inbox };
    const script = await tour();
    const take = () => run('bash', ['-c', script], { env: environment, timeout: TOUR_MS / 2 });
    const first = await take();
    expect(first.stderr).toBe('');
    expect(first.stdout).toMatch(/^Branch [0-9a-f-]{36}$/m);
    expect(first.stdout).toContain('amount: 40594');
    expect(first.stdout).toMatch(/^queued$/m);
    expect(first.stdout).toMatch(/^The link is sent$/m);
    expect(first.stdout).toContain('TOUR-1');
    expect(first.stdout).toMatch(/^\S+Z InvoiceRegistered\n\S+Z LinkIssued\n\S+Z LinkSent$/m);

    const second = await take();
    const branch = /^Branch (.*)$/m;
    expect(branch.exec(second.stdout)?.[1]).toBe(branch.exec(first.stdout)?.[1]);
    // The repeated requests found what the first ones made: nothing happened twice.
    expect(second.stdout.match(/LinkIssued/g)).toHaveLength(1);
  },
  TOUR_MS,
);
