/** From an event in the log to a signed message at a receiver: member, table, jobs and sender together, on a virtual clock. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { Execute } from '../../src/application/execute.js';
import { DeliverWebhookJob } from '../../src/application/jobs/deliver-webhook.js';
import { GiveUp, RetryLater, type Job } from '../../src/application/ports.js';
import { AddWebhookEndpoint, AddWebhookEndpointHandler } from '../../src/application/webhooks/add-webhook-endpoint.js';
import { RedeliverWebhooks, RedeliverWebhooksHandler } from '../../src/application/webhooks/redeliver-webhooks.js';
import {
  RotateWebhookSecret,
  RotateWebhookSecretHandler,
} from '../../src/application/webhooks/rotate-webhook-secret.js';
import {
  TestWebhookEndpoint,
  TestWebhookEndpointHandler,
} from '../../src/application/webhooks/test-webhook-endpoint.js';
import { WebhookSweep } from '../../src/application/webhooks/webhook-sweep.js';
import type { RecordedEvent } from '../../src/domain/decider.js';
import { migrate } from '../../src/infrastructure/postgres/migrate.js';
import { PgSql } from '../../src/infrastructure/postgres/pg-sql.js';
import { createPool } from '../../src/infrastructure/postgres/pool.js';
import { HttpsWebhookSender } from '../../src/infrastructure/webhooks/https-webhook-sender.js';
import { PgWebhookDeliveries } from '../../src/infrastructure/webhooks/pg-webhook-deliveries.js';
import { PgWebhookSecrets } from '../../src/infrastructure/webhooks/pg-webhook-secrets.js';
import { PublicWebhookAddresses } from '../../src/infrastructure/webhooks/public-addresses.js';
import { WebhookMember } from '../../src/infrastructure/webhooks/webhook-member.js';
import { WebhookDeliveryList } from '../../src/projections/webhook-deliveries.js';
import { append, codec, journeyOf, uuid } from '../projections/journey.js';
import { by } from '../support/doubles/application.js';
import { FixedKeyCipher } from '../support/doubles/cipher.js';
import { ImmediateReadPosition, MemoryQueue, TestPublicUrl } from '../support/doubles/stores.js';
import { Chance, SeededRandomness, VirtualClock } from '../support/doubles/time-and-chance.js';
import { InMemoryEventStore } from '../support/in-memory-event-store.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';

const HOUR_MS = 3_600_000;
const RULES = { allowLoopback: true };

describe('webhooks on their way', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let receiver: WebhookReceiver;
  let store: InMemoryEventStore;
  let queue: MemoryQueue;
  let clock: VirtualClock;
  let deliveries: PgWebhookDeliveries;
  let list: WebhookDeliveryList;
  let secrets: PgWebhookSecrets;
  let executor: Execute;
  let seen: bigint;

  beforeEach(async () => {
    [database, receiver] = await Promise.all([createTestDatabase(), WebhookReceiver.start()]);
    await migrate(database.url);
    pool = createPool(database.url, { max: 4 });
    const sql = new PgSql(pool);
    // Signatures are checked by the receiver's clock.
    clock = new VirtualClock(Date.now());
    [store, queue, seen] = [new InMemoryEventStore(() => clock.now()), new MemoryQueue(), -1n];
    executor = new Execute(store, codec, clock);
    [deliveries, list] = [new PgWebhookDeliveries(sql), new WebhookDeliveryList(sql)];
    secrets = new PgWebhookSecrets(sql, new FixedKeyCipher(), new SeededRandomness(new Chance(1)));
  });
  afterEach(async () => {
    await Promise.all([receiver.stop(), pool.end()]);
    await database.drop();
  });

  const add = (changes: Partial<AddWebhookEndpoint['input']> = {}, cause = 'endpoint') =>
    new AddWebhookEndpointHandler(
      executor,
      new PublicWebhookAddresses(RULES),
      secrets,
      new ImmediateReadPosition(),
    ).execute(new AddWebhookEndpoint({ url: receiver.url, enabled: true, ...changes }, { ...by('staff:1'), cause }));
  const job = (): DeliverWebhookJob =>
    new DeliverWebhookJob(
      ...([deliveries, secrets, new HttpsWebhookSender({ ...RULES, ca: receiver.ca }), executor, store] as const),
      ...([codec, queue, new TestPublicUrl(), clock, new SeededRandomness(new Chance(2))] as const),
    );
  /** What the consumer does with what is new; with everything once more where it is told to. */
  const follow = async (again = false): Promise<void> => {
    const events = (await codec.decodeAll(store.all())) as readonly RecordedEvent[];
    const fresh = events.filter(({ position }) => again || position > seen);
    await new WebhookMember(queue, store, codec, clock).apply(fresh, new PgSql(pool));
    seen = events.at(-1)?.position ?? seen;
  };
  const waiting = (): readonly Job[] => [...queue.waiting.values()];
  const take = (): readonly Job[] => {
    const jobs = waiting();
    queue.waiting.clear();
    return jobs;
  };
  /** Runs what is in the queue now, not what comes of it. Answers how each ended badly. */
  const work = async (): Promise<readonly Error[]> => {
    const errors: Error[] = [];
    for (const { payload } of take()) {
      await job()
        .run(payload)
        .catch((error: Error) => errors.push(error));
    }
    return errors;
  };
  const types = (): readonly unknown[] =>
    receiver.messages.map(({ body }) => (JSON.parse(body) as { type: string }).type);
  const one = async (endpointId: string) => (await list.find(endpointId, { limit: 10 })).items[0]!;
  const { stream, registered, issued, sent, started, captured } = journeyOf({ number: '1' });

  it('reach the endpoint from its making on, signed, once each however often the events are read', async () => {
    await append(store, stream, [registered, issued]);
    const { endpointId, secret } = await add();
    await append(store, stream, [sent, started, captured]);
    await follow();
    await follow(true);
    await work();
    await work();
    expect([...types()].sort()).toEqual(['invoice.paid', 'link.sent', 'payment.captured']);
    for (const message of receiver.messages) {
      const body = receiver.verified(secret, message) as { id: string };
      expect(body).toMatchObject({ specversion: '1.0', source: new TestPublicUrl().base });
      expect(body.id).toBe(message.headers['webhook-id']);
    }
    expect((await list.find(endpointId, { limit: 10 })).items.map(({ status }) => status)).toEqual([
      'delivered',
      'delivered',
      'delivered',
    ]);
  });

  it('are only those that the endpoint asked for, of its branches', async () => {
    const { endpointId } = await add({ events: ['link.sent'], branchIds: [uuid('another branch')] });
    await add({ events: ['link.sent', 'invoice.paid'] }, 'second');
    await append(store, stream, [registered, issued, sent]);
    await follow();
    await work();
    expect(types()).toEqual(['link.sent']);
    expect((await list.find(endpointId, { limit: 10 })).items).toEqual([]);
    expect((await pool.query('SELECT 1 FROM webhook_deliveries')).rowCount).toBe(1);
  });

  it('are tried again with growing pauses for three days, are a dead letter then, and begin anew when redriven', async () => {
    const { endpointId } = await add({ events: ['link.sent'] });
    await append(store, stream, [registered, issued, sent]);
    await follow();
    receiver.answer = { status: 500 };
    const pausesMs: number[] = [];
    let last: Job | undefined;
    let errors: readonly Error[] = [];
    while (errors.length === 0) {
      [last] = waiting();
      errors = await work();
      const [next] = waiting();
      if (!next) break;
      pausesMs.push(next.delayMs);
      clock.advance(next.delayMs);
    }
    expect(errors[0]).toBeInstanceOf(GiveUp);
    expect(pausesMs.reduce((sum, each) => sum + each, 0)).toBe(72 * HOUR_MS);
    expect(pausesMs.slice(0, 4).every((each, index) => index === 0 || each > pausesMs[index - 1]!)).toBe(true);
    expect(await one(endpointId)).toMatchObject({ status: 'failed', responseCode: 500, nextTryAt: null });
    expect(new Set(receiver.messages.map(({ headers }) => headers['webhook-id'])).size).toBe(1);

    receiver.answer = { status: 204 };
    await job().run(last!.payload);
    expect(await one(endpointId)).toMatchObject({ status: 'delivered', tries: 1, responseCode: 204 });
  });

  it('go on after a restart in the middle and after the queue was lost, without a second message', async () => {
    await add({ events: ['link.sent'] });
    await append(store, stream, [registered, issued, sent]);
    await follow();
    receiver.answer = { status: 503, headers: { 'Retry-After': '600' } };
    const [first] = waiting();
    await work();
    // The job runs a second time, as after a crash before the queue heard of its end.
    await job().run(first!.payload);
    expect(receiver.messages).toHaveLength(1);
    take();
    const sweep = new WebhookSweep(deliveries, queue, clock);
    clock.advance(600_000);
    expect(await sweep.run()).toBe(0);
    clock.advance(121_000);
    expect(await sweep.run()).toBe(1);
    receiver.answer = { status: 200 };
    await work();
    expect(receiver.messages).toHaveLength(2);
    expect(await sweep.run()).toBe(0);
  });

  it('wait for the transaction that writes them down', async () => {
    const payload = { deliveryId: uuid('not yet'), round: '1', tries: '0' };
    await expect(job().run(payload, { attempt: 1 })).rejects.toThrow(RetryLater);
    await expect(job().run(payload, { attempt: 9 })).resolves.toBeUndefined();
  });

  it('end where the receiver is gone: the endpoint is switched off, by an event that says why', async () => {
    const { endpointId } = await add({ events: ['link.sent'] });
    await append(store, stream, [registered, issued, sent]);
    await follow();
    receiver.answer = { status: 410 };
    expect(await work()).toEqual([]);
    const [last] = (await store.readStream('administration')).slice(-1);
    expect(last).toMatchObject({
      type: 'WebhookEndpointChanged',
      data: { endpointId, enabled: false, because: 'gone' },
    });
    expect(waiting()).toEqual([]);
    await append(store, stream, [{ type: 'LinkSent', data: { ...sent.data, messageId: 'other' } }]);
    await follow();
    expect(waiting()).toEqual([]);
    await expect(redeliver(endpointId, { failedSince: new Date(0) })).rejects.toMatchObject({
      code: 'webhook_endpoint_disabled',
    });
  });

  const redeliver = (endpointId: string, which: RedeliverWebhooks['input']['which']) =>
    new RedeliverWebhooksHandler(executor, deliveries, queue, clock).execute(
      new RedeliverWebhooks({ endpointId, which }),
    );

  it('can be sent again, one or all that failed, under the same ids', async () => {
    const { endpointId } = await add({ events: ['link.sent'] });
    await append(store, stream, [registered, issued, sent]);
    await follow();
    await work();
    const { deliveryId } = await one(endpointId);
    expect(await redeliver(endpointId, { failedSince: new Date(0) })).toEqual({ count: 0 });
    expect(await redeliver(endpointId, { deliveryId })).toEqual({ count: 1 });
    await work();
    const [before, after] = receiver.messages;
    expect(after!.headers['webhook-id']).toBe(before!.headers['webhook-id']);
    expect(after!.body).toBe(before!.body);
    await expect(redeliver(endpointId, { deliveryId: uuid('none') })).rejects.toMatchObject({
      code: 'webhook_delivery_not_found',
    });
  });

  it('carry both signatures for a day after the secret was replaced, then the new one alone', async () => {
    const { endpointId, secret } = await add();
    const rotate = new RotateWebhookSecretHandler(executor, secrets, new ImmediateReadPosition(), clock);
    const rotated = await rotate.execute(new RotateWebhookSecret({ endpointId }, by('staff:1')));
    const test = async (): Promise<void> => {
      const handler = new TestWebhookEndpointHandler(executor, deliveries, queue, clock);
      await handler.execute(new TestWebhookEndpoint({ endpointId }, by('staff:1')));
      await work();
    };
    await test();
    expect(receiver.verified(secret)).toMatchObject({ type: 'webhook.test' });
    expect(receiver.verified(rotated.secret)).toMatchObject({ type: 'webhook.test' });
    clock.advance(24 * HOUR_MS + 1);
    await test();
    expect(String(receiver.messages.at(-1)!.headers['webhook-signature']).split(' ')).toHaveLength(1);
  });

  it('have secrets that no row, event or job holds, and the same for a repeated request', async () => {
    const { secret } = await add({}, 'same');
    expect((await add({}, 'same')).secret).toBe(secret);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const { rows } = await pool.query('SELECT to_jsonb(s)::text AS row FROM webhook_secrets s');
    expect(rows).toHaveLength(1);
    expect(
      JSON.stringify([rows, store.all()], (_, value) => (typeof value === 'bigint' ? '' : (value as unknown))),
    ).not.toContain(secret.slice('whsec_'.length));
  });

  it('are forgotten after 30 days, when they are over', async () => {
    const { endpointId } = await add({ events: ['link.sent'] });
    await append(store, stream, [registered, issued, sent]);
    await follow();
    await work();
    const sweep = new WebhookSweep(deliveries, queue, clock);
    clock.advance(29 * 24 * HOUR_MS);
    await sweep.run();
    expect((await list.find(endpointId, { limit: 10 })).items).toHaveLength(1);
    clock.advance(25 * HOUR_MS);
    await sweep.run();
    expect((await list.find(endpointId, { limit: 10 })).items).toEqual([]);
  });
});
