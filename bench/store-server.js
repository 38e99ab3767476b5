/**
 * The two servers of the store's benchmark, each in a process of its own:
 *
 *   node bench/store-server.js event-store <database url>   the stand-in
 *   node bench/store-server.js stream <database url>        a bare gRPC stream of the messages that the stand-in keeps
 *
 * Prints its address when it listens, and ends when its input is closed.
 */
import { Server, ServerCredentials } from '@grpc/grpc-js';
import pg from 'pg';
import { startEventStore } from '../dist/sandbox/event-store/server.js';
import { StreamsDefinition } from '../dist/sandbox/event-store/protocol.js';

const [kind, databaseUrl] = process.argv.slice(2);

async function startStream() {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query('SELECT record FROM event_store.events ORDER BY position');
  await client.end();
  const server = new Server();
  server.addService({ read: StreamsDefinition.read }, { read: (call) => void sendAll(call, rows) });
  const port = await new Promise((listening, failed) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
      if (error) failed(error);
      else listening(bound);
    });
  });
  return { url: `127.0.0.1:${port}`, stop: async () => server.forceShutdown() };
}

async function sendAll(call, rows) {
  for (const { record } of rows) {
    if (!call.write(record)) await new Promise((drained) => call.once('drain', drained));
  }
  call.end();
}

const started = await (kind === 'stream' ? startStream() : startEventStore({ databaseUrl, port: 0 }));
console.log(started.url);
process.stdin.resume();
process.stdin.once('end', () => void started.stop().then(() => process.exit(0)));
