import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { freePort } from '../../src/sandbox/free-port.js';
import { startHttp } from '../../src/sandbox/http.js';
import { MessageStore } from '../../src/sandbox/mailbox/message-store.js';
import { RecipientBook } from '../../src/sandbox/mailbox/recipient-book.js';
import { TwilioFaults } from '../../src/sandbox/twilio/twilio-faults.js';
import { createTwilioStandIn } from '../../src/sandbox/twilio/twilio-stand-in.js';
import { createTestDatabase } from '../support/postgres.js';
import { until } from '../support/until.js';
import { ACCOUNT, sendText } from './message-stand-ins.js';
import { startListener } from './web-listener.js';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let service: Awaited<ReturnType<typeof startListener>>;
let pool: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  service = await startListener();
  pool = new pg.Pool({ connectionString: database.url, max: 4 });
  pool.on('error', () => undefined);
});

afterAll(async () => {
  await pool.end();
  await database.drop();
  await service.stop();
});

/** The stand-in for texts over the test's database, as each start of the sandbox makes it. */
async function start() {
  const inbox = new MessageStore(pool);
  await inbox.createSchema();
  const recipients = new RecipientBook(pool);
  await recipients.load();
  const twilio = await createTwilioStandIn({
    ...ACCOUNT,
    pool,
    inbox,
    recipients,
    smsUrl: `${service.url}/inbound`,
    faults: new TwilioFaults(),
    now: () => new Date(),
    newId: () => randomBytes(16).toString('hex'),
  });
  const http = await startHttp(await freePort(0, 'the stand-in'));
  http.serve([twilio.handle]);
  return {
    twilio,
    recipients,
    origin: http.origin,
    async stop(): Promise<void> {
      await http.stop();
      await twilio.stop();
    },
  };
}

describe('a restart of the stand-in for texts', () => {
  it('keeps what it owes, who opted out, and whose telephone is off', async () => {
    const before = await start();
    const { sid } = (await (
      await sendText(before.origin, '+12125550101', 'Your invoice', `${service.url}/status`)
    ).json()) as { sid: string };
    await before.stop();
    expect(service.told).toEqual([]);

    const between = await start();
    await until(() => service.told.length === 2, 'the reports that were owed');
    expect(service.told.map(({ parameters }) => [parameters['MessageSid'], parameters['MessageStatus']])).toEqual([
      [sid, 'sent'],
      [sid, 'delivered'],
    ]);
    await between.twilio.receive({ from: '+12125550102', to: ACCOUNT.from, body: 'STOP' });
    await between.recipients.setUnreachable('+12125550103', true);
    await between.stop();

    const after = await start();
    expect((await sendText(after.origin, '+12125550102', 'Hello')).status).toBe(400);
    expect(after.recipients.isUnreachable('+12125550103')).toBe(true);
    await until(() => service.told.length === 3, 'the text that came in');
    expect(service.told[2]?.parameters).toMatchObject({ Body: 'STOP', From: '+12125550102' });
    await after.stop();
  });
});
