/** The embedded stand-ins in a process of their own, on a folder of their own, for as long as a benchmark needs them. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../dist/sandbox/free-port.js';

const SANDBOX = fileURLToPath(new URL('../../dist/sandbox/main.js', import.meta.url));

export async function withFolder(work) {
  const folder = await mkdtemp(join(tmpdir(), 'paylink-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Hands `work` the variables by which a service finds the event store and the database of an empty folder. */
export function withStandIns(work) {
  return withFolder(async (dataDir) => {
    const standIns = await startStandIns(dataDir);
    try {
      return await work(standIns.environment);
    } finally {
      await standIns.stop();
    }
  });
}

export async function startStandIns(dataDir) {
  const [port, sandboxPort] = [await freePort(0, 'the service'), await freePort(0, 'the stand-ins')];
  const child = spawn(process.execPath, [SANDBOX], {
    env: {
      ...baseEnvironment(),
      DATA_DIR: dataDir,
      PORT: String(port),
      SANDBOX_PORT: String(sandboxPort),
      SANDBOX_SERVICES: 'eventstore,database',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = new Promise((exit) => child.once('exit', exit));
  const environment = await new Promise((ready, failed) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      const found = Object.fromEntries(text.split('\n').map((line) => /^(\w+)=(.*)$/.exec(line)?.slice(1) ?? ['', '']));
      if (found.EVENTSTORE_URL && found.DATABASE_URL) ready(found);
    });
    void gone.then((code) => failed(new Error(`The stand-ins ended with ${code}.`)));
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await gone;
  };
  return { environment, stop };
}

/** What child processes need of this one's environment; a configuration that happens to be set must not reach them. */
export function baseEnvironment() {
  const passedOn = ['PATH', 'HOME', 'TMPDIR'];
  return Object.fromEntries(passedOn.filter((name) => process.env[name]).map((name) => [name, process.env[name]]));
}
