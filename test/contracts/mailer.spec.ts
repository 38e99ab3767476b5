import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { SmtpMailer } from '../../src/infrastructure/email/smtp-mailer.js';
import { freePort } from '../../src/sandbox/free-port.js';
import { startMessageStandIns } from '../sandbox/message-stand-ins.js';
import { describeMailer } from './mailer.contract.js';
import type { MailSystem } from './mailer.contract.js';

let standIns: Awaited<ReturnType<typeof startMessageStandIns>>;
let mailer: SmtpMailer;
let system: MailSystem;

beforeAll(async () => {
  standIns = await startMessageStandIns();
  mailer = new SmtpMailer(standIns.smtpUrl, 'invoices@paylink.test');
  system = {
    mailer,
    arrived: (to) => standIns.messages(`?to=${encodeURIComponent(to)}`),
    removeMailbox: async (address) => void (await standIns.setFaults('smtp', { refuseRecipients: [address] })),
    stumble: async () => void (await standIns.setFaults('smtp', { errorNext: 1 })),
    loseNextAnswer: async () => void (await standIns.setFaults('smtp', { lostAnswerNext: 1 })),
  };
});

afterEach(async () => {
  await standIns.setFaults('smtp', {});
});

afterAll(async () => {
  mailer.close();
  await standIns.stop();
});

describeMailer('SMTP', () => system);

const message = {
  messageId: 'one@paylink.test',
  to: 'ada@example.com',
  fromName: 'Main Street',
  replyTo: undefined,
  subject: 'Invoice',
  html: '<p>Hello</p>',
  text: 'Hello',
  attachments: [],
};

describe('SmtpMailer', () => {
  it('knows that nothing was sent where nobody listens', async () => {
    const nowhere = new SmtpMailer(`smtp://127.0.0.1:${await freePort(0, 'nobody')}`, 'invoices@paylink.test');
    expect(await nowhere.send(message)).toEqual({
      outcome: 'temporary',
      code: 'ECONNREFUSED',
      reason: 'ECONNREFUSED at CONN',
      obstacle: 'connection',
    });
    nowhere.close();
  });

  it('takes a refused log-in for a mistake of ours, and does not show the password', async () => {
    const url = standIns.smtpUrl.replace('let-me-in', 'wrong-password');
    const stranger = new SmtpMailer(url, 'invoices@paylink.test');
    const outcome = await stranger.send(message);
    expect(outcome).toMatchObject({ outcome: 'temporary', code: '535', obstacle: 'account' });
    expect(JSON.stringify(outcome)).not.toContain('wrong-password');
    stranger.close();
  });

  it('takes a 4xx at the recipient for an obstacle that passes', async () => {
    await standIns.setFaults('smtp', { refuseNext: 1, refuseCode: 452 });
    expect(await mailer.send(message)).toMatchObject({
      ...{ outcome: 'temporary', code: '452', obstacle: 'recipient' },
    });
  });

  it('goes on after the connections that it kept were broken', async () => {
    await standIns.setFaults('smtp', { lostAnswerNext: 1 });
    await mailer.send(message);
    expect(await mailer.send({ ...message, messageId: 'two@paylink.test' })).toMatchObject({ outcome: 'sent' });
  });

  it('takes a 5xx at the recipient for a bounce, and anywhere else for a refusal of the message', async () => {
    await standIns.setFaults('smtp', { refuseRecipients: [message.to] });
    expect(await mailer.send(message)).toMatchObject({ outcome: 'refused', recipient: 'unreachable' });
  });
});
