/** Binds every port to its adapter. With `app.module.ts` and `main.ts` the only place that knows both sides. */
import { Global, Module, type DynamicModule, type Provider } from '@nestjs/common';
import type pg from 'pg';
import { Registry } from 'prom-client';
import { Logos } from './application/branch/logos.js';
import { BranchSecrets } from './application/branch-secrets.js';
import { DeadLetters } from './application/dead-letters/dead-letters.js';
import { Documents, MessageTemplates } from './application/documents.js';
import { ReminderPlan } from './application/jobs/remind.js';
import { OwedItems } from './application/jobs/sweep.js';
import { NoticeLog } from './application/notice-log.js';
import { LinkLoads } from './application/pay/link-loads.js';
import { QuoteStore } from './application/pay/quote-store.js';
import { PhoneNumbers } from './application/phone-numbers.js';
import {
  ApiKeySecrets,
  CardProcessor,
  Clock,
  ContactDigest,
  EventStore,
  JobQueue,
  LinkDirectory,
  LinkTokens,
  Mailer,
  PersonalDataCipher,
  PublicUrl,
  Randomness,
} from './application/ports.js';
import { ReadPosition } from './application/read-position.js';
import {
  WebhookAddresses,
  WebhookDeliveries,
  WebhookSecrets,
  WebhookSender,
} from './application/webhooks/webhook-ports.js';
import { BrowserSessions } from './application/staff/browser-sessions.js';
import { IdentityProvider, ProviderFlows } from './application/staff/identity-provider.js';
import { PasswordStore, Passwords } from './application/staff/passwords.js';
import { OneTimeCodes, SecondFactors } from './application/staff/second-factors.js';
import { StaffDirectory } from './application/staff/staff-directory.js';
import { StaffIdentities } from './application/staff/staff-identities.js';
import { StaffLinkStore, StaffLinkTokens } from './application/staff/staff-links.js';
import { StaffMessages } from './application/staff/staff-messages.js';
import { StaffSessions } from './application/staff/staff-sessions.js';
import { TryFactor, TryLimits } from './application/staff/try-limits.js';
import { Argon2Passwords } from './infrastructure/auth/argon2-passwords.js';
import { HmacApiKeySecrets } from './infrastructure/auth/hmac-api-key-secrets.js';
import { HmacContactDigest } from './infrastructure/auth/hmac-contact-digest.js';
import { HmacLinkTokens } from './infrastructure/auth/hmac-link-tokens.js';
import { OidcIdentityProvider } from './infrastructure/auth/oidc-identity-provider.js';
import { TotpCodes } from './infrastructure/auth/totp-codes.js';
import { HmacStaffLinkTokens } from './infrastructure/auth/hmac-staff-link-tokens.js';
import type { Config } from './infrastructure/config.js';
import { SharpLogos } from './infrastructure/images/sharp-logos.js';
import { EmailStaffMessages } from './infrastructure/messages/email-staff-messages.js';
import { HandlebarsMessageTemplates } from './infrastructure/messages/handlebars-message-templates.js';
import { PdfkitDocuments } from './infrastructure/pdf/pdfkit-documents.js';
import { CustomerKeyRing } from './infrastructure/postgres/customer-key-ring.js';
import { PgBranchSecrets } from './infrastructure/postgres/pg-branch-secrets.js';
import { PgLinkDirectory } from './infrastructure/postgres/pg-link-directory.js';
import { PgLinkLoads } from './infrastructure/postgres/pg-link-loads.js';
import { PgNoticeLog } from './infrastructure/postgres/pg-notice-log.js';
import { PgPasswordStore } from './infrastructure/postgres/pg-password-store.js';
import { PgProviderFlows } from './infrastructure/postgres/pg-provider-flows.js';
import { PgQuoteStore } from './infrastructure/postgres/pg-quote-store.js';
import { PgReadPosition } from './infrastructure/postgres/pg-read-position.js';
import { PgSecondFactors } from './infrastructure/postgres/pg-second-factors.js';
import { PgReminderPlan } from './infrastructure/postgres/pg-reminder-plan.js';
import { PgSql } from './infrastructure/postgres/pg-sql.js';
import { PgStaffIdentities } from './infrastructure/postgres/pg-staff-identities.js';
import { PgStaffLinks } from './infrastructure/postgres/pg-staff-links.js';
import { PgStaffSessions } from './infrastructure/postgres/pg-staff-sessions.js';
import { PgTryLimits } from './infrastructure/postgres/pg-try-limits.js';
import { CryptoRandomness } from './infrastructure/runtime/crypto-randomness.js';
import { SystemClock } from './infrastructure/runtime/system-clock.js';
import { LibphonenumberPhoneNumbers } from './infrastructure/sms/phone-numbers.js';
import { StripeCardProcessor } from './infrastructure/stripe/stripe-card-processor.js';
import { createMetrics } from './infrastructure/telemetry/metrics.js';
import { HttpsWebhookSender } from './infrastructure/webhooks/https-webhook-sender.js';
import { PgWebhookDeliveries } from './infrastructure/webhooks/pg-webhook-deliveries.js';
import { PgWebhookSecrets } from './infrastructure/webhooks/pg-webhook-secrets.js';
import { PublicWebhookAddresses } from './infrastructure/webhooks/public-addresses.js';
import { longJobPorts } from './long-job-ports.js';
import { messagePorts, messageStores } from './message-ports.js';
import { ApiKeyList } from './projections/api-keys.js';
import { BranchSetups } from './projections/branch-setups.js';
import { BranchList } from './projections/branches.js';
import { CustomerList } from './projections/customers.js';
import { InvoiceList } from './projections/invoices.js';
import { LinkList } from './projections/links.js';
import { OwedWork } from './projections/owed.js';
import { PaymentHistory } from './projections/payment-history.js';
import { ReminderQueries } from './projections/reminder-settings.js';
import { Sql } from './projections/sql.js';
import { READ_MODELS } from './projections/read-models.js';
import { WebhookDeliveryList } from './projections/webhook-deliveries.js';
import { WebhookEndpointList } from './projections/webhook-endpoints.js';
import { UserList } from './projections/users.js';
import { ApiSettings } from './web/api/api-settings.js';
import { StaffSettings } from './application/staff/staff-settings.js';
import { HealthSources, OperationalFigures } from './web/health/health-sources.js';

/** Requests that one API key may make in a second. */
const API_REQUESTS_PER_SECOND = 50;
/** Where nothing but stand-ins are called, tests and tours must not run into limits. */
export const EMBEDDED_LIMIT_FACTOR = 100;

/** What has to be hung up at the end; whoever makes them does so. */
export interface Connections {
  readonly pool: pg.Pool;
  readonly store: EventStore;
  readonly queue: JobQueue;
  readonly deadLetters: DeadLetters;
  readonly mailer: Mailer;
}

@Global()
@Module({})
export class PortsModule {
  static register(config: Config, connections: Connections, health: HealthSources & OperationalFigures): DynamicModule {
    const providers = [
      ...systemPorts(config, health),
      ...outsidePorts(config, connections),
      ...storagePorts(config, connections.pool),
      ...webhookPorts(config, connections.pool),
      ...messageStores(connections.pool),
      ...readModels(connections.pool),
      ...staffPorts(config, connections.pool),
      ...longJobPorts(connections.pool, config.importBytes, config.stripeEmbedded ? EMBEDDED_LIMIT_FACTOR : 1),
    ];
    return { module: PortsModule, providers, exports: providers };
  }
}

function systemPorts(config: Config, health: HealthSources & OperationalFigures): Provider[] {
  const { keys, publicUrl, adminApiKey } = config;
  const requestsPerSecond = API_REQUESTS_PER_SECOND * (config.stripeEmbedded ? EMBEDDED_LIMIT_FACTOR : 1);
  return [
    { provide: Clock, useClass: SystemClock },
    { provide: Randomness, useClass: CryptoRandomness },
    { provide: PublicUrl, useValue: { base: publicUrl } satisfies PublicUrl },
    { provide: LinkTokens, useValue: new HmacLinkTokens(keys.link) },
    { provide: ContactDigest, useValue: new HmacContactDigest(keys.contact) },
    { provide: ApiKeySecrets, useValue: new HmacApiKeySecrets(keys.contact) },
    { provide: ApiSettings, useValue: { adminApiKey, requestsPerSecond } satisfies ApiSettings },
    { provide: Registry, useFactory: createMetrics },
    { provide: HealthSources, useValue: health },
    { provide: OperationalFigures, useValue: health },
  ];
}

function outsidePorts(config: Config, { store, queue, deadLetters, mailer }: Connections): Provider[] {
  const { stripe } = config;
  return [
    {
      provide: CardProcessor,
      inject: [Clock, BranchSecrets],
      useFactory: (clock: Clock, secrets: BranchSecrets) =>
        new StripeCardProcessor({ ...stripe, scriptUrl: stripe.jsUrl, clock, secrets }),
    },
    { provide: EventStore, useValue: store },
    { provide: JobQueue, useValue: queue },
    { provide: DeadLetters, useValue: deadLetters },
    { provide: Mailer, useValue: mailer },
    ...messagePorts(config),
    { provide: PhoneNumbers, useFactory: () => new LibphonenumberPhoneNumbers() },
    { provide: Logos, useFactory: () => new SharpLogos() },
    { provide: Documents, useClass: PdfkitDocuments },
    { provide: MessageTemplates, useClass: HandlebarsMessageTemplates },
  ];
}

function storagePorts(config: Config, pool: pg.Pool): Provider[] {
  const sql = new PgSql(pool);
  return [
    { provide: Sql, useValue: sql },
    { provide: PersonalDataCipher, useFactory: () => new CustomerKeyRing(sql, config.keys.master) },
    {
      provide: BranchSecrets,
      inject: [PersonalDataCipher],
      useFactory: (cipher: PersonalDataCipher) => new PgBranchSecrets(sql, cipher),
    },
    { provide: QuoteStore, useFactory: () => new PgQuoteStore(sql) },
    { provide: NoticeLog, inject: [Clock], useFactory: (clock: Clock) => new PgNoticeLog(sql, () => clock.now()) },
    { provide: LinkLoads, useFactory: () => new PgLinkLoads(pool) },
    {
      provide: ReadPosition,
      useFactory: () =>
        new PgReadPosition(
          pool,
          READ_MODELS.map(({ name }) => name),
        ),
    },
    { provide: OwedItems, useFactory: () => new OwedWork(sql) },
    { provide: ReminderPlan, useFactory: () => new PgReminderPlan(new ReminderQueries(sql), sql) },
    {
      provide: LinkDirectory,
      inject: [LinkList, PaymentHistory],
      useFactory: (links: LinkList, payments: PaymentHistory) => new PgLinkDirectory(links, payments),
    },
  ];
}

/** Where everything is embedded, the service is for this machine, and receivers of its messages may be on it too. */
function webhookPorts(config: Config, pool: pg.Pool): Provider[] {
  const sql = new PgSql(pool);
  const rules = { allowLoopback: config.stripeEmbedded };
  return [
    { provide: WebhookAddresses, useValue: new PublicWebhookAddresses(rules) },
    { provide: WebhookSender, useFactory: () => new HttpsWebhookSender(rules) },
    { provide: WebhookDeliveries, useFactory: () => new PgWebhookDeliveries(sql) },
    {
      provide: WebhookSecrets,
      inject: [PersonalDataCipher, Randomness],
      useFactory: (cipher: PersonalDataCipher, randomness: Randomness) => new PgWebhookSecrets(sql, cipher, randomness),
    },
    { provide: WebhookEndpointList, useFactory: () => new WebhookEndpointList(sql) },
    { provide: WebhookDeliveryList, useFactory: () => new WebhookDeliveryList(sql) },
  ];
}

function readModels(pool: pg.Pool): Provider[] {
  const sql = new PgSql(pool);
  return [
    { provide: InvoiceList, inject: [Clock], useFactory: (clock: Clock) => new InvoiceList(sql, () => clock.now()) },
    { provide: LinkList, inject: [Clock], useFactory: (clock: Clock) => new LinkList(sql, () => clock.now()) },
    { provide: PaymentHistory, useFactory: () => new PaymentHistory(sql) },
    { provide: BranchList, useFactory: () => new BranchList(sql) },
    { provide: BranchSetups, useFactory: () => new BranchSetups(sql) },
    { provide: CustomerList, useFactory: () => new CustomerList(sql) },
    { provide: ApiKeyList, useFactory: () => new ApiKeyList(sql) },
    { provide: UserList, useFactory: () => new UserList(sql) },
  ];
}

/** How staff sign in. */
function staffPorts(config: Config, pool: pg.Pool): Provider[] {
  const sql = new PgSql(pool);
  const settings: StaffSettings = {
    secondFactorRequired: !config.localSignIn,
    withProvider: config.oidc !== undefined,
    localSignIn: config.localSignIn,
  };
  return [
    { provide: StaffSettings, useValue: settings },
    { provide: TryFactor, useValue: { factor: config.stripeEmbedded ? EMBEDDED_LIMIT_FACTOR : 1 } satisfies TryFactor },
    { provide: IdentityProvider, useFactory: () => new OidcIdentityProvider(config.oidc) },
    { provide: ProviderFlows, useFactory: () => new PgProviderFlows(sql) },
    { provide: StaffIdentities, useFactory: () => new PgStaffIdentities(sql) },
    { provide: TryLimits, useFactory: () => new PgTryLimits(sql) },
    { provide: Passwords, useClass: Argon2Passwords },
    { provide: PasswordStore, useFactory: () => new PgPasswordStore(sql) },
    { provide: StaffSessions, useFactory: () => new PgStaffSessions(sql) },
    // Every surface may ask who is signed in, so that it is bound with the ports that it is made of.
    BrowserSessions,
    { provide: StaffLinkStore, useFactory: () => new PgStaffLinks(sql) },
    { provide: OneTimeCodes, useClass: TotpCodes },
    { provide: StaffMessages, useClass: EmailStaffMessages },
    { provide: StaffDirectory, useExisting: UserList },
    { provide: StaffLinkTokens, useValue: new HmacStaffLinkTokens(config.keys.contact) },
    {
      provide: SecondFactors,
      inject: [PersonalDataCipher],
      useFactory: (cipher: PersonalDataCipher) => new PgSecondFactors(sql, cipher),
    },
  ];
}
