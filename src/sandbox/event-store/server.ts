import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import type { sendUnaryData, ServerUnaryCall, UntypedHandleCall } from '@grpc/grpc-js';
import serverFeatures from '@eventstore/db-client/generated/serverfeatures_pb.js';
import { freePort } from '../free-port.js';
import { batchAppendHandler } from './batch-append.js';
import { ServerFeaturesDefinition, StreamsDefinition } from './protocol.js';
import { readHandler } from './read.js';
import { LogReader } from './storage.js';
import { Writer } from './writer.js';

/** The largest message that the real server takes. */
const MAX_MESSAGE_BYTES = 17 * 1024 * 1024;
/** A server that was killed lets go of the lock when PostgreSQL notices. */
const LOCK_WAIT_MS = 10_000;

export interface EventStoreOptions {
  /** The PostgreSQL database that keeps the log, in a schema of its own. */
  readonly databaseUrl: string;
  /** Loopback port, or 0 for any free one. */
  readonly port: number;
  /** The clock by which events are dated and deadlines judged, in milliseconds since the epoch. */
  readonly nowMs?: () => number;
  /** How long to wait for another server on the same database to go; 10 seconds unless told. */
  readonly lockWaitMs?: number;
}

export interface RunningEventStore {
  /** Connection string for the client. */
  readonly url: string;
  /** Finishes what is being written, then hangs up on everybody. */
  stop(): Promise<void>;
}

/**
 * Starts the stand-in of EventStoreDB on 127.0.0.1: the unmodified client talks to it as to a single node. It answers the
 * three calls that this product makes (`GetSupportedMethods`, `BatchAppend`, `Read` with subscriptions) and nothing else.
 *
 * An append is acknowledged when PostgreSQL has committed it, and the log is in the order of commits without gaps.
 *
 * @throws Error when another server writes to the same database, or the port is taken
 */
export async function startEventStore(options: EventStoreOptions): Promise<RunningEventStore> {
  const reader = new LogReader(options.databaseUrl);
  const writer = new Writer(options.databaseUrl, reader, options.nowMs ?? Date.now);
  const server = new Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
  });
  server.addService(ServerFeaturesDefinition, { getSupportedMethods });
  server.addService(StreamsDefinition, {
    read: readHandler(reader, writer.tail) as UntypedHandleCall,
    batchAppend: batchAppendHandler(writer) as UntypedHandleCall,
    append: unimplemented('Append'),
    delete: unimplemented('Delete'),
    tombstone: unimplemented('Tombstone'),
  });
  const stop = async (): Promise<void> => {
    await writer.close();
    server.forceShutdown();
    await reader.close();
  };
  try {
    const wanted = await freePort(options.port, 'the event store');
    await writer.open(options.lockWaitMs ?? LOCK_WAIT_MS);
    const port = await listen(server, wanted);
    return { url: `esdb://127.0.0.1:${port}?tls=false`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function listen(server: Server, wanted: number): Promise<number> {
  return new Promise((listening, failed) => {
    server.bindAsync(`127.0.0.1:${wanted}`, ServerCredentials.createInsecure(), (error, port) => {
      if (error)
        failed(new Error(`Port ${wanted}, which the event store is to listen on, is taken.`, { cause: error }));
      else listening(port);
    });
  });
}

/** Asked once a channel: the client looks here whether it may use `BatchAppend`. */
function getSupportedMethods(
  _call: ServerUnaryCall<unknown, unknown>,
  answer: sendUnaryData<serverFeatures.SupportedMethods>,
): void {
  const methods = new serverFeatures.SupportedMethods();
  methods.setEventStoreServerVersion('23.10.0');
  for (const name of ['read', 'batchappend']) {
    const method = new serverFeatures.SupportedMethod();
    method.setServiceName('event_store.client.streams.Streams');
    method.setMethodName(name);
    methods.addMethods(method);
  }
  answer(null, methods);
}

function unimplemented(method: string): UntypedHandleCall {
  const error = {
    code: status.UNIMPLEMENTED,
    details: `This stand-in of EventStoreDB does not implement ${method}: set EVENTSTORE_URL to a real server for it.`,
  };
  return (call: { emit(event: 'error', error: unknown): boolean }, answer?: (error: unknown) => void) => {
    if (answer) answer(error);
    else call.emit('error', error);
  };
}
