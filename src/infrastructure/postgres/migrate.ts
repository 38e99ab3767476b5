import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import { connectionOptions } from './pool.js';

/**
 * Brings the tables up to this version of the program. Several processes may do so at once: one does it, the others wait.
 * All pending files are one transaction, so a failure leaves the tables as they were.
 *
 * @param log takes what was done, one line at a time
 */
export async function migrate(databaseUrl: string, log: (line: string) => void = () => undefined): Promise<void> {
  await runner({
    databaseUrl: connectionOptions(databaseUrl),
    dir: fileURLToPath(new URL('./migrations', import.meta.url)),
    migrationsTable: 'schema_migrations',
    direction: 'up',
    advisoryLockMode: 'wait',
    log,
  });
}
