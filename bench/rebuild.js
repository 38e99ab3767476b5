/**
 * The rebuilding of all read models, as `npm run rebuild` does it, against a bare `readAll` of the same log that throws it away.
 * `--events 1000000` for a log of that size.
 */
import { EventStoreDBClient } from '@eventstore/db-client';
import { rebuild } from '../dist/infrastructure/postgres/log-consumer/rebuild.js';
import { READ_MODELS } from '../dist/projections/read-models.js';
import { compare, growth, median } from './support/comparison.js';
import { branchHistory, openLedger, write } from './support/ledger.js';
import { readAll, writePaidInvoices } from './support/log.js';
import { withStandIns } from './support/stand-ins.js';

const TARGET = 0.9;

export function run({ quick, report, events = quick ? 9_000 : 90_000 }) {
  return withStandIns(async (environment) => {
    const ledger = await openLedger(environment);
    const client = EventStoreDBClient.connectionString(environment.EVENTSTORE_URL);
    try {
      const branch = branchHistory();
      await write(ledger, branch.stream, branch.events);
      const sizes = [];
      let filled = 0;
      let comparison;
      for (const size of [events / 4, events / 2, events].map(Math.round)) {
        report(`${size} events`);
        await writePaidInvoices(ledger, branch.branchId, Math.ceil((size - filled) / 9));
        filled = size;
        comparison = await compare({
          ...{ metric: `rebuilding from ${size} events`, unit: 'events a second', target: TARGET, warmUp: quick },
          pairs: size === events && !quick ? 5 : 2,
          ours: async () => (size * 1000) / (await rebuildAll(ledger)),
          reference: async () => (size * 1000) / (await readAll(client)),
        });
        sizes.push({ size, cost: size / median(comparison.ours) });
      }
      return [comparison, growth('rebuilding, by the events in the log', 's', sizes)];
    } finally {
      await client.dispose();
      await ledger.close();
    }
  });
}

async function rebuildAll({ databaseUrl, store, codec }) {
  const startMs = performance.now();
  const problems = [];
  const status = await rebuild({
    readModels: {
      ...{ name: 'read-models', members: READ_MODELS, databaseUrl, store, codec },
      report: (what, error) => problems.push(`${what} ${String(error)}`),
    },
    processes: { name: 'processes', members: [] },
  });
  const parked = status.members.filter(({ parkedStreams }) => parkedStreams > 0);
  if (problems.length > 0 || parked.length > 0) throw new Error(`The rebuild met problems: ${problems.join(' ')}`);
  return performance.now() - startMs;
}
