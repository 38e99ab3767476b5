/**
 * The embedded event store through the official client, against what the same machine does without it:
 * appends against bare durable inserts of the same bytes into the same PostgreSQL; reading the log and a filtered catch-up
 * against a bare gRPC stream of the same messages, decoded by the same generated classes.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { credentials } from '@grpc/grpc-js';
import { EventStoreDBClient, jsonEvent, NO_STREAM, START } from '@eventstore/db-client';
import streamsServices from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import pg from 'pg';
import { startPostgres } from '../dist/sandbox/postgres.js';

export const name = 'store';

const IN_FLIGHT = [
  { count: 1, target: 0.6 },
  { count: 8, target: 1.0 },
  { count: 64, target: 1.5 },
];
const READ_TARGET = 0.7;
/** Every tenth event is one that the filter leaves out. */
const UNWANTED = 10;

const data = {
  invoiceId: 'inv_0123456789abcdef0123456789abcdef',
  amountMinor: 123_456,
  currency: 'EUR',
  sealed: 'c2VhbGVk'.repeat(24),
};
const metadata = { correlationId: 'c'.repeat(36), causationId: 'd'.repeat(36), hash: 'e'.repeat(64) };

/**
 * @param {{ quick?: boolean }} options
 * @returns {Promise<{ metric: string, unit: string, ours: number[], reference: number[], target: number }[]>}
 */
export async function run({ quick = false } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'paylink-bench-store-'));
  const postgres = await startPostgres({ dataDir: folder, port: 0 });
  const children = [];
  try {
    const databaseUrl = postgres.url('sandbox');
    const store = await serve('event-store', databaseUrl, children);
    const client = EventStoreDBClient.connectionString(store);
    const results = [];
    for (const { count, target } of IN_FLIGHT) {
      results.push(await compareAppends(client, databaseUrl, count, target, quick));
    }
    await fill(client, quick ? 5_000 : 20_000);
    const stream = await serve('stream', databaseUrl, children);
    results.push(...(await compareReads(client, stream, quick)));
    await client.dispose();
    return results;
  } finally {
    for (const child of children) child.stdin.end();
    await Promise.all(children.map((child) => new Promise((gone) => child.once('exit', gone))));
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function serve(kind, databaseUrl, children) {
  const program = new URL('store-server.js', import.meta.url).pathname;
  const child = spawn(process.execPath, [program, kind, databaseUrl], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  return new Promise((listening, failed) => {
    child.stdout.once('data', (line) => listening(line.toString().trim()));
    child.once('exit', (code) => failed(new Error(`The ${kind} server ended with ${code}.`)));
  });
}

/** How often per second `work` is done by `count` workers, in about `seconds`. */
async function rate(count, seconds, work) {
  const start = performance.now();
  const end = start + seconds * 1000;
  let done = 0;
  await Promise.all(
    Array.from({ length: count }, async (_, worker) => {
      while (performance.now() < end) {
        await work(worker);
        done += 1;
      }
    }),
  );
  return (done * 1000) / (performance.now() - start);
}

async function compareAppends(client, databaseUrl, count, target, quick) {
  const setUp = new pg.Client({ connectionString: databaseUrl });
  await setUp.connect();
  await setUp.query(
    'CREATE TABLE IF NOT EXISTS bare (position bigserial PRIMARY KEY, stream text, revision bigint, id uuid, type text, data bytea, metadata bytea, UNIQUE (stream, revision))',
  );
  await setUp.end();
  const connections = await Promise.all(
    Array.from({ length: count }, async () => {
      const connection = new pg.Client({ connectionString: databaseUrl });
      await connection.connect();
      return connection;
    }),
  );
  const seconds = quick ? 1 : 3;
  const ours = [];
  const reference = [];
  const appendRound = () => {
    const revisions = new Map();
    const round = randomUUID();
    return rate(count, seconds, async (worker) => {
      const revision = revisions.get(worker);
      const event = jsonEvent({ type: 'PaymentCaptured', data, metadata });
      const answer = await client.appendToStream(`bench-${round}-${worker}`, event, {
        expectedRevision: revision ?? NO_STREAM,
      });
      revisions.set(worker, answer.nextExpectedRevision);
    });
  };
  const insertRound = () => {
    const revisions = new Array(count).fill(0);
    const round = randomUUID();
    return rate(count, seconds, (worker) =>
      connections[worker].query({
        name: 'bare-insert',
        text: 'INSERT INTO bare (stream, revision, id, type, data, metadata) VALUES ($1, $2, $3, $4, $5, $6)',
        values: [
          `bench-${round}-${worker}`,
          (revisions[worker] += 1),
          randomUUID(),
          'PaymentCaptured',
          Buffer.from(JSON.stringify(data)),
          Buffer.from(JSON.stringify(metadata)),
        ],
      }),
    );
  };
  await appendRound();
  await insertRound();
  for (let pair = 0; pair < (quick ? 3 : 5); pair += 1) {
    ours.push(await appendRound());
    reference.push(await insertRound());
  }
  await Promise.all(connections.map((connection) => connection.end()));
  return { metric: `appends, ${count} in flight`, unit: 'appends/s', ours, reference, target };
}

async function fill(client, events) {
  const batch = 100;
  for (let written = 0; written < events; written += batch) {
    const prefix = (written / batch) % UNWANTED === 0 ? 'other' : 'bench';
    const made = Array.from({ length: batch }, () => jsonEvent({ type: 'PaymentCaptured', data, metadata }));
    await client.appendToStream(`${prefix}-${randomUUID()}`, made, { expectedRevision: NO_STREAM });
  }
}

async function compareReads(client, address, quick) {
  const bare = new streamsServices.StreamsClient(address, credentials.createInsecure());
  const matching = await countMatching(client);
  const pairs = [
    { metric: 'readAll', ours: () => readAll(client) },
    { metric: 'filtered catch-up', ours: () => catchUp(client, matching) },
  ];
  const results = [];
  for (const { metric, ours: read } of pairs) {
    const ours = [];
    const reference = [];
    await read();
    await readBare(bare);
    for (let pair = 0; pair < (quick ? 3 : 5); pair += 1) {
      ours.push(await timed(read));
      reference.push(await timed(() => readBare(bare)));
    }
    results.push({ metric, unit: 'events/s', ours, reference, target: READ_TARGET });
  }
  bare.close();
  return results;
}

async function timed(read) {
  const start = performance.now();
  const events = await read();
  return (events * 1000) / (performance.now() - start);
}

async function readAll(client) {
  let events = 0;
  for await (const { event } of client.readAll({ fromPosition: START })) if (event) events += 1;
  return events;
}

async function countMatching(client) {
  let events = 0;
  for await (const { event } of client.readAll()) if (event?.streamId.startsWith('bench-')) events += 1;
  return events;
}

async function catchUp(client, matching) {
  const filter = { filterOn: 'streamName', prefixes: ['bench-'], checkpointInterval: 16 };
  let events = 0;
  const subscription = client.subscribeToAll({ fromPosition: START, filter });
  for await (const { event } of subscription) {
    if (event) events += 1;
    if (events === matching) break;
  }
  return events;
}

function readBare(bare) {
  return new Promise((done, failed) => {
    let events = 0;
    const call = bare.read(new streams.ReadReq());
    call.on('data', (message) => {
      if (message.hasEvent()) events += 1;
    });
    call.on('error', failed);
    call.on('end', () => done(events));
  });
}
