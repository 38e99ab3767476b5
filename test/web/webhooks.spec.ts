import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { ProcessorRefused, ProcessorUnavailable } from '../../src/application/ports.js';
import { startWorld, type World } from './api-world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.dispose());
beforeEach(() => {
  world.notices.retrieved.length = 0;
  world.notices.failWith = undefined;
  world.notices.next = undefined;
  world.notices.by = 'platform';
});

const BRANCH = '00000000-0000-4000-8000-00000000000a';

function send(signature = 'good', path = '/webhooks/stripe/platform'): request.Test {
  return request(world.app.getHttpServer())
    .post(path)
    .set('Stripe-Signature', signature)
    .set('Content-Type', 'application/json; charset=utf-8')
    .send('{"id":"evt_1"}');
}

function notice(eventId: string, type = 'payment_intent.succeeded', objectId = 'pi_1') {
  world.notices.next = { eventId, type, objectId, paymentIntentId: objectId, account: { mode: 'platform' } };
}

async function stored(eventId: string): Promise<Record<string, unknown> | undefined> {
  const { rows } = await world.pool.query('SELECT * FROM webhook_notices WHERE event_id = $1', [eventId]);
  return rows[0] as Record<string, unknown> | undefined;
}

describe('a notice of the processor', () => {
  it('leads to a look at the intent, once, however often it comes', async () => {
    notice('evt_a');
    await send().expect(200, { received: true });
    await send().expect(200);
    expect(world.notices.retrieved).toEqual(['pi_1']);
    expect(await stored('evt_a')).toMatchObject({ type: 'payment_intent.succeeded', object_id: 'pi_1' });
    expect((await stored('evt_a'))!['processed_at']).not.toBeNull();
  });

  it('is asked for again while the processor cannot be reached, and then dealt with', async () => {
    notice('evt_b');
    world.notices.failWith = new ProcessorUnavailable('away');
    const away = await send();
    expect([away.status, away.headers['retry-after'], away.body.code]).toEqual([503, '2', 'processor_unavailable']);
    expect((await stored('evt_b'))!['processed_at']).toBeNull();
    world.notices.failWith = undefined;
    await send().expect(200);
    expect(world.notices.retrieved).toEqual(['pi_1']);
  });

  it('about an intent that the processor does not know is not asked for again', async () => {
    notice('evt_c');
    world.notices.failWith = new ProcessorRefused('resource_missing', 'No such intent');
    await send().expect(200);
    expect((await stored('evt_c'))!['processed_at']).not.toBeNull();
  });

  it('of a type that means nothing here is kept and leads to nothing', async () => {
    notice('evt_d', 'customer.created', 'cus_1');
    await send().expect(200);
    expect(world.notices.retrieved).toEqual([]);
    expect(await stored('evt_d')).toMatchObject({ type: 'customer.created' });
  });

  it.each(['forged', ''])('with the signature "%s" is refused', async (signature) => {
    notice('evt_e');
    const refused = await send(signature);
    expect([refused.status, refused.body.code]).toEqual([400, 'webhook_not_believed']);
    expect(await stored('evt_e')).toBeUndefined();
  });

  it('without a body or a signature, too large, or for nobody, is refused', async () => {
    notice('evt_f');
    const server = world.app.getHttpServer();
    expect((await request(server).post('/webhooks/stripe/platform').set('Stripe-Signature', 'good')).status).toBe(400);
    expect((await request(server).post('/webhooks/stripe/platform').send('{}')).status).toBe(400);
    const large = request(server).post('/webhooks/stripe/platform').set('Stripe-Signature', 'good');
    expect((await large.send('x'.repeat(1_000_001))).status).toBe(413);
    const nobody = await send('good', '/webhooks/stripe/nobody');
    expect([nobody.status, nobody.headers['content-type']]).toEqual([404, 'application/problem+json; charset=utf-8']);
    const branch = await send('good', `/webhooks/stripe/${BRANCH}`);
    expect([branch.status, branch.body.code]).toEqual([400, 'webhook_not_believed']);
    expect((await request(server).get('/webhooks/stripe/platform')).status).toBe(404);
    expect(await stored('evt_f')).toBeUndefined();
  });

  it('for a branch leads to a look on its account, and is one of its own', async () => {
    notice('evt_h');
    await send().expect(200);
    const account = { mode: 'keys', branchId: BRANCH, secretFingerprint: '00ff' } as const;
    Object.assign(world.notices, { by: { branchId: BRANCH }, next: { ...world.notices.next, account } });
    await send('good', `/webhooks/stripe/${BRANCH.toUpperCase()}`).expect(200);
    await send('good', `/webhooks/stripe/${BRANCH}`).expect(200);
    expect(world.notices.retrieved).toEqual(['pi_1', 'pi_1']);
    expect(world.notices.askedAt.slice(-2)).toEqual([{ mode: 'platform' }, account]);
    expect((await stored(`${BRANCH}/evt_h`))!['processed_at']).not.toBeNull();
  });

  it("for a branch about another's account leads to nothing", async () => {
    notice('evt_i');
    Object.assign(world.notices, { by: { branchId: BRANCH }, next: { ...world.notices.next, account: undefined } });
    await send('good', `/webhooks/stripe/${BRANCH}`).expect(200);
    expect(world.notices.retrieved).toEqual([]);
    expect(await stored(`${BRANCH}/evt_i`)).toBeUndefined();
  });

  it('of any content type keeps its bytes', async () => {
    notice('evt_g');
    const test = request(world.app.getHttpServer()).post('/webhooks/stripe/platform').set('Stripe-Signature', 'good');
    await test.set('Content-Type', 'text/plain').send('{').expect(200);
  });
});
