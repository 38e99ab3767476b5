import { describe, expect, it } from '@jest/globals';
import { EventCodec } from '../../src/application/event-codec.js';
import { Execute } from '../../src/application/execute.js';
import { EventStoreUnavailable, type StoredEvent } from '../../src/application/ports.js';
import type { InvoiceCommand } from '../../src/domain/invoice/commands.js';
import { invoiceDecider } from '../../src/domain/invoice/decider.js';
import { by } from '../support/doubles/application.js';
import { FixedKeyCipher } from '../support/doubles/cipher.js';
import { VirtualClock } from '../support/doubles/time-and-chance.js';
import { BROWSER, INVOICE_ID, invoiceRegistered, LINK_ID, linkIssued } from '../support/given-invoice.js';
import { InMemoryEventStore } from '../support/in-memory-event-store.js';

const STREAM = `invoice-${INVOICE_ID}`;
const { customerId: _customer, ...link } = linkIssued().data;
const REGISTER: InvoiceCommand = { type: 'RegisterInvoice', data: invoiceRegistered().data };
const ISSUE: InvoiceCommand = { type: 'IssueLink', link };
const OPEN: InvoiceCommand = { type: 'OpenLink', linkId: LINK_ID, evidence: 'interaction', browser: BROWSER };
const VOID: InvoiceCommand = { type: 'VoidInvoice', reason: 'Sent twice', seenRevision: undefined };

/** A read is answered when the test says so, with what was there when it began. */
class SlowStore extends InMemoryEventStore {
  readonly open: (() => void)[] = [];
  reads = 0;
  slow = false;
  broken = false;

  override async readStream(...args: Parameters<InMemoryEventStore['readStream']>): Promise<readonly StoredEvent[]> {
    this.reads += 1;
    const found = await super.readStream(...args);
    if (this.slow) await new Promise<void>((answer) => this.open.push(answer));
    if (this.broken) throw new EventStoreUnavailable('no answer');
    return found;
  }

  /** Resolves once a read waits for its answer. */
  async isAsked(): Promise<void> {
    for (let turns = 0; this.open.length === 0; turns += 1) {
      if (turns > 1_000) throw new Error('Nobody reads');
      await turn();
    }
  }

  /** Answers the read that has waited longest. */
  async answerOne(): Promise<void> {
    await this.isAsked();
    this.open.shift()!();
    await turn();
  }
}

const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

function setUp() {
  const store = new SlowStore();
  const executor = new Execute(store, new EventCodec(new FixedKeyCipher()), new VirtualClock());
  const elsewhere = new Execute(store, new EventCodec(new FixedKeyCipher()), new VirtualClock());
  const load = (by: Execute = executor) => by.load(invoiceDecider, STREAM);
  return { store, executor, elsewhere, load };
}

let commands = 0;
const random = () => `00000000-0000-4000-9000-${String((commands += 1)).padStart(12, '0')}`;
const run = (executor: Execute, command: InvoiceCommand, cause = random()) =>
  executor.run({ decider: invoiceDecider, stream: STREAM, command, context: by('staff:1', cause) });

describe('a stream that many read at once', () => {
  it('is read once for all who asked while another read was under way', async () => {
    const { store, load } = setUp();
    store.slow = true;
    const all = [load(), load(), load(), load()];
    await store.answerOne();
    await store.answerOne();
    await Promise.all(all);
    expect(store.reads).toBe(2);
    store.slow = false;
    await load();
    expect(store.reads).toBe(3);
  });

  it('shows whoever asks what was written before, also where a read was under way', async () => {
    const { store, executor, load } = setUp();
    await run(executor, REGISTER);
    store.slow = true;
    const before = load();
    await store.isAsked();
    store.slow = false;
    const { revision } = await run(executor, ISSUE);
    const after = load();
    await store.answerOne();
    expect((await before).revision).toBe(0n);
    expect((await after).revision).toBe(revision);
  });

  it('fails for those who waited for a read that failed, and is read again by the next', async () => {
    const { store, load } = setUp();
    store.slow = true;
    store.broken = true;
    const all = Promise.allSettled([load(), load()]);
    await store.answerOne();
    expect((await all).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(store.reads).toBe(1);
    Object.assign(store, { slow: false, broken: false });
    expect((await load()).revision).toBe(-1n);
  });
});

describe('a command on a stream that its use case has read', () => {
  const CAUSE = 'the event of a job';

  async function given() {
    const all = setUp();
    await run(all.executor, REGISTER);
    await run(all.executor, ISSUE);
    const { events: _events, ...read } = await all.load();
    all.store.reads = 0;
    const onRead = (command: InvoiceCommand, cause: string, quietWhenRepeated = false) =>
      all.executor.run({
        ...{ decider: invoiceDecider, stream: STREAM, command, read, quietWhenRepeated },
        context: by('system:test', cause),
      });
    return { ...all, onRead };
  }

  it('is decided on that without another read, whatever its cause', async () => {
    const { store, onRead } = await given();
    expect(await onRead(OPEN, CAUSE)).toMatchObject({ revision: 2n, changed: true });
    expect(store.reads).toBe(0);
  });

  it('is decided anew where the stream has moved on', async () => {
    const { store, elsewhere, onRead } = await given();
    await run(elsewhere, VOID);
    await expect(onRead({ ...ISSUE, link: { ...link, linkId: 'another' } }, CAUSE)).rejects.toMatchObject({
      code: 'invoice_void',
    });
    expect(store.all()).toHaveLength(3);
  });

  it('keeps nothing for the next where others may have written under the same cause', async () => {
    const { store, elsewhere, onRead, executor } = await given();
    const first = await run(elsewhere, OPEN, CAUSE);
    expect(await onRead(OPEN, CAUSE)).toMatchObject({ revision: first.revision });
    const [, , opened] = store.all();
    await run(executor, VOID);
    expect(store.all()).toHaveLength(4);
    expect(opened!.metadata['hash']).toBe((await elsewhere.load(invoiceDecider, STREAM)).events[2]!.metadata.hash);
  });

  it('reads where a repeat has to be told from the first', async () => {
    const { store, onRead } = await given();
    await onRead(OPEN, CAUSE, true);
    expect(store.reads).toBe(1);
  });

  it('tells what it wrote, but not where somebody else may have written it', async () => {
    const { onRead, executor, load } = await given();
    expect((await onRead(OPEN, CAUSE)).written).toBeUndefined();
    const { written } = await run(executor, VOID);
    const [, , , last] = (await load()).events;
    expect(written).toEqual([{ event: last!.event, metadata: last!.metadata }]);
  });
});
