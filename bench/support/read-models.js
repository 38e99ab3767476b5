/** The consumer of the read models, as the service runs it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { LogConsumer } from '../../dist/infrastructure/postgres/log-consumer/log-consumer.js';
import { READ_MODELS } from '../../dist/projections/read-models.js';

const POLL_MS = 2;
const LIMIT_MS = 600_000;

export async function emptyReadModels({ pool }) {
  await pool.query(`TRUNCATE ${READ_MODELS.flatMap(({ tableNames }) => tableNames).join(', ')}`);
  await pool.query('DELETE FROM checkpoints');
}

/** Starts to follow the log from the checkpoints. */
export async function follow({ databaseUrl, store, codec, sql }) {
  const problems = [];
  const consumer = new LogConsumer({
    ...{ name: 'read-models', members: READ_MODELS, databaseUrl, store, codec },
    report: (what, error) => problems.push(`${what} ${String(error)}`),
  });
  await consumer.start(sql);
  const reached = async (position) => {
    const deadlineMs = performance.now() + LIMIT_MS;
    const isThere = ({ position: seen }) => seen !== undefined && seen >= position;
    while (!consumer.status().members.every(isThere)) {
      if (problems.length > 0) throw new Error(problems.join('\n'));
      if (performance.now() > deadlineMs) throw new Error(`The read models did not reach ${position}.`);
      await sleep(POLL_MS);
    }
  };
  return { reached, stop: () => consumer.stop() };
}
