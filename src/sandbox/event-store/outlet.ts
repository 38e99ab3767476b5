import type { ServerWritableStream } from '@grpc/grpc-js';
import type { status } from '@grpc/grpc-js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';

/** A message of the generated kind, or one in the form of the wire. */
export type ReadMessage = ReadResp | Buffer;
export type ReadCall = ServerWritableStream<ReadReq, ReadMessage>;

/** The sending side of a `Read`: it waits while the reader is slow, and knows when the reader has gone. */
export class Outlet {
  private open = true;
  private readonly wakers = new Set<() => void>();

  constructor(private readonly call: ReadCall) {
    const shut = (): void => {
      this.open = false;
      this.wake();
    };
    call.on('cancelled', shut);
    call.on('close', shut);
    call.on('error', shut);
    call.on('drain', () => this.wake());
  }

  get closed(): boolean {
    return !this.open;
  }

  /** False when the reader is slow: wait for {@link room} then. Asked for each event, so it makes no promise. */
  push(message: ReadMessage): boolean {
    return !this.open || this.call.write(message);
  }

  async room(): Promise<void> {
    // A loop, because a waker may come for another reason.
    while (this.open && this.call.writableNeedDrain) await this.pause();
  }

  /** Sends, and resolves when there is room for the next one. */
  async send(message: ReadMessage): Promise<void> {
    if (!this.push(message)) await this.room();
  }

  /** Waits for room, for the end, or for {@link wake}. */
  pause(): Promise<void> {
    return new Promise((resume) => this.wakers.add(resume));
  }

  wake(): void {
    const wakers = [...this.wakers];
    this.wakers.clear();
    for (const waker of wakers) waker();
  }

  end(): void {
    if (this.open) this.call.end();
  }

  fail(code: status, details: string): void {
    if (this.open) this.call.emit('error', { code, details });
  }
}

export function confirmation(subscriptionId: string): ReadResp {
  const message = new streams.ReadResp();
  const content = new streams.ReadResp.SubscriptionConfirmation();
  content.setSubscriptionId(subscriptionId);
  message.setConfirmation(content);
  return message;
}

export function caughtUp(): ReadResp {
  const message = new streams.ReadResp();
  message.setCaughtUp(new streams.ReadResp.CaughtUp());
  return message;
}

export function fellBehind(): ReadResp {
  const message = new streams.ReadResp();
  message.setFellBehind(new streams.ReadResp.FellBehind());
  return message;
}

export function checkpoint(position: bigint): ReadResp {
  const message = new streams.ReadResp();
  const content = new streams.ReadResp.Checkpoint();
  content.setCommitPosition(position.toString());
  content.setPreparePosition(position.toString());
  message.setCheckpoint(content);
  return message;
}

export function streamNotFound(stream: string): ReadResp {
  const message = new streams.ReadResp();
  const content = new streams.ReadResp.StreamNotFound();
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(stream, 'utf8'));
  content.setStreamIdentifier(identifier);
  message.setStreamNotFound(content);
  return message;
}
