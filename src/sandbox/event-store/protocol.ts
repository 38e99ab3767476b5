/**
 * The protocol's definitions, as the client's own package carries them, so that both sides are one version.
 */
import { createRequire } from 'node:module';
import type { Empty as EmptyType } from 'google-protobuf/google/protobuf/empty_pb.js';
import type { Any as AnyType } from 'google-protobuf/google/protobuf/any_pb.js';
import type { ServiceDefinition, UntypedHandleCall } from '@grpc/grpc-js';
import serverFeaturesServices from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import streamsServices from '@eventstore/db-client/generated/streams_grpc_pb.js';

// The generated messages refuse an Empty or Any of another copy of google-protobuf, so the client's copy is taken.
const besideClient = createRequire(createRequire(import.meta.url).resolve('@eventstore/db-client'));
export const { Empty } = besideClient('google-protobuf/google/protobuf/empty_pb.js') as { Empty: typeof EmptyType };
export const { Any } = besideClient('google-protobuf/google/protobuf/any_pb.js') as { Any: typeof AnyType };

type Service = ServiceDefinition<Record<string, UntypedHandleCall>>;

/** A response that is already in the form of the wire. */
function passThrough(message: unknown): Buffer {
  if (Buffer.isBuffer(message)) return message;
  return Buffer.from((message as { serializeBinary(): Uint8Array }).serializeBinary());
}

const streams = streamsServices.StreamsService as unknown as Service;

/** The service `Streams`, whose `Read` may answer records that were encoded before. */
export const StreamsDefinition: Service = {
  ...streams,
  read: { ...streams['read']!, responseSerialize: passThrough },
};

export const ServerFeaturesDefinition = serverFeaturesServices.ServerFeaturesService as unknown as Service;
