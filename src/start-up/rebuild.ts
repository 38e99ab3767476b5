/** `npm run rebuild`: empties the read models and reads the log again, with the doors closed. */
import { EventCodec } from '../application/event-codec.js';
import type { Environment } from '../infrastructure/config.js';
import { EsdbEventStore } from '../infrastructure/eventstore/esdb-event-store.js';
import { rebuild } from '../infrastructure/postgres/log-consumer/rebuild.js';
import { migrate } from '../infrastructure/postgres/migrate.js';
import { PgSql } from '../infrastructure/postgres/pg-sql.js';
import { createPool } from '../infrastructure/postgres/pool.js';
import { CustomerKeyRing } from '../infrastructure/postgres/customer-key-ring.js';
import { READ_MODELS } from '../projections/read-models.js';
import { PROCESS_MEMBERS, PROCESSES_CONSUMER, READ_MODELS_CONSUMER } from './background.js';
import { startConfiguration } from './configuration.js';

const CONNECTIONS = 4;
const PROGRESS_EVERY_MS = 1_000;

/** @throws StillRunning while the service runs */
export async function rebuildReadModels(environment: Environment): Promise<void> {
  const { config, embedded } = await startConfiguration(environment, { servesHttp: false });
  const pool = createPool(config.databaseUrl, { max: CONNECTIONS });
  const store = new EsdbEventStore({ connectionString: config.eventStoreUrl });
  try {
    await migrate(config.databaseUrl);
    const startedAt = performance.now();
    let toldAt = startedAt;
    const status = await rebuild({
      readModels: {
        name: READ_MODELS_CONSUMER,
        members: READ_MODELS,
        databaseUrl: config.databaseUrl,
        store,
        codec: new EventCodec(new CustomerKeyRing(new PgSql(pool), config.keys.master)),
        report: (what) => say(what),
      },
      processes: { name: PROCESSES_CONSUMER, members: PROCESS_MEMBERS },
      onProgress: ({ members }) => {
        if (performance.now() - toldAt < PROGRESS_EVERY_MS) return;
        toldAt = performance.now();
        say(`… at position ${String(members[0]?.position ?? 0n)} of the log`);
      },
    });
    const parked = status.members.filter(({ parkedStreams }) => parkedStreams > 0);
    for (const { name, parkedStreams } of parked)
      say(`${name}: ${parkedStreams} streams are parked at an event that cannot be taken`);
    say(`${status.members.length} read models rebuilt in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  } finally {
    await store.close();
    await pool.end();
    await embedded.stop();
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
