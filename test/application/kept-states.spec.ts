import { describe, expect, it } from '@jest/globals';
import { EventCodec } from '../../src/application/event-codec.js';
import { Execute } from '../../src/application/execute.js';
import { KeptStates } from '../../src/application/kept-states.js';
import { EventStoreUnavailable, type AppendResult, type StoredEvent } from '../../src/application/ports.js';
import { chainHash } from '../../src/application/proof.js';
import type { InvoiceCommand } from '../../src/domain/invoice/commands.js';
import { invoiceDecider } from '../../src/domain/invoice/decider.js';
import { NO_INVOICE } from '../../src/domain/invoice/state.js';
import { by } from '../support/doubles/application.js';
import { FixedKeyCipher } from '../support/doubles/cipher.js';
import { VirtualClock } from '../support/doubles/time-and-chance.js';
import { BROWSER, INVOICE_ID, invoiceRegistered, LINK_ID, linkIssued } from '../support/given-invoice.js';
import { InMemoryEventStore } from '../support/in-memory-event-store.js';

const STREAM = `invoice-${INVOICE_ID}`;
const { customerId: _customer, ...link } = linkIssued().data;
const REGISTER: InvoiceCommand = { type: 'RegisterInvoice', data: invoiceRegistered().data };
const OPEN: InvoiceCommand = { type: 'OpenLink', linkId: LINK_ID, evidence: 'interaction', browser: BROWSER };
const VOID: InvoiceCommand = { type: 'VoidInvoice', reason: 'Sent twice', seenRevision: undefined };
const issue = (linkId: string = LINK_ID): InvoiceCommand => ({ type: 'IssueLink', link: { ...link, linkId } });

/** Counts reads, and meets an append as a test wishes. */
class WatchedStore extends InMemoryEventStore {
  reads = 0;
  mood: ((append: () => Promise<AppendResult>) => Promise<AppendResult>) | undefined;

  override readStream(...args: Parameters<InMemoryEventStore['readStream']>): Promise<readonly StoredEvent[]> {
    this.reads += 1;
    return super.readStream(...args);
  }

  override append(...args: Parameters<InMemoryEventStore['append']>): Promise<AppendResult> {
    const { mood } = this;
    this.mood = undefined;
    return mood ? mood(() => super.append(...args)) : super.append(...args);
  }
}

let commands = 0;
const random = () => `00000000-0000-4000-8000-${String((commands += 1)).padStart(12, '0')}`;

/** Two processes over one log. */
function setUp() {
  const store = new WatchedStore();
  const clock = new VirtualClock();
  const codec = new EventCodec(new FixedKeyCipher());
  const process = () => {
    const executor = new Execute(store, codec, clock);
    return (command: InvoiceCommand, cause = random()) =>
      executor.run({ decider: invoiceDecider, stream: STREAM, command, context: by('staff:1', cause) });
  };
  return { store, clock, here: process(), elsewhere: process() };
}

function expectWholeChain(events: readonly StoredEvent[]): void {
  let previous: string | undefined;
  for (const event of events) {
    previous = chainHash(previous, event);
    expect(event.metadata['hash']).toBe(previous);
  }
}

describe('a command of its own cause', () => {
  it('is decided on the state that the one before left, without a read', async () => {
    const { store, here } = setUp();
    await here(REGISTER);
    store.reads = 0;
    expect(await here(issue())).toMatchObject({ revision: 1n, changed: true });
    expect(await here(OPEN)).toMatchObject({ revision: 2n, changed: true });
    expect(store.reads).toBe(0);
    expectWholeChain(store.all());
  });

  it('reads after a minute', async () => {
    const { store, clock, here } = setUp();
    await here(REGISTER);
    clock.advance(60_001);
    store.reads = 0;
    await here(issue());
    expect(store.reads).toBe(1);
  });
});

describe('what others wrote meanwhile', () => {
  it('is seen before anything is appended', async () => {
    const { store, here, elsewhere } = setUp();
    await here(REGISTER);
    await elsewhere(VOID);
    await expect(here(issue())).rejects.toMatchObject({ code: 'invoice_void' });
    expect(store.all()).toHaveLength(2);
  });

  it('is seen before a command is refused', async () => {
    const { store, here, elsewhere } = setUp();
    await here(REGISTER);
    await elsewhere(issue());
    expect(await here(OPEN)).toMatchObject({ changed: true, revision: 2n });
    expectWholeChain(store.all());
  });

  it('is seen before a command is called done', async () => {
    const { here, elsewhere } = setUp();
    await here(REGISTER);
    await here(issue());
    const { position } = await elsewhere(OPEN);
    expect(await here(issue())).toMatchObject({ changed: false, revision: 2n, position });
  });
});

describe('a state is dropped', () => {
  it('after an append without an answer', async () => {
    const { store, here } = setUp();
    await here(REGISTER);
    store.mood = async (append) => {
      await append();
      throw new EventStoreUnavailable('no answer');
    };
    await expect(here(issue())).rejects.toBeInstanceOf(EventStoreUnavailable);
    store.reads = 0;
    expect(await here(OPEN)).toMatchObject({ changed: true, revision: 2n });
    expect(store.reads).toBe(1);
    expectWholeChain(store.all());
  });

  it('after an append that failed before it was written', async () => {
    const { store, here } = setUp();
    await here(REGISTER);
    store.mood = () => Promise.reject(new EventStoreUnavailable('away'));
    await expect(here(issue())).rejects.toBeInstanceOf(EventStoreUnavailable);
    await expect(here(OPEN)).rejects.toMatchObject({ code: 'link_not_found' });
  });
});

describe('a cause that others may have', () => {
  it('always reads first', async () => {
    const { store, here } = setUp();
    await here(REGISTER);
    store.reads = 0;
    await here(issue(), 'evt_1');
    await here(OPEN, 'evt_2');
    expect(store.reads).toBe(2);
  });

  it('leaves no state behind: the log may have the bytes of the other one', async () => {
    const { store, clock, here, elsewhere } = setUp();
    await here(REGISTER);
    // Both report the same; the store answers the second one that its events are written, as they are by the first.
    store.mood = async (append) => {
      clock.advance(5);
      await elsewhere(issue(), 'evt_1');
      clock.advance(5);
      return append();
    };
    expect(await here(issue(), 'evt_1')).toMatchObject({ revision: 1n });
    expect(store.all()).toHaveLength(2);
    await here(OPEN);
    expectWholeChain(store.all());
  });
});

describe('kept states', () => {
  const head = (revision: bigint) => ({ state: NO_INVOICE, revision, position: 0n, hash: undefined });
  const now = new Date('2026-11-20T12:00:00.000Z');

  it('are at most two thousand, the latest', () => {
    const kept = new KeptStates();
    for (let stream = 0; stream <= 2_000; stream += 1) kept.keep(invoiceDecider, `invoice-${stream}`, head(0n), now);
    expect(kept.take(invoiceDecider, 'invoice-0', now)).toBeUndefined();
    expect(kept.take(invoiceDecider, 'invoice-1', now)).toBeDefined();
    expect(kept.take(invoiceDecider, 'invoice-2000', now)).toBeDefined();
  });

  it('never go back, and are had by one at a time', () => {
    const kept = new KeptStates();
    kept.keep(invoiceDecider, STREAM, head(2n), now);
    kept.keep(invoiceDecider, STREAM, head(1n), now);
    expect(kept.take(invoiceDecider, STREAM, now)).toMatchObject({ revision: 2n });
    expect(kept.take(invoiceDecider, STREAM, now)).toBeUndefined();
  });
});
