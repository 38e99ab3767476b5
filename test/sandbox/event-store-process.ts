import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformFile } from '@swc/core';

const PROJECT = join(import.meta.dirname, '..', '..');
const SOURCES = join(PROJECT, 'src', 'sandbox');
const MAIN = `
import { startEventStore } from './event-store/server.js';
const [databaseUrl, port] = process.argv.slice(2);
const server = await startEventStore({ databaseUrl, port: Number(port) });
process.once('SIGTERM', () => server.stop().then(() => process.exit(0)));
console.log(server.url);
`;

/** The stand-in compiled for a process of its own: a process is what can be killed. */
export interface EventStoreProgram {
  /** Starts it and waits until it listens. */
  start(databaseUrl: string, port: number): Promise<ChildProcess>;
  remove(): Promise<void>;
}

export async function compileEventStore(): Promise<EventStoreProgram> {
  const folder = await mkdtemp(join(tmpdir(), 'paylink-event-store-'));
  await mkdir(join(folder, 'event-store'));
  await symlink(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(join(folder, 'main.js'), MAIN);
  const files = (await readdir(join(SOURCES, 'event-store'))).map((file) => join('event-store', file));
  for (const file of ['free-port.ts', ...files]) {
    const { code } = await transformFile(join(SOURCES, file), {
      swcrc: false,
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      module: { type: 'es6' },
    });
    await writeFile(join(folder, file.replace(/\.ts$/, '.js')), code);
  }
  return {
    start: (databaseUrl, port) => launch(join(folder, 'main.js'), databaseUrl, port),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function launch(program: string, databaseUrl: string, port: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, databaseUrl, String(port)], { stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((started, failed) => {
    let complaint = '';
    child.stdout.once('data', () => started(child));
    child.stderr.on('data', (chunk: Buffer) => {
      complaint += chunk.toString();
    });
    child.once('exit', (code, signal) => failed(new Error(`It ended with ${code ?? signal}: ${complaint}`)));
  });
}

/** Ends it as a power cut would, and waits until it is gone. */
export async function kill(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((gone) => {
    child.once('exit', gone);
    child.kill(signal);
  });
}
