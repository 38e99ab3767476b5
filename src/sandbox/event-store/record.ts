/**
 * The form in which an event leaves the server: a `ReadResp` of the client's own protocol, made once when the event is
 * appended, kept as it is, and sent as it is to whoever reads. The generated classes would take it apart and put it
 * together again for every reader.
 */

/** An event as a client proposes it. */
export interface ProposedEvent {
  readonly id: string;
  readonly type: string;
  /** `application/json` or `application/octet-stream`. */
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** Where and when an event was put. */
export interface Placement {
  readonly stream: string;
  readonly revision: bigint;
  readonly position: bigint;
  /** Units of 100 ns since the Unix epoch. */
  readonly createdTicks: bigint;
}

/** An event of the log, ready to be sent. */
export interface LogEntry {
  readonly position: bigint;
  readonly stream: string;
  readonly revision: bigint;
  readonly id: string;
  readonly type: string;
  readonly record: Buffer;
}

const VARINT = 0;
const BYTES = 2;
const LARGEST_VARINT_BYTES = 10;
/** Tags, lengths, the id, both positions, revision, date and the keys of the metadata map: less than this. */
const OVERHEAD_BYTES = 320;

/** Writes a protobuf message from its end to its start, so that every length is known when it is written. */
class BackwardWriter {
  private at: number;
  private readonly buffer: Buffer;

  constructor(capacity: number) {
    this.buffer = Buffer.allocUnsafe(capacity);
    this.at = capacity;
  }

  /** How many bytes there are so far: the mark that {@link wrap} takes. */
  get written(): number {
    return this.buffer.length - this.at;
  }

  bytes(field: number, value: Uint8Array): void {
    this.at -= value.length;
    this.buffer.set(value, this.at);
    this.header(field, value.length);
  }

  text(field: number, value: string): void {
    const length = Buffer.byteLength(value);
    this.at -= length;
    this.buffer.write(value, this.at, length, 'utf8');
    this.header(field, length);
  }

  number(field: number, value: bigint): void {
    this.varint(value);
    this.varint(BigInt((field << 3) | VARINT));
  }

  /** Makes what was written since the mark a message of its own. */
  wrap(field: number, mark: number): void {
    this.header(field, this.written - mark);
  }

  finish(): Buffer {
    return this.buffer.subarray(this.at);
  }

  private header(field: number, length: number): void {
    this.varint(BigInt(length));
    this.varint(BigInt((field << 3) | BYTES));
  }

  private varint(value: bigint): void {
    let low = Number(value & 0x7fffffffn);
    let high = value >> 31n;
    const digits: number[] = [];
    // Seven bits at a time; the part above 31 bits is fetched when the lower one is used up.
    for (let bits = 31; ; bits -= 7) {
      if (bits < 7 && high > 0n) {
        const combined = BigInt(low) | (high << BigInt(bits));
        low = Number(combined & 0x7fffffffn);
        high = combined >> 31n;
        bits = 31;
      }
      digits.push(low & 0x7f);
      low >>>= 7;
      if (low === 0 && high === 0n) break;
    }
    this.at -= digits.length;
    for (let i = 0; i < digits.length; i += 1) {
      this.buffer[this.at + i] = digits[i]! | (i < digits.length - 1 ? 0x80 : 0);
    }
  }
}

/** How far the next event's position is from this one's. It depends on what the event is, not on how it is written. */
export function lengthInLog(stream: string, event: ProposedEvent): bigint {
  return BigInt(64 + stream.length + event.type.length + event.data.length + event.metadata.length);
}

/** Makes the message that every reader of this event gets. */
export function encodeRecord(event: ProposedEvent, at: Placement): Buffer {
  const writer = new BackwardWriter(
    OVERHEAD_BYTES +
      4 * LARGEST_VARINT_BYTES +
      Buffer.byteLength(at.stream) +
      Buffer.byteLength(event.type) +
      event.contentType.length +
      event.id.length +
      event.data.length +
      event.metadata.length,
  );
  writer.number(3, at.position);
  const event0 = writer.written;
  if (event.data.length > 0) writer.bytes(8, event.data);
  if (event.metadata.length > 0) writer.bytes(7, event.metadata);
  writeProperty(writer, 'created', at.createdTicks.toString());
  writeProperty(writer, 'content-type', event.contentType);
  writeProperty(writer, 'type', event.type);
  writer.number(5, at.position);
  writer.number(4, at.position);
  if (at.revision > 0n) writer.number(3, at.revision);
  const stream0 = writer.written;
  writer.text(3, at.stream);
  writer.wrap(2, stream0);
  const id0 = writer.written;
  writer.text(2, event.id);
  writer.wrap(1, id0);
  writer.wrap(1, event0);
  writer.wrap(1, 0);
  return writer.finish();
}

function writeProperty(writer: BackwardWriter, key: string, value: string): void {
  const mark = writer.written;
  writer.text(2, value);
  writer.text(1, key);
  writer.wrap(6, mark);
}
