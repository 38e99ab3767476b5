/**
 * Events per second into all read models, against a bare `readAll` of the same log that throws them away; and the same while
 * 32 writers append, against the pace of those writers when nobody follows them.
 */
import { EventStoreDBClient } from '@eventstore/db-client';
import { compare, growth, median } from './support/comparison.js';
import { branchHistory, openLedger, write } from './support/ledger.js';
import { readAll, writePaidInvoices, WRITERS } from './support/log.js';
import { emptyReadModels, follow } from './support/read-models.js';
import { withStandIns } from './support/stand-ins.js';

const TARGET = 0.8;

export function run({ quick, report }) {
  return withStandIns(async (environment) => {
    const ledger = await openLedger(environment);
    const client = EventStoreDBClient.connectionString(environment.EVENTSTORE_URL);
    try {
      const branch = branchHistory();
      await write(ledger, branch.stream, branch.events);
      const rounds = await atThreeSizes(ledger, client, branch.branchId, quick, report);
      report(`${WRITERS} writers`);
      return [...rounds, await whileWritten(ledger, branch.branchId, quick)];
    } finally {
      await client.dispose();
      await ledger.close();
    }
  });
}

async function atThreeSizes(ledger, client, branchId, quick, report) {
  const steps = quick ? [2_700, 5_400, 10_800] : [9_000, 18_000, 36_000];
  const largest = steps.at(-1);
  const sizes = [];
  let filled = 0;
  let comparison;
  for (const size of steps) {
    report(`${size} events`);
    await writePaidInvoices(ledger, branchId, (size - filled) / 9);
    filled = size;
    comparison = await compare({
      ...{ metric: `following a log of ${size} events`, unit: 'events a second', target: TARGET },
      pairs: size === largest ? (quick ? 3 : 5) : 2,
      ours: async () => (size * 1000) / (await project(ledger)),
      reference: async () => (size * 1000) / (await readAll(client)),
    });
    sizes.push({ size, cost: size / median(comparison.ours) });
  }
  return [comparison, growth('following, by the events in the log', 's', sizes)];
}

/** Milliseconds from empty read models to the end of the log, by the consumer that runs in the service. */
async function project(ledger) {
  await emptyReadModels(ledger);
  const last = await ledger.store.lastPosition();
  const startMs = performance.now();
  const follower = await follow(ledger);
  await follower.reached(last);
  const tookMs = performance.now() - startMs;
  await follower.stop();
  return tookMs;
}

function whileWritten(ledger, branchId, quick) {
  const invoices = quick ? 320 : 1_600;
  const round = async (isFollowed) => {
    const follower = isFollowed ? await follow(ledger) : undefined;
    await follower?.reached(await ledger.store.lastPosition());
    const startMs = performance.now();
    const last = await writePaidInvoices(ledger, branchId, invoices);
    await follower?.reached(last);
    const seconds = (performance.now() - startMs) / 1000;
    await follower?.stop();
    return (invoices * 9) / seconds;
  };
  return compare({
    ...{ metric: `until the read models show what ${WRITERS} writers append`, unit: 'events a second' },
    pairs: quick ? 2 : 5,
    ours: () => round(true),
    reference: () => round(false),
  });
}
