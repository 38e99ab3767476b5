import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { TwilioTexter } from '../../src/infrastructure/sms/twilio-texter.js';
import { freePort } from '../../src/sandbox/free-port.js';
import { ACCOUNT, startMessageStandIns } from '../sandbox/message-stand-ins.js';
import { describeTexter } from './texter.contract.js';
import type { TextSystem } from './texter.contract.js';

let standIns: Awaited<ReturnType<typeof startMessageStandIns>>;
let system: TextSystem;

beforeAll(async () => {
  standIns = await startMessageStandIns();
  system = {
    texter: new TwilioTexter({ ...ACCOUNT, apiUrl: standIns.origin }),
    arrived: (to) => standIns.messages(`?to=${encodeURIComponent(to)}`),
    optOut: async (number) => void (await standIns.setFaults('twilio', { refuseRecipients: [number] })),
    stumble: async () => void (await standIns.setFaults('twilio', { errorNext: 1 })),
    loseNextAnswer: async () => void (await standIns.setFaults('twilio', { lostAnswerNext: 1 })),
  };
});

afterEach(async () => {
  await standIns.setFaults('twilio', {});
});

afterAll(async () => {
  await standIns.stop();
});

describeTexter('Twilio', () => system);

describe('TwilioTexter', () => {
  it('takes a refused account for a mistake of ours, and does not show the token', async () => {
    const stranger = new TwilioTexter({ ...ACCOUNT, authToken: 'not-the-token-of-it', apiUrl: standIns.origin });
    const outcome = await stranger.send({ to: '+12125550100', body: 'Hello' });
    expect(outcome).toEqual({
      ...{ outcome: 'temporary', code: '20003', reason: 'Twilio 20003 (HTTP 401)' },
      obstacle: 'account',
    });
  });

  it('takes a number that cannot be one for a refusal', async () => {
    const outcome = await system.texter.send({ to: '+15005550001', body: 'Hello' });
    expect(outcome).toMatchObject({ outcome: 'refused', code: '21211', recipient: 'unreachable' });
  });

  it('knows that nothing was sent where nobody listens', async () => {
    const nowhere = new TwilioTexter({ ...ACCOUNT, apiUrl: `http://127.0.0.1:${await freePort(0, 'nobody')}` });
    expect(await nowhere.send({ to: '+12125550100', body: 'Hello' })).toMatchObject({
      outcome: 'temporary',
      code: 'ECONNREFUSED',
    });
  });

  it('knows a number that opted out from one that does not exist', async () => {
    expect(await system.texter.send({ to: '+15005550004', body: 'Hello' })).toMatchObject({
      ...{ outcome: 'refused', code: '21610', recipient: 'opted_out' },
    });
  });

  it('sends no more a second than it was told', async () => {
    const slow = new TwilioTexter({ ...ACCOUNT, apiUrl: standIns.origin, textsPerSecond: 5 });
    const began = performance.now();
    await Promise.all([1, 2, 3].map((each) => slow.send({ to: '+12125550100', body: `Hello ${each}` })));
    expect(performance.now() - began).toBeGreaterThanOrEqual(390);
  });
});
