import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type pg from 'pg';
import { SMTP_USER, TWILIO_NUMBER } from './credentials.js';
import type { Credentials } from './credentials.js';
import { startEventStore } from './event-store/server.js';
import type { Handler } from './handler.js';
import type { SandboxHttp } from './http.js';
import { keepJson } from './kept-file.js';
import { certificateHandler, makeCertificate } from './mailbox/certificate.js';
import { createInboxHandler } from './mailbox/inbox-http.js';
import { InboxQueries } from './mailbox/inbox-queries.js';
import { createMailboxHandler } from './mailbox/mailbox-http.js';
import { MessageStore } from './mailbox/message-store.js';
import { RecipientBook } from './mailbox/recipient-book.js';
import { startSmtpCatcher } from './mailbox/smtp-catcher.js';
import { SmtpFaults } from './mailbox/smtp-faults.js';
import type { Ports } from './ports.js';
import type { SandboxSettings, Service } from './settings.js';
import { createStripeStandIn } from './stripe/stand-in.js';
import { TwilioFaults } from './twilio/twilio-faults.js';
import { createTwilioStandIn } from './twilio/twilio-stand-in.js';
import type { TwilioStandIn } from './twilio/twilio-stand-in.js';

/** What the parts of a sandbox share while it starts. */
export interface Parts {
  readonly settings: SandboxSettings;
  readonly credentials: Credentials;
  readonly ports: Ports;
  readonly databaseUrl: (database: string) => string;
  readonly pool: pg.Pool;
  /** Run in reverse at the end, so that what others stand on goes last. */
  readonly atEnd: (() => Promise<void>)[];
}

/**
 * Starts all that are asked for at once: none needs another, but the mailbox keeps the texts too.
 *
 * @returns the variables by which a service finds them
 */
export async function startStandIns(parts: Parts, http: SandboxHttp | undefined): Promise<Record<string, string>> {
  const { settings, databaseUrl } = parts;
  const asked = (service: Service): boolean => settings.services.includes(service);
  const [eventStore, web] = await Promise.all([
    asked('eventstore') ? startEvents(parts) : {},
    http ? startWeb(parts, http, asked) : {},
  ]);
  return {
    ...eventStore,
    ...(asked('database') ? { DATABASE_URL: databaseUrl('paylink') } : {}),
    ...(asked('queue') ? { QUEUE_URL: databaseUrl('paylink') } : {}),
    ...web,
  };
}

async function startEvents({ ports, databaseUrl, atEnd }: Parts): Promise<Record<string, string>> {
  const store = await startEventStore({ databaseUrl: databaseUrl('sandbox'), port: ports.eventStore });
  atEnd.push(() => store.stop());
  // A mark, like the one in the keys of Stripe.
  return { EVENTSTORE_URL: `${store.url}&connectionName=sandbox` };
}

async function startWeb(
  parts: Parts,
  http: SandboxHttp,
  asked: (service: Service) => boolean,
): Promise<Record<string, string>> {
  const mailbox = { inbox: new MessageStore(parts.pool), recipients: new RecipientBook(parts.pool) };
  await mailbox.inbox.createSchema();
  await mailbox.recipients.load();
  const [mail, stripe, twilio] = await Promise.all([
    asked('smtp') ? startMail(parts, mailbox) : undefined,
    asked('stripe') ? startStripe(parts, http) : undefined,
    asked('twilio') ? startTwilio(parts, mailbox, http) : undefined,
  ]);
  const running = [mail, stripe, twilio].filter((one) => one !== undefined);
  const { inbox: store, recipients } = mailbox;
  const queries = new InboxQueries(parts.pool);
  const reading = createInboxHandler({ store, queries, recipients, telephones: twilio?.telephones });
  http.serve([...running.flatMap(({ handlers }) => handlers), createMailboxHandler(store), reading]);
  return Object.assign({}, ...running.map(({ environment }) => environment)) as Record<string, string>;
}

interface StartedStandIn {
  readonly handlers: readonly Handler[];
  readonly environment: Readonly<Record<string, string>>;
}

/** What the stand-ins for messages share: the messages, and who cannot be reached. */
interface Mailbox {
  readonly inbox: MessageStore;
  readonly recipients: RecipientBook;
}

async function startMail(
  { settings, credentials, ports, atEnd }: Parts,
  { inbox, recipients }: Mailbox,
): Promise<StartedStandIn> {
  const faults = new SmtpFaults();
  const certificate = await keepJson(join(settings.dataDir, 'secrets', 'sandbox-certificate.json'), () =>
    Promise.resolve(makeCertificate(new Date())),
  );
  const smtp = await startSmtpCatcher({
    certificate,
    recipients,
    port: ports.smtp,
    user: SMTP_USER,
    password: credentials.smtpPassword,
    faults,
    now: () => new Date(),
    newId: randomUUID,
    keep: (message) => inbox.recordAlone(message),
  });
  atEnd.push(() => smtp.stop());
  const handlers = [faults.handler('/sandbox/smtp/faults'), certificateHandler(certificate)];
  return { handlers, environment: { SMTP_URL: smtp.url } };
}

async function startStripe({ pool, credentials, settings, atEnd }: Parts, http: SandboxHttp): Promise<StartedStandIn> {
  const stripe = await createStripeStandIn({
    pool,
    origin: http.origin,
    now: () => new Date(),
    randomId: (prefix) => prefix + randomBytes(18).toString('hex'),
    webhook: { url: `${settings.serviceUrl}/webhooks/stripe/platform`, secret: credentials.stripeWebhookSecret },
  });
  atEnd.push(() => stripe.stop());
  return {
    handlers: [(request, response) => stripe.handle(request, response)],
    environment: {
      STRIPE_SECRET_KEY: credentials.stripeSecretKey,
      STRIPE_PUBLISHABLE_KEY: credentials.stripePublishableKey,
      STRIPE_WEBHOOK_SECRET: credentials.stripeWebhookSecret,
      STRIPE_API_URL: http.origin,
      STRIPE_JS_URL: `${http.origin}/endive/stripe.js`,
    },
  };
}

async function startTwilio(
  { pool, credentials, settings, atEnd }: Parts,
  mailbox: Mailbox,
  http: SandboxHttp,
): Promise<StartedStandIn & { telephones: TwilioStandIn }> {
  const faults = new TwilioFaults();
  const twilio = await createTwilioStandIn({
    ...mailbox,
    pool,
    faults,
    accountSid: credentials.twilioAccountSid,
    authToken: credentials.twilioAuthToken,
    from: TWILIO_NUMBER,
    smsUrl: `${settings.serviceUrl}/webhooks/twilio/inbound`,
    now: () => new Date(),
    newId: () => randomBytes(16).toString('hex'),
  });
  atEnd.push(() => twilio.stop());
  return {
    handlers: [faults.handler('/sandbox/twilio/faults'), twilio.handle],
    telephones: twilio,
    environment: {
      TWILIO_ACCOUNT_SID: credentials.twilioAccountSid,
      TWILIO_AUTH_TOKEN: credentials.twilioAuthToken,
      TWILIO_FROM: TWILIO_NUMBER,
      TWILIO_API_URL: http.origin,
    },
  };
}
