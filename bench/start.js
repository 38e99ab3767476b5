/**
 * From the command to the first page: `npm start` on an empty folder, with every embedded service, against a bare Nest
 * application; and a start on folders that hold growing logs.
 */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../dist/sandbox/free-port.js';
import { compare, growth } from './support/comparison.js';
import { branchHistory, openLedger, paidInvoice, write } from './support/ledger.js';
import { baseEnvironment, startStandIns, withFolder } from './support/stand-ins.js';

const SERVICE = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const BARE_NEST = fileURLToPath(new URL('bare-nest.js', import.meta.url));
const LIMIT_MS = 90_000;
const POLL_MS = 5;
const TARGET = 5;
/** Events that are in the log before the start. */
const SIZES = [900, 3_600, 14_400];

export async function run({ quick, report }) {
  report('empty folders');
  const readyMs = [];
  const comparison = await compare({
    ...{ metric: 'to the first page, from an empty folder', unit: 'ms', target: TARGET, atMost: true },
    ...{ pairs: quick ? 2 : 5, warmUp: !quick },
    ours: async () => {
      const { pageMs, allMs } = await withFolder((folder) => startService(folder));
      readyMs.push(allMs);
      return pageMs;
    },
    reference: startBareNest,
  });
  report(`ready, demo data and all, after ${readyMs.map((ms) => Math.round(ms)).join(', ')} ms`);
  if (quick) return [comparison];
  const sizes = [];
  for (const size of SIZES) {
    report(`a folder with ${size} events`);
    sizes.push({ size, cost: await withFolder((folder) => startWithEvents(folder, size)) });
  }
  return [comparison, growth('to the first page, by the events in the folder', 'ms', sizes)];
}

async function startService(folder) {
  const [port, sandboxPort] = [await freePort(0, 'the service'), await freePort(0, 'the stand-ins')];
  const environment = {
    ...baseEnvironment(),
    ...{ DATA_DIR: folder, PORT: String(port), SANDBOX_PORT: String(sandboxPort), LOG_LEVEL: 'warn' },
  };
  return untilPage([SERVICE], environment, `http://127.0.0.1:${port}`, ['/api/docs', '/readyz']);
}

async function startBareNest() {
  const port = await freePort(0, 'the page');
  const environment = { ...baseEnvironment(), PORT: String(port) };
  const { pageMs } = await untilPage([BARE_NEST], environment, `http://127.0.0.1:${port}`, ['/', '/']);
  return pageMs;
}

/** Starts a program and tells when each of two pages was first answered with 200. */
async function untilPage(program, environment, origin, [page, last]) {
  const startMs = performance.now();
  const child = spawn(process.execPath, program, { env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
  const gone = new Promise((exit) => child.once('exit', exit));
  let hasEnded = false;
  void gone.then(() => (hasEnded = true));
  const answered = async (path) => {
    while (performance.now() - startMs < LIMIT_MS) {
      if (hasEnded) throw new Error('The program ended before it answered.');
      const status = await fetch(origin + path).then(
        async (response) => (await response.arrayBuffer(), response.status),
        () => 0,
      );
      if (status === 200) return performance.now() - startMs;
      await sleep(POLL_MS);
    }
    throw new Error(`${path} was not answered in ${LIMIT_MS / 1000} s.`);
  };
  try {
    return { pageMs: await answered(page), allMs: await answered(last) };
  } finally {
    child.kill('SIGTERM');
    await gone;
  }
}

/** The log is written and shown by one start that is not measured; the start after it finds all of it. */
async function startWithEvents(folder, size) {
  const standIns = await startStandIns(folder);
  const ledger = await openLedger(standIns.environment);
  const branch = branchHistory();
  await write(ledger, branch.stream, branch.events);
  for (let written = 0; written < size; written += 9) {
    const { stream, events } = paidInvoice(branch.branchId, `N-${written}`);
    await write(ledger, stream, events);
  }
  await ledger.close();
  await standIns.stop();
  await startService(folder);
  const { pageMs } = await startService(folder);
  return pageMs;
}
