import type { ServerDuplexStream } from '@grpc/grpc-js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import statusMessages from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb.js';
import { Any, Empty } from './protocol.js';
import { uuidText, isEventId } from './uuid.js';
import type { Expected } from './decide-append.js';
import type { ProposedEvent } from './record.js';
import type { AppendAnswer, Writer } from './writer.js';

/** The server's default limit of one append. */
const MAX_APPEND_BYTES = 1024 * 1024;
const MAX_UNFINISHED_APPENDS = 1000;
const INVALID_ARGUMENT = 3;
const FAILED_PRECONDITION = 9;
const DEADLINE_EXCEEDED = 4;
const UNKNOWN = 2;

/** An append that arrives in pieces. */
interface Assembly {
  readonly correlation: UUID | undefined;
  readonly options: BatchAppendReq.Options | undefined;
  readonly events: ProposedEvent[];
  bytes: number;
  problem: string | undefined;
}

type BatchAppendCall = ServerDuplexStream<BatchAppendReq, BatchAppendResp>;

/** Makes the handler of `BatchAppend`: one long call that carries every append of a client, and every answer. */
export function batchAppendHandler(writer: Writer): (call: BatchAppendCall) => void {
  return (call) => {
    const unfinished = new Map<string, Assembly>();
    let waiting = 0;
    let ended = false;
    const flow = (): void => {
      if (writer.crowded || call.writableNeedDrain) call.pause();
      else call.resume();
    };
    const stopListening = writer.onRoom(flow);
    const finish = (): void => {
      if (ended && waiting === 0) call.end();
    };
    call.on('drain', flow);
    call.on('cancelled', stopListening);
    call.on('close', stopListening);
    call.on('error', stopListening);
    call.on('end', () => {
      ended = true;
      stopListening();
      finish();
    });
    call.on('data', (request: BatchAppendReq) => {
      const whole = assemble(unfinished, request);
      if (!whole) return;
      waiting += 1;
      void answerTo(writer, whole).then((answer) => {
        waiting -= 1;
        if (!call.cancelled && !call.destroyed) call.write(response(whole, answer));
        flow();
        finish();
      });
      flow();
    });
  };
}

function assemble(unfinished: Map<string, Assembly>, request: BatchAppendReq): Assembly | undefined {
  const correlation = request.getCorrelationId();
  const key = uuidText(correlation);
  let assembly = unfinished.get(key);
  if (!assembly) {
    assembly = { correlation, options: request.getOptions(), events: [], bytes: 0, problem: undefined };
    if (unfinished.size >= MAX_UNFINISHED_APPENDS) assembly.problem = 'too many unfinished appends';
    else unfinished.set(key, assembly);
  }
  for (const message of request.getProposedMessagesList()) add(assembly, message);
  if (!request.getIsFinal() && assembly.problem !== 'too many unfinished appends') return undefined;
  unfinished.delete(key);
  return assembly;
}

function add(assembly: Assembly, message: BatchAppendReq.ProposedMessage): void {
  const properties = message.getMetadataMap();
  const event: ProposedEvent = {
    id: uuidText(message.getId()),
    type: properties.get('type') ?? '',
    contentType: properties.get('content-type') ?? 'application/octet-stream',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
  if (event.type === '') assembly.problem ??= 'an event has no type';
  if (!isEventId(event.id)) assembly.problem ??= 'an event has no valid id';
  assembly.bytes += event.data.length + event.metadata.length + 2 * event.type.length;
  // What is too large is only counted: it will not be kept anyway.
  if (assembly.bytes > MAX_APPEND_BYTES) assembly.events.length = 0;
  else assembly.events.push(event);
}

type Answer = AppendAnswer | { readonly kind: 'bad'; readonly reason: string } | { readonly kind: 'large' };

async function answerTo(writer: Writer, assembly: Assembly): Promise<Answer> {
  const stream = streamName(assembly.options?.getStreamIdentifier());
  const expected = expectedRevision(assembly.options);
  const problem =
    assembly.problem ??
    (stream === '' ? 'the stream has no name' : undefined) ??
    (expected === undefined ? 'the expected revision is missing' : undefined);
  if (problem !== undefined || expected === undefined) return { kind: 'bad', reason: problem ?? '' };
  if (assembly.bytes > MAX_APPEND_BYTES) return { kind: 'large' };
  const deadline = assembly.options?.getDeadline();
  return writer.append({
    stream,
    expected,
    events: assembly.events,
    bytes: assembly.bytes,
    deadlineMs: deadline ? deadline.getSeconds() * 1000 + deadline.getNanos() / 1e6 : Number.POSITIVE_INFINITY,
  });
}

/** The name as text; on the wire it is bytes. */
export function streamName(identifier: StreamIdentifier | undefined): string {
  return Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');
}

function expectedRevision(options: BatchAppendReq.Options | undefined): Expected | undefined {
  if (options?.hasStreamPosition()) return BigInt(options.getStreamPosition());
  if (options?.hasNoStream()) return 'no_stream';
  if (options?.hasAny()) return 'any';
  if (options?.hasStreamExists()) return 'stream_exists';
  return undefined;
}

function response(assembly: Assembly, answer: Answer): BatchAppendResp {
  const message = new streams.BatchAppendResp();
  message.setCorrelationId(assembly.correlation);
  message.setStreamIdentifier(assembly.options?.getStreamIdentifier() ?? new shared.StreamIdentifier());
  if (answer.kind !== 'appended') {
    message.setError(errorStatus(answer, expectedRevision(assembly.options)));
    return message;
  }
  const position = new shared.AllStreamPosition();
  position.setCommitPosition(answer.position.toString());
  position.setPreparePosition(answer.position.toString());
  const success = new streams.BatchAppendResp.Success();
  success.setCurrentRevision(answer.revision.toString());
  success.setPosition(position);
  message.setSuccess(success);
  return message;
}

type Failure = Exclude<Answer, { kind: 'appended' }>;

/** Without a detail that it knows the client throws a TypeError, so every error carries one. */
function errorStatus(failure: Failure, expected: Expected | undefined): statusMessages.Status {
  switch (failure.kind) {
    case 'wrong':
      return status(
        FAILED_PRECONDITION,
        'WrongExpectedVersion',
        wrongVersion(failure.head, expected),
        'wrong revision',
      );
    case 'large': {
      const detail = new shared.MaximumAppendSizeExceeded();
      detail.setMaxappendsize(MAX_APPEND_BYTES);
      return status(INVALID_ARGUMENT, 'MaximumAppendSizeExceeded', detail, 'the append is too large');
    }
    case 'bad': {
      const detail = new shared.BadRequest();
      detail.setMessage(failure.reason);
      return status(INVALID_ARGUMENT, 'BadRequest', detail, failure.reason);
    }
    case 'timeout':
      return status(DEADLINE_EXCEEDED, 'Timeout', new shared.Timeout(), 'the deadline had passed');
    case 'failed':
      return status(UNKNOWN, 'Unknown', new shared.Unknown(), failure.reason);
  }
}

function status(
  code: number,
  type: string,
  detail: { serializeBinary(): Uint8Array },
  text: string,
): statusMessages.Status {
  const packed = new Any();
  packed.pack(detail.serializeBinary(), `event_store.client.${type}`);
  const made = new statusMessages.Status();
  made.setCode(code);
  made.setMessage(text);
  made.setDetails(packed);
  return made;
}

function wrongVersion(head: bigint, expected: Expected | undefined): shared.WrongExpectedVersion {
  const detail = new shared.WrongExpectedVersion();
  if (head < 0n) detail.setCurrentNoStream(new Empty());
  else detail.setCurrentStreamRevision(head.toString());
  if (expected === 'any') detail.setExpectedAny(new Empty());
  else if (expected === 'no_stream') detail.setExpectedNoStream(new Empty());
  else if (expected === 'stream_exists') detail.setExpectedStreamExists(new Empty());
  else if (expected !== undefined) detail.setExpectedStreamPosition(expected.toString());
  return detail;
}
