import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DeadLetters } from '../../src/application/dead-letters/dead-letters.js';
import { JobQueue } from '../../src/application/ports.js';
import type { MemoryQueue } from '../support/doubles/stores.js';
import { makeBranch, makeKey } from './api-examples.js';
import { startWorld, type World } from './api-world.js';
import type { ListedDeadLetters } from './webhook-providers.js';

const PATH = '/api/v1/webhook-endpoints';
const URL = 'https://books.example.com/hooks';
const NOBODY = '00000000-0000-5000-8000-000000000000';

describe('webhook endpoints over the API', () => {
  let world: World;
  let branchId: string;
  let scopedKey: string;
  beforeAll(async () => {
    world = await startWorld();
    branchId = await makeBranch(world);
    scopedKey = (await makeKey(world, 'admin', [branchId])).key;
  });
  afterAll(() => world.dispose());

  const add = async (body: object = {}, key?: string): Promise<{ id: string; secret: string }> =>
    (
      await world
        .call('post', PATH, key)
        .send({ url: URL, ...body })
        .expect(201)
    ).body as {
      id: string;
      secret: string;
    };
  const listed = async (id: string): Promise<Record<string, unknown> | undefined> => {
    const { body } = (await world.call('get', PATH).expect(200)) as { body: { items: Record<string, unknown>[] } };
    return body.items.find((item) => item['id'] === id);
  };

  it('are added, listed, changed, switched off and removed; the secret is in one answer only', async () => {
    const { id, secret } = await add({ events: ['invoice.paid', 'invoice.paid'], description: 'Books' });
    expect(secret).toMatch(/^whsec_/);
    expect(await listed(id)).toMatchObject({
      ...{ url: URL, events: ['invoice.paid'], branchIds: null, description: 'Books', enabled: true },
    });
    expect(JSON.stringify(await listed(id))).not.toContain(secret);
    const { body } = await world
      .call('patch', `${PATH}/${id}`)
      .send({ events: null, description: null, enabled: false })
      .expect(200);
    expect(body).toMatchObject({ url: URL, events: null, description: null, enabled: false });
    await world.call('post', `${PATH}/${id}/test`).send({}).expect(409);
    await world.call('delete', `${PATH}/${id}`).expect(204);
    expect(await listed(id)).toBeUndefined();
    for (const what of ['test', 'rotate']) await world.call('post', `${PATH}/${id}/${what}`).send({}).expect(404);
    await world.call('get', `${PATH}/${id}/deliveries`).expect(404);
  });

  it('are the same for a repeated request, and refused where it asks for something else', async () => {
    const once = () => world.call('post', PATH).set('Idempotency-Key', 'the-same');
    const first = await once().send({ url: URL }).expect(201);
    const again = await once().send({ url: URL }).expect(201);
    expect(again.body).toEqual(first.body);
    const other = await once()
      .send({ url: `${URL}/2` })
      .expect(409);
    expect(other.body).toMatchObject({ code: 'idempotency_key_reused' });
  });

  it('are given a new secret, with the time until when the former one signs', async () => {
    const { id, secret } = await add();
    const { body } = (await world.call('post', `${PATH}/${id}/rotate`).expect(200)) as {
      body: { secret: string; formerValidUntil: string };
    };
    expect(body.secret).not.toBe(secret);
    expect(body.formerValidUntil).toBe('2026-11-23T12:00:00.000Z');
    expect(await listed(id)).toMatchObject({ formerSecretUntil: '2026-11-23T12:00:00.000Z' });
  });

  it('are tried with a message, which stands in the queue and can be sent again', async () => {
    const { id } = await add();
    const { body } = (await world.call('post', `${PATH}/${id}/test`).send({}).expect(202)) as {
      body: { deliveryId: string };
    };
    const queue = world.app.get<MemoryQueue>(JobQueue, { strict: false });
    expect([...queue.waiting.keys()].some((job) => job.includes(body.deliveryId))).toBe(true);
    const again = await world.call('post', `${PATH}/${id}/redeliver`).send(body).expect(202);
    expect(again.body).toEqual({ count: 1 });
    const none = await world
      .call('post', `${PATH}/${id}/redeliver`)
      .send({ since: '2026-11-22T00:00:00Z' })
      .expect(202);
    expect(none.body).toEqual({ count: 0 });
    await world.call('post', `${PATH}/${id}/redeliver`).send({ deliveryId: NOBODY }).expect(404);
    const deliveries = await world.call('get', `${PATH}/${id}/deliveries?limit=5`).expect(200);
    expect(deliveries.body).toEqual({ items: [], next: null });
  });

  it.each([
    [{ url: 'http://books.example.com' }, 'url', 'must begin with https://'],
    [{ url: 'https://10.0.0.1' }, 'url', 'must lead to a public address'],
    [{ url: 'https://localhost' }, 'url', 'must lead to a public address'],
    [{ url: '' }, 'url', 'must not be empty'],
    [{ url: `https://example.com/${'x'.repeat(2_000)}` }, 'url', 'at most 2000'],
    [{}, 'url', 'is required'],
    [{ url: URL, events: [] }, 'events', 'must name at least one event'],
    [{ url: URL, events: ['payment.refunded'] }, 'events.0', 'must be one of'],
    [{ url: URL, branchIds: ['x'] }, 'branchIds.0', 'must be a UUID'],
    [{ url: URL, description: 'card 4242 4242 4242 4242' }, 'description', 'contains a card number'],
    [{ url: URL, secret: 'whsec_mine' }, 'secret', 'is not known here'],
  ])('are refused where something is wrong, by the name of the field (case %#)', async (body, path, message) => {
    const { body: problem } = (await world.call('post', PATH).send(body)) as {
      body: { status: number; errors: { path: string; message: string }[] };
    };
    expect([400, 422]).toContain(problem.status);
    expect(problem.errors).toContainEqual({ path, message: expect.stringContaining(message) as unknown as string });
  });

  it('say what a redelivery needs', async () => {
    const { id } = await add();
    for (const body of [
      {},
      { since: 'yesterday' },
      { deliveryId: 'x' },
      { deliveryId: NOBODY, since: '2026-11-22T00:00:00Z' },
    ]) {
      await world.call('post', `${PATH}/${id}/redeliver`).send(body).expect(400);
    }
  });

  it('of other branches are not there for a key of some, which makes them only for its own', async () => {
    const every = await add();
    const own = await add({ branchIds: [branchId] });
    const { body } = (await world.call('get', PATH, scopedKey).expect(200)) as { body: { items: { id: string }[] } };
    expect(body.items.map(({ id }) => id)).toEqual([own.id]);
    for (const what of ['rotate', 'test']) {
      await world.call('post', `${PATH}/${every.id}/${what}`, scopedKey).send({}).expect(404);
    }
    await world.call('post', `${PATH}/${every.id}/redeliver`, scopedKey).send({ deliveryId: NOBODY }).expect(404);
    await world.call('get', `${PATH}/${every.id}/deliveries`, scopedKey).expect(404);
    await world.call('patch', `${PATH}/${every.id}`, scopedKey).send({ enabled: false }).expect(404);
    await world.call('delete', `${PATH}/${every.id}`, scopedKey).expect(404);
    await world.call('post', PATH, scopedKey).send({ url: URL }).expect(403);
    await world.call('patch', `${PATH}/${own.id}`, scopedKey).send({ branchIds: null }).expect(403);
    await world
      .call('post', PATH, scopedKey)
      .send({ url: URL, branchIds: [NOBODY] })
      .expect(404);
    await world
      .call('post', PATH)
      .send({ url: URL, branchIds: [NOBODY] })
      .expect(404);
  });
});

describe('failed jobs over the API', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.dispose());

  it('are listed by the page and put back, one or all', async () => {
    const { jobs } = world.app.get<ListedDeadLetters>(DeadLetters, { strict: false });
    for (const id of ['one', 'two', 'three']) {
      const times = { queuedAt: '2026-11-22T10:00:00.000Z', failedAt: '2026-11-22T10:03:00.000Z' };
      jobs.push({ id, name: 'send-link', attempts: 8, error: 'refused', ...times });
    }
    const page = (path: string) => world.call('get', `/api/v1/dead-jobs${path}`).expect(200);
    const first = (await page('?limit=2')).body as { items: { id: string }[]; next: string };
    expect(first.items.map(({ id }) => id)).toEqual(['one', 'two']);
    expect((await page(`?limit=2&cursor=${first.next}`)).body).toMatchObject({ items: [{ id: 'three' }], next: null });
    expect((await world.call('post', '/api/v1/dead-jobs/two/redrive').expect(202)).body).toEqual({ count: 1 });
    await world.call('post', '/api/v1/dead-jobs/two/redrive').expect(404);
    expect((await world.call('post', '/api/v1/dead-jobs/redrive').expect(202)).body).toEqual({ count: 2 });
    expect((await page('')).body).toEqual({ items: [], next: null });
    await world.call('get', '/api/v1/dead-jobs?cursor=made-up').expect(400);
  });

  it('concern every branch, and are not for a key of some', async () => {
    const { key } = await makeKey(world, 'admin', [await makeBranch(world)]);
    await world.call('get', '/api/v1/dead-jobs', key).expect(403);
    await world.call('post', '/api/v1/dead-jobs/redrive', key).expect(403);
    await world.call('post', '/api/v1/dead-jobs/one/redrive', key).expect(403);
  });
});
