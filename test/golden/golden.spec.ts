/**
 * Every event version that was ever stored, in the form it was stored in. A file here is never edited: what it holds must stay
 * readable. A new version gets a new file: `UPDATE_GOLDEN=1` writes those that are missing and touches no other.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { EventCodec } from '../../src/application/event-codec.js';
import type { NewEvent } from '../../src/application/ports.js';
import { chainHash } from '../../src/application/proof.js';
import { ADMINISTRATION_EVENTS } from '../../src/domain/administration/events.js';
import { BRANCH_EVENTS } from '../../src/domain/branch/events.js';
import { CONTACT_EVENTS } from '../../src/domain/contact/events.js';
import { CUSTOMER_EVENTS } from '../../src/domain/customer/events.js';
import type { EventSchema } from '../../src/domain/event-schema.js';
import { INVOICE_EVENTS } from '../../src/domain/invoice/events.js';
import { USER_EVENTS } from '../../src/domain/user/events.js';
import { FixedKeyCipher } from '../support/doubles/cipher.js';
import { EXAMPLES } from './events.js';

const FOLDER = fileURLToPath(new URL('events/', import.meta.url));
const SCHEMAS: Readonly<Record<string, EventSchema>> = {
  ...INVOICE_EVENTS,
  ...BRANCH_EVENTS,
  ...CUSTOMER_EVENTS,
  ...CONTACT_EVENTS,
  ...ADMINISTRATION_EVENTS,
  ...USER_EVENTS,
};
const TYPES = Object.keys(SCHEMAS) as (keyof typeof EXAMPLES)[];
const STREAM = 'golden-1';
const HEAD = { stream: STREAM, revision: -1n, hash: undefined };
const METADATA = {
  occurredAt: '2026-11-20T12:00:00.000Z',
  actor: 'staff:1',
  correlationId: 'correlation-1',
  causationId: 'cause-1',
};

const codec = new EventCodec(new FixedKeyCipher());
const fileOf = (type: string, version: number): string => `${type}.v${version}.json`;
const stored = (event: NewEvent) => ({ ...event, stream: STREAM, revision: 0n, position: 1n, created: new Date(0) });
const read = (file: string): NewEvent => JSON.parse(readFileSync(FOLDER + file, 'utf8')) as NewEvent;

async function asStoredNow(type: keyof typeof EXAMPLES): Promise<NewEvent> {
  const id = '00000000-0000-5000-8000-000000000001';
  return (await codec.encode(HEAD, [{ id, event: EXAMPLES[type], metadata: METADATA }]))[0]!;
}

describe('golden events', () => {
  it.each(TYPES)('%s has a file for the version that is written now', async (type) => {
    const file = fileOf(type, SCHEMAS[type]!.version);
    if (process.env['UPDATE_GOLDEN'] === '1' && !existsSync(FOLDER + file)) {
      writeFileSync(FOLDER + file, `${JSON.stringify(await asStoredNow(type), undefined, 2)}\n`);
    }
    expect(existsSync(FOLDER + file)).toBe(true);
    expect(await asStoredNow(type)).toEqual(read(file));
  });

  const files = readdirSync(FOLDER);
  it.each(files)('%s is read, and written again byte for byte', async (file) => {
    const golden = read(file);
    const [recorded] = await codec.decodeStream([stored(golden)]);
    expect(recorded!.event.type).toBe(golden.type);
    if (golden.type in EXAMPLES) expect(recorded!.event).toEqual(EXAMPLES[golden.type as keyof typeof EXAMPLES]);
    const { schemaVersion: _version, hash: _hash, ...metadata } = recorded!.metadata;
    const [again] = await codec.encode(HEAD, [{ id: golden.id, event: recorded!.event, metadata }]);
    expect(`${JSON.stringify(again, undefined, 2)}\n`).toBe(readFileSync(FOLDER + file, 'utf8'));
  });

  it.each(files)('%s proves itself by its hash', (file) => {
    const golden = read(file);
    expect(golden.metadata['hash']).toBe(chainHash(undefined, { ...golden, stream: STREAM, revision: 0n }));
  });

  it('know no type that is in no schema', () => {
    const known = TYPES.flatMap((type) =>
      Array.from({ length: SCHEMAS[type]!.version }, (_, index) => fileOf(type, index + 1)),
    );
    expect([...files].sort()).toEqual(known.sort());
  });
});
