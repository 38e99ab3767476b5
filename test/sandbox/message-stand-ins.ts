import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { startHttp } from '../../src/sandbox/http.js';
import { freePort } from '../../src/sandbox/free-port.js';
import { certificateHandler, makeCertificate } from '../../src/sandbox/mailbox/certificate.js';
import { createInboxHandler } from '../../src/sandbox/mailbox/inbox-http.js';
import { InboxQueries } from '../../src/sandbox/mailbox/inbox-queries.js';
import { createMailboxHandler } from '../../src/sandbox/mailbox/mailbox-http.js';
import { MessageStore } from '../../src/sandbox/mailbox/message-store.js';
import { RecipientBook } from '../../src/sandbox/mailbox/recipient-book.js';
import { startSmtpCatcher } from '../../src/sandbox/mailbox/smtp-catcher.js';
import { SmtpFaults } from '../../src/sandbox/mailbox/smtp-faults.js';
import { TwilioFaults } from '../../src/sandbox/twilio/twilio-faults.js';
import { createTwilioStandIn } from '../../src/sandbox/twilio/twilio-stand-in.js';
import { createTestDatabase } from '../support/postgres.js';

/** A message as `/messages` shows it. */
export interface ShownMessage {
  readonly id: string;
  readonly channel: 'email' | 'sms';
  readonly to: string;
  readonly from: string;
  readonly fromName?: string;
  readonly replyTo?: string;
  readonly messageId?: string;
  readonly subject?: string;
  readonly text: string;
  readonly html?: string;
  readonly attachments: readonly { filename: string; contentType: string; size: number; url: string }[];
  readonly sentAt: string;
}

export const ACCOUNT = { accountSid: `AC${'ab'.repeat(16)}`, authToken: 'cd'.repeat(16), from: '+15005550006' };

/** Sends a text as the service does; its statuses are reported to the address, where one is given. */
export function sendText(origin: string, to: string, body: string, statusCallback?: string): Promise<Response> {
  const { accountSid, authToken, from } = ACCOUNT;
  return fetch(`${origin}/2010-04-01/Accounts/${accountSid}/Messages.json`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}` },
    body: new URLSearchParams({
      To: to,
      From: from,
      Body: body,
      ...(statusCallback === undefined ? {} : { StatusCallback: statusCallback }),
    }),
  });
}

/** The stand-ins for mail and texts within the test's own process, on free ports and a database of their own. */
export async function startMessageStandIns(smsUrl = 'http://127.0.0.1:1/webhooks/twilio/inbound') {
  const database = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: database.url, max: 4 });
  // Dropping the database ends connections that are about to end by themselves.
  pool.on('error', () => undefined);
  const inbox = new MessageStore(pool);
  await inbox.createSchema();
  const recipients = new RecipientBook(pool);
  await recipients.load();
  const certificate = makeCertificate(new Date());
  const http = await startHttp(await freePort(0, 'the stand-ins'));
  const [smtpFaults, twilioFaults] = [new SmtpFaults(), new TwilioFaults()];
  const now = (): Date => new Date();
  const smtp = await startSmtpCatcher({
    port: 0,
    user: 'sandbox',
    password: 'let-me-in',
    certificate,
    recipients,
    faults: smtpFaults,
    now,
    newId: randomUUID,
    keep: (message) => inbox.recordAlone(message),
  });
  const twilio = await createTwilioStandIn({
    ...ACCOUNT,
    smsUrl,
    pool,
    inbox,
    recipients,
    faults: twilioFaults,
    now,
    newId: () => randomBytes(16).toString('hex'),
  });
  http.serve([
    smtpFaults.handler('/sandbox/smtp/faults'),
    twilioFaults.handler('/sandbox/twilio/faults'),
    certificateHandler(certificate),
    twilio.handle,
    createMailboxHandler(inbox),
    createInboxHandler({ store: inbox, queries: new InboxQueries(pool), recipients, telephones: twilio }),
  ]);
  return {
    origin: http.origin,
    smtpUrl: smtp.url,
    async messages(query = ''): Promise<ShownMessage[]> {
      const answer = await fetch(`${http.origin}/messages${query}`);
      return (await answer.json()) as ShownMessage[];
    },
    async setFaults(system: 'smtp' | 'twilio', faults: object): Promise<Response> {
      return fetch(`${http.origin}/sandbox/${system}/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(faults),
      });
    },
    /** Somebody's telephone sends a text to the account's number. Answers its SID. */
    async reply(from: string, body: string): Promise<string> {
      const answer = await fetch(`${http.origin}/sandbox/twilio/inbound`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ from, body }),
      });
      return ((await answer.json()) as { sid: string }).sid;
    },
    async stop(): Promise<void> {
      await smtp.stop();
      await twilio.stop();
      await http.stop();
      await pool.end();
      await database.drop();
    },
  };
}
