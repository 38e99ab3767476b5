import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import { v5 } from 'uuid';
import { EventCodec } from '../../src/application/event-codec.js';
import { Execute, type Execution } from '../../src/application/execute.js';
import {
  EventStoreUnavailable,
  type AppendResult,
  type NewEvent,
  type StoredEvent,
} from '../../src/application/ports.js';
import type { InvoiceCommand } from '../../src/domain/invoice/commands.js';
import { invoiceDecider } from '../../src/domain/invoice/decider.js';
import type { InvoiceEvent } from '../../src/domain/invoice/events.js';
import type { InvoiceState } from '../../src/domain/invoice/state.js';
import { by } from '../support/doubles/application.js';
import { FixedKeyCipher } from '../support/doubles/cipher.js';
import { VirtualClock } from '../support/doubles/time-and-chance.js';
import { BROWSER, CUSTOMER_ID, INVOICE_ID, invoiceRegistered, LINK_ID, linkIssued } from '../support/given-invoice.js';
import { InMemoryEventStore } from '../support/in-memory-event-store.js';

const STREAM = `invoice-${INVOICE_ID}`;
const { customerId: _customer, ...link } = linkIssued().data;
const REGISTER: InvoiceCommand = { type: 'RegisterInvoice', data: invoiceRegistered().data };
const ISSUE: InvoiceCommand = { type: 'IssueLink', link };
const OPEN: InvoiceCommand = { type: 'OpenLink', linkId: LINK_ID, evidence: 'interaction', browser: BROWSER };
const VOID: InvoiceCommand = { type: 'VoidInvoice', reason: 'Sent twice', seenRevision: undefined };

function setUp(store = new InMemoryEventStore()) {
  const cipher = new FixedKeyCipher();
  const codec = new EventCodec(cipher);
  const executor = new Execute(store, codec, new VirtualClock());
  const run = (command: InvoiceCommand, more: Partial<Execution<InvoiceState, InvoiceCommand, InvoiceEvent>> = {}) =>
    executor.run({ decider: invoiceDecider, stream: STREAM, command, context: by('staff:1'), ...more });
  return { store, cipher, codec, executor, run };
}

/** Meets the first appends as a test wishes. */
class MoodyStore extends InMemoryEventStore {
  appends = 0;
  mood: ((append: () => Promise<AppendResult>) => Promise<AppendResult>) | undefined;

  override append(...args: Parameters<InMemoryEventStore['append']>): Promise<AppendResult> {
    this.appends += 1;
    const append = () => super.append(...args);
    return this.mood ? this.mood(append) : append();
  }
}

describe('a command', () => {
  it('appends what was decided, and answers the state, revision and position after it', async () => {
    const { run, store } = setUp();
    const first = await run(REGISTER);
    const second = await run(ISSUE);
    expect(first).toMatchObject({ revision: 0n, changed: true, state: { status: 'open' } });
    expect(second).toMatchObject({ revision: 1n, changed: true, state: { revision: 1n } });
    expect(second.position).toBe(store.all().at(-1)!.position);
  });

  it('that finds its work done appends nothing and answers what is there', async () => {
    const { run, store } = setUp();
    await run(REGISTER);
    const first = await run(ISSUE);
    expect(await run(ISSUE)).toMatchObject({ changed: false, revision: 1n, position: first.position });
    expect(store.all()).toHaveLength(2);
  });

  it('that is refused leaves no trace', async () => {
    const { run, store } = setUp();
    await expect(run(VOID)).rejects.toMatchObject({ code: 'invoice_not_found' });
    expect(store.all()).toHaveLength(0);
  });

  it('repeated under the same cause is quiet where it would be refused as another one', async () => {
    const { run, store } = setUp();
    const context = by('staff:1', 'the same key');
    await run(REGISTER, { context, quietWhenRepeated: true });
    expect(await run(REGISTER, { context, quietWhenRepeated: true })).toMatchObject({ changed: false, revision: 0n });
    await expect(run(REGISTER, { quietWhenRepeated: true })).rejects.toMatchObject({ code: 'number_taken' });
    expect(store.all()).toHaveLength(1);
  });
});

describe('a stream that moved on meanwhile', () => {
  it('is read again and decided anew', async () => {
    const store = new MoodyStore();
    const { run } = setUp(store);
    await run(REGISTER);
    store.mood = async (append) => {
      store.mood = undefined;
      await run(ISSUE);
      return append();
    };
    expect(await run(VOID)).toMatchObject({ revision: 2n, state: { status: 'void' } });
  });

  it('is given up after three more tries, with nothing appended', async () => {
    const store = new MoodyStore();
    const { run } = setUp(store);
    store.mood = () => Promise.resolve({ outcome: 'wrong_revision', actual: 7n });
    await expect(run(REGISTER)).rejects.toMatchObject({ code: 'concurrent_change', details: { stream: STREAM } });
    expect(store.appends).toBe(4);
    expect(store.all()).toHaveLength(0);
  });

  it('makes one winner of many at once', async () => {
    const { run, store } = setUp();
    const registrations = await Promise.allSettled([1, 2, 3, 4].map(() => run(REGISTER)));
    expect(registrations.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(store.all()).toHaveLength(1);
  });
});

describe('an append without an answer', () => {
  it('is handed on and not decided again', async () => {
    const store = new MoodyStore();
    const { run } = setUp(store);
    store.mood = async (append) => {
      await append();
      throw new EventStoreUnavailable('no answer');
    };
    await expect(run(REGISTER)).rejects.toBeInstanceOf(EventStoreUnavailable);
    expect(store.appends).toBe(1);
  });
});

describe('what is stored', () => {
  async function journey() {
    const all = setUp();
    await all.run(REGISTER, { context: { ...by('staff:7', 'cause-1'), traceparent: '00-aa-bb-01' } });
    await all.run(ISSUE, { context: by('staff:7', 'cause-2') });
    await all.run(OPEN, { context: by(`customer:${LINK_ID}`, 'cause-3') });
    return all;
  }

  it('has ids that derive from stream, type, cause and ordinal', async () => {
    const { store } = await journey();
    const namespace = '6f1d1c2e-6d0b-5f0e-9c39-5b1f7a0c4e11';
    const named = (...parts: string[]) => v5(parts.map((part) => `${part.length}:${part}`).join(''), namespace);
    expect(store.all().map(({ id }) => id)).toEqual([
      named('event', STREAM, 'InvoiceRegistered', 'cause-1', '0'),
      named('event', STREAM, 'LinkIssued', 'cause-2', '0'),
      named('event', STREAM, 'LinkOpened', 'cause-3', '0'),
    ]);
  });

  it('has complete metadata', async () => {
    const { store } = await journey();
    const [first, , last] = store.all();
    expect(first!.metadata).toEqual({
      schemaVersion: 1,
      occurredAt: '2026-11-20T12:00:00.000Z',
      actor: 'staff:7',
      correlationId: 'correlation-cause-1',
      causationId: 'cause-1',
      traceparent: '00-aa-bb-01',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(last!.metadata).toMatchObject({ actor: `customer:${LINK_ID}` });
    expect(last!.metadata).not.toHaveProperty('traceparent');
  });

  it('is chained: the hash of each event is made of the one before and of what is stored', async () => {
    const { store } = await journey();
    let previous = Buffer.alloc(32);
    for (const { stream, revision, id, type, data, metadata } of store.all()) {
      const { hash, ...unhashed } = metadata;
      const text = canonicalize({ stream, revision: revision.toString(), id, type, data, metadata: unhashed })!;
      previous = createHash('sha256')
        .update(Buffer.concat([previous, Buffer.from(text, 'utf8')]))
        .digest();
      expect(hash).toBe(previous.toString('hex'));
    }
  });

  it('shows nothing of a person', async () => {
    const { store } = await journey();
    const bytes = JSON.stringify(store.all().map(({ data, metadata }) => ({ data, metadata })));
    for (const secret of ['Ada', 'Byron', 'ada@', 'example.com', BROWSER.ip, BROWSER.userAgent]) {
      expect(bytes).not.toContain(secret);
    }
  });

  it('is read back as it was decided', async () => {
    const { executor } = await journey();
    const { events } = await executor.load(invoiceDecider, STREAM);
    expect(events.map(({ event }) => event)).toEqual([
      invoiceRegistered(),
      linkIssued(),
      {
        type: 'LinkOpened',
        data: { linkId: LINK_ID, customerId: CUSTOMER_ID, evidence: 'interaction', browser: BROWSER },
      },
    ]);
  });

  it('shows what was erased as such, and keeps every hash', async () => {
    const { executor, cipher, store } = await journey();
    const before = JSON.stringify(store.all().map(({ metadata }) => metadata['hash']));
    cipher.erase(CUSTOMER_ID);
    const { events, state } = await executor.load(invoiceDecider, STREAM);
    expect(events.map(({ event }) => event.data)).toMatchObject([
      { customer: { name: '[erased]' } },
      { recipient: '[erased]' },
      { browser: { ip: '[erased]', userAgent: '[erased]' } },
    ]);
    expect(state).toMatchObject({ status: 'open', balanceMinor: 40_594 });
    expect(JSON.stringify(store.all().map(({ metadata }) => metadata['hash']))).toBe(before);
  });
});

describe('an event that this version cannot read', () => {
  const change: Readonly<Record<string, (event: StoredEvent) => StoredEvent>> = {
    'unknown type Surprise': (event) => ({ ...event, type: 'Surprise' }),
    'schema version 2 of LinkIssued': (event) => ({ ...event, metadata: { ...event.metadata, schemaVersion: 2 } }),
    'schema version undefined of LinkIssued': (event) => ({ ...event, metadata: {} }),
    'recipient is not ciphertext': (event) => ({ ...event, data: { ...event.data, recipient: { plain: 'x' } } }),
    'recipient cannot be decrypted': (event) => ({ ...event, data: { ...event.data, recipient: 'A'.repeat(60) } }),
    'customerId is missing': ({ data: { customerId: _id, ...data }, ...event }) => ({ ...event, data }),
  };

  it.each(Object.keys(change))('stands in its place with the reason: %s', async (reason) => {
    const { run, store, codec } = setUp();
    await run(REGISTER);
    await run(ISSUE);
    const [first, second] = store.all();
    const broken = change[reason]!(second!);
    const decoded = await codec.decodeAll([first!, broken, second!]);
    expect(decoded[0]).toMatchObject({ event: invoiceRegistered() });
    expect(decoded[1]).toEqual({ undecodable: expect.stringContaining(reason), stored: broken });
    expect(decoded[2]).toMatchObject({ event: linkIssued() });
    await expect(codec.decodeStream([broken])).rejects.toThrow(`Event 1 of ${STREAM} cannot be read: ${reason}`);
  });

  it('is not what an event is whose key store is away', async () => {
    const { run, store, codec, cipher } = setUp();
    await run(REGISTER);
    cipher.decrypt = () => Promise.reject(new Error('The database is away'));
    await expect(codec.decodeAll(store.all())).rejects.toThrow('The database is away');
  });

  it('is not written either', async () => {
    const { codec } = setUp();
    const encode = (event: { type: string; data: object }): Promise<readonly NewEvent[]> =>
      codec.encode({ stream: STREAM, revision: -1n, hash: undefined }, [
        { id: 'x', event, metadata: { occurredAt: '', actor: '', correlationId: '', causationId: '' } },
      ]);
    await expect(encode({ type: 'Surprise', data: {} })).rejects.toThrow('No schema for Surprise');
    await expect(encode({ type: 'LinkOpened', data: { browser: BROWSER } })).rejects.toThrow(
      'names nobody in customerId',
    );
  });
});
