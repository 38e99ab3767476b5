/**
 * The one place between domain events and stored ones: personal data becomes ciphertext and back, schema versions are checked, and
 * every event gets its place in the stream's hash chain.
 */
import { Injectable } from '@nestjs/common';
import { ADMINISTRATION_EVENTS } from '../domain/administration/events.js';
import { BRANCH_EVENTS } from '../domain/branch/events.js';
import { CONTACT_EVENTS } from '../domain/contact/events.js';
import { CUSTOMER_EVENTS } from '../domain/customer/events.js';
import type { DomainEvent, EventMetadata, RecordedEvent } from '../domain/decider.js';
import type { EventSchema } from '../domain/event-schema.js';
import { INVOICE_EVENTS } from '../domain/invoice/events.js';
import type { Json, JsonObject } from '../domain/json.js';
import { USER_EVENTS } from '../domain/user/events.js';
import { chainHash } from './proof.js';
import { CiphertextRejected, PersonalDataCipher, type NewEvent, type StoredEvent } from './ports.js';

const SCHEMAS: ReadonlyMap<string, EventSchema> = new Map(
  Object.entries({
    ...INVOICE_EVENTS,
    ...BRANCH_EVENTS,
    ...CUSTOMER_EVENTS,
    ...CONTACT_EVENTS,
    ...ADMINISTRATION_EVENTS,
    ...USER_EVENTS,
  }),
);

/** An event that this version of the program cannot read. It is parked with the reason, never skipped in silence. */
export interface Undecodable {
  readonly undecodable: string;
  readonly stored: StoredEvent;
}

/** What an append is encoded against: the stream as it was when it was decided. */
export interface StreamHead {
  readonly stream: string;
  /** Revision of the last event, or -1n for a stream that is not there. */
  readonly revision: bigint;
  /** Hash of the last event. */
  readonly hash: string | undefined;
}

export interface EventToEncode {
  readonly id: string;
  readonly event: DomainEvent;
  /** Without version and hash, which are the codec's. */
  readonly metadata: Omit<EventMetadata, 'schemaVersion' | 'hash'>;
}

@Injectable()
export class EventCodec {
  constructor(private readonly cipher: PersonalDataCipher) {}

  /** Encrypts, versions and chains. The customers' keys are durable before this resolves. */
  async encode(head: StreamHead, events: readonly EventToEncode[]): Promise<readonly NewEvent[]> {
    const payloads = await this.encryptAll(events.map(({ event }) => event));
    let { hash: previous, revision } = head;
    return events.map(({ id, event, metadata }, index) => {
      revision += 1n;
      const data = payloads[index]!;
      const { type } = event;
      const unhashed = JSON.parse(JSON.stringify({ ...metadata, schemaVersion: schemaOf(type).version })) as JsonObject;
      previous = chainHash(previous, { stream: head.stream, revision, id, type, data, metadata: unhashed });
      return { id, type, data, metadata: { ...unhashed, hash: previous } };
    });
  }

  /** Decodes in order; what cannot be read stands in its place with the reason. */
  async decodeAll(stored: readonly StoredEvent[]): Promise<readonly (RecordedEvent | Undecodable)[]> {
    const questions: { customerId: string; ciphertext: string }[] = [];
    const pending: { index: number; field: string; question: number; erased: Json }[] = [];
    const decoded = stored.map((event, index): { data: Record<string, unknown> } | Undecodable => {
      const reason = unreadable(event);
      if (reason !== undefined) return { undecodable: reason, stored: event };
      const data: Record<string, unknown> = { ...event.data };
      for (const [field, erased] of Object.entries(SCHEMAS.get(event.type)!.personal)) {
        const value = data[field];
        if (value === undefined) continue;
        if (typeof value !== 'string') return { undecodable: `${field} is not ciphertext`, stored: event };
        const owner = ownerField(event.type);
        if (typeof data[owner] !== 'string') return { undecodable: `${owner} is missing`, stored: event };
        pending.push({ index, field, question: questions.length, erased });
        questions.push({ customerId: data[owner], ciphertext: value });
      }
      return { data };
    });
    const answers = await this.decryptAll(questions);
    for (const { index, field, question, erased } of pending) {
      const target = decoded[index]!;
      const answer = answers[question];
      if (answer instanceof CiphertextRejected) {
        decoded[index] = { undecodable: `${field} cannot be decrypted`, stored: stored[index]! };
      } else if ('data' in target) {
        target.data[field] = answer ?? erased;
      }
    }
    return decoded.map((one, index) => ('data' in one ? recorded(stored[index]!, one.data) : one));
  }

  /** Like `decodeAll`, for a stream that a command must know whole: an unreadable event is an error. */
  async decodeStream(stored: readonly StoredEvent[]): Promise<readonly RecordedEvent[]> {
    const events = await this.decodeAll(stored);
    return events.map((event) => {
      if ('undecodable' in event) {
        const { stream, revision } = event.stored;
        throw new Error(`Event ${revision} of ${stream} cannot be read: ${event.undecodable}`);
      }
      return event;
    });
  }

  /** One altered ciphertext must not stop the events around it: where the batch is refused, each is asked for by itself. */
  private async decryptAll(
    questions: readonly { customerId: string; ciphertext: string }[],
  ): Promise<readonly (Json | undefined | CiphertextRejected)[]> {
    if (questions.length === 0) return [];
    try {
      return await this.cipher.decrypt(questions);
    } catch (error) {
      if (!(error instanceof CiphertextRejected)) throw error;
      if (questions.length === 1) return [error];
      const answers = [];
      for (const question of questions) answers.push(...(await this.decryptAll([question])));
      return answers;
    }
  }

  private async encryptAll(events: readonly DomainEvent[]): Promise<readonly JsonObject[]> {
    const plain = events.map(({ data }) => JSON.parse(JSON.stringify(data)) as Record<string, Json>);
    const places: { data: Record<string, Json>; field: string; owner: string }[] = [];
    events.forEach(({ type }, index) => {
      for (const field of Object.keys(schemaOf(type).personal)) {
        if (plain[index]![field] !== undefined) places.push({ data: plain[index]!, field, owner: ownerField(type) });
      }
    });
    if (places.length === 0) return plain;
    const ciphertexts = await this.cipher.encrypt(
      places.map(({ data, field, owner }) => ({ customerId: ownerOf(data, owner), value: data[field]! })),
    );
    places.forEach(({ data, field }, index) => {
      data[field] = ciphertexts[index]!;
    });
    return plain;
  }
}

function schemaOf(type: string): EventSchema {
  const schema = SCHEMAS.get(type);
  if (!schema) throw new Error(`No schema for ${type}`);
  return schema;
}

/** Whose key the personal fields are under. An event that has them and names nobody is a mistake of ours, said at once. */
function ownerOf(data: Readonly<Record<string, unknown>>, field: string): string {
  const owner = data[field];
  if (typeof owner !== 'string') throw new Error(`An event with personal data names nobody in ${field}`);
  return owner;
}

function ownerField(type: string): string {
  return schemaOf(type).owner ?? 'customerId';
}

function unreadable(event: StoredEvent): string | undefined {
  const schema = SCHEMAS.get(event.type);
  if (!schema) return `unknown type ${event.type}`;
  const version = event.metadata['schemaVersion'];
  if (version !== schema.version) {
    return `schema version ${JSON.stringify(version)} of ${event.type}, known is ${schema.version}`;
  }
  return undefined;
}

function recorded(stored: StoredEvent, data: Record<string, unknown>): RecordedEvent {
  const { stream, revision, position, id, type } = stored;
  return {
    stream,
    revision,
    position,
    id,
    event: { type, data },
    metadata: stored.metadata as unknown as EventMetadata,
  };
}
