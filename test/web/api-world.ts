/**
 * The API over real use cases and real read models: an event store in memory, a database of its own, and a projector that runs
 * whenever somebody waits for the lists. What speaks to the outside is played.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { Global, Module, type Provider, type Type } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { Test } from '@nestjs/testing';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Registry } from 'prom-client';
import request from 'supertest';
import { BranchSecrets } from '../../src/application/branch-secrets.js';
import { Documents, MessageTemplates } from '../../src/application/documents.js';
import { EventCodec } from '../../src/application/event-codec.js';
import { NoticeLog } from '../../src/application/notice-log.js';
import { Logos } from '../../src/application/branch/logos.js';
import { PhoneNumbers } from '../../src/application/phone-numbers.js';
import {
  ApiKeySecrets,
  CardProcessor,
  Clock,
  ContactDigest,
  EventStore,
  LinkTokens,
  PersonalDataCipher,
  PublicUrl,
  Randomness,
} from '../../src/application/ports.js';
import { APPLICATION_PROVIDERS, JOBS } from '../../src/application/providers.js';
import { ReadPosition } from '../../src/application/read-position.js';
import type { RecordedEvent } from '../../src/domain/decider.js';
import type { Json } from '../../src/domain/json.js';
import { HmacApiKeySecrets } from '../../src/infrastructure/auth/hmac-api-key-secrets.js';
import { HmacContactDigest } from '../../src/infrastructure/auth/hmac-contact-digest.js';
import { HmacLinkTokens } from '../../src/infrastructure/auth/hmac-link-tokens.js';
import { HandlebarsMessageTemplates } from '../../src/infrastructure/messages/handlebars-message-templates.js';
import { PdfkitDocuments } from '../../src/infrastructure/pdf/pdfkit-documents.js';
import { migrate } from '../../src/infrastructure/postgres/migrate.js';
import { PgBranchSecrets } from '../../src/infrastructure/postgres/pg-branch-secrets.js';
import { PgNoticeLog } from '../../src/infrastructure/postgres/pg-notice-log.js';
import { PgSql } from '../../src/infrastructure/postgres/pg-sql.js';
import { createPool } from '../../src/infrastructure/postgres/pool.js';
import { SharpLogos } from '../../src/infrastructure/images/sharp-logos.js';
import { LibphonenumberPhoneNumbers } from '../../src/infrastructure/sms/phone-numbers.js';
import { createLogger } from '../../src/infrastructure/telemetry/logger.js';
import { ApiKeyList, apiKeysProjection } from '../../src/projections/api-keys.js';
import { BranchList, branchesProjection } from '../../src/projections/branches.js';
import { contactsProjection } from '../../src/projections/contacts.js';
import { CustomerList, customersProjection } from '../../src/projections/customers.js';
import { InvoiceList, invoicesProjection } from '../../src/projections/invoices.js';
import { PaymentHistory } from '../../src/projections/payment-history.js';
import { paymentHistoryProjection } from '../../src/projections/payment-rows.js';
import { ApiModule } from '../../src/web/api/api.module.js';
import { ApiSettings } from '../../src/web/api/api-settings.js';
import { HealthModule } from '../../src/web/health/health.module.js';
import { HealthSources, OperationalFigures, type HealthSource } from '../../src/web/health/health-sources.js';
import { textsProjection } from '../../src/projections/texts.js';
import { WebhookDeliveryList } from '../../src/projections/webhook-deliveries.js';
import { WebhookEndpointList, webhookEndpointsProjection } from '../../src/projections/webhook-endpoints.js';
import { setUpHttp } from '../../src/web/http-setup.js';
import { WebhooksModule } from '../../src/web/webhooks/webhooks.module.js';
import { longJobPorts } from '../../src/long-job-ports.js';
import { InMemoryEventStore } from '../support/in-memory-event-store.js';
import { createTestDatabase } from '../support/postgres.js';
import { messageProviders } from './message-providers.js';
import { webhookProviders } from './webhook-providers.js';
import { playedProcessor, type PlayedNotices } from './played-processor.js';

export const ADMIN_KEY = 'test-admin-key-of-20-characters';
const NOW = new Date('2026-11-22T12:00:00.000Z');

const PROJECTIONS = [
  textsProjection,
  contactsProjection,
  customersProjection,
  branchesProjection,
  invoicesProjection,
  paymentHistoryProjection,
  apiKeysProjection,
  webhookEndpointsProjection,
];

/** Keeps plain text under a customer's name: what the codec needs, without keys. */
class OpenCipher extends PersonalDataCipher {
  async encrypt(values: readonly { customerId: string; value: Json }[]): Promise<readonly string[]> {
    return values.map(({ value }) => Buffer.from(JSON.stringify(value)).toString('base64'));
  }

  async decrypt(values: readonly { customerId: string; ciphertext: string }[]): Promise<readonly (Json | undefined)[]> {
    return values.map(({ ciphertext }) => JSON.parse(Buffer.from(ciphertext, 'base64').toString()) as Json);
  }
}

export interface World {
  readonly app: NestExpressApplication;
  readonly store: InMemoryEventStore;
  readonly pool: ReturnType<typeof createPool>;
  /** Every line that was logged. */
  readonly logs: string[];
  readonly notices: PlayedNotices;
  readonly health: HealthSource[];
  /** Lets lists hang behind for ever. */
  projecting: boolean;
  /** A request with a key; the admin's where none is given. */
  call(method: 'get' | 'head' | 'post' | 'put' | 'patch' | 'delete', path: string, key?: string): request.Test;
  /** Brings the lists up to date. */
  catchUp(): Promise<void>;
  /** Appends events as a use case would. */
  append(stream: string, events: readonly { type: string; data: object }[]): Promise<void>;
  dispose(): Promise<void>;
}

export async function startWorld(options: { requestsPerSecond?: number } = {}): Promise<World> {
  const database = await createTestDatabase();
  await migrate(database.url);
  const pool = createPool(database.url, { max: 4 });
  const sql = new PgSql(pool);
  const store = new InMemoryEventStore(() => NOW);
  const codec = new EventCodec(new OpenCipher());
  const logs: string[] = [];
  const logger = createLogger('info', { write: (line: string) => void logs.push(line) });
  const clock = { now: () => NOW };
  const notices: PlayedNotices = {
    next: undefined,
    by: 'platform',
    retrieved: [],
    askedAt: [],
    failWith: undefined,
  };
  const health: HealthSource[] = [];
  let projected = 0;
  const state = { projecting: true };

  // One at a time, as the one leader does it.
  let running: Promise<void> = Promise.resolve();
  const catchUp = (): Promise<void> => (running = running.then(project));
  const project = async (): Promise<void> => {
    const fresh = store.all().slice(projected);
    const events = (await codec.decodeAll(fresh)) as readonly RecordedEvent[];
    for (const projection of PROJECTIONS) {
      const own = events.filter(({ stream }) => projection.streamPrefixes.some((prefix) => stream.startsWith(prefix)));
      await projection.apply(own, sql);
    }
    projected += fresh.length;
  };

  const provided: Provider[] = [
    { provide: EventStore, useValue: store },
    { provide: PersonalDataCipher, useClass: OpenCipher },
    { provide: Clock, useValue: clock },
    { provide: Randomness, useValue: { uuid: () => randomUUID(), bytes: (count: number) => randomBytes(count) } },
    { provide: PublicUrl, useValue: { base: 'http://localhost:3000' } },
    { provide: LinkTokens, useValue: new HmacLinkTokens([{ version: 1, key: Buffer.alloc(32, 7) }]) },
    { provide: ContactDigest, useValue: new HmacContactDigest(Buffer.alloc(32, 8)) },
    { provide: ApiKeySecrets, useValue: new HmacApiKeySecrets(Buffer.alloc(32, 9)) },
    { provide: PhoneNumbers, useClass: LibphonenumberPhoneNumbers },
    { provide: Logos, useClass: SharpLogos },
    { provide: Documents, useClass: PdfkitDocuments },
    { provide: MessageTemplates, useClass: HandlebarsMessageTemplates },
    { provide: CardProcessor, useValue: playedProcessor(notices) },
    { provide: NoticeLog, useValue: new PgNoticeLog(sql, () => NOW) },
    { provide: BranchSecrets, useValue: new PgBranchSecrets(sql, new OpenCipher()) },
    {
      provide: ReadPosition,
      useValue: {
        wait: async (position: bigint) => {
          if (state.projecting) await catchUp();
          return state.projecting && store.all().some((event) => event.position >= position);
        },
      },
    },
    { provide: InvoiceList, useValue: new InvoiceList(sql, () => NOW) },
    { provide: PaymentHistory, useValue: new PaymentHistory(sql) },
    { provide: BranchList, useValue: new BranchList(sql) },
    { provide: CustomerList, useValue: new CustomerList(sql) },
    { provide: ApiKeyList, useValue: new ApiKeyList(sql) },
    {
      provide: ApiSettings,
      useValue: { adminApiKey: ADMIN_KEY, requestsPerSecond: options.requestsPerSecond ?? 10_000 },
    },
    ...longJobPorts(pool, 1_000_000, 1),
    ...messageProviders(sql, () => NOW),
    ...webhookProviders(sql, new OpenCipher()),
    { provide: WebhookEndpointList, useValue: new WebhookEndpointList(sql) },
    { provide: WebhookDeliveryList, useValue: new WebhookDeliveryList(sql) },
    { provide: Registry, useFactory: () => new Registry() },
    { provide: HealthSources, useValue: { sources: health } },
    {
      provide: OperationalFigures,
      useValue: {
        consumers: async () => [{ consumer: 'read-models', member: 'invoices', lagSeconds: 3, parkedEvents: 1 }],
        deadJobs: async () => 2,
        textsFromStrangers: async () => 4,
      },
    },
  ];
  @Global()
  @Module({ providers: provided, exports: provided })
  class OutsideModule {}

  // The jobs need ports of their own, and nothing here runs them.
  const useCases = APPLICATION_PROVIDERS.filter((each) => needsOnly(each, provided, [...JOBS]));
  const testing = await Test.createTestingModule({
    imports: [CqrsModule.forRoot(), OutsideModule, ApiModule, WebhooksModule, HealthModule],
    providers: [...useCases],
  }).compile();
  const app = testing.createNestApplication<NestExpressApplication>({ bodyParser: false, logger: false });
  setUpHttp(app, { logger, metrics: app.get(Registry), freshId: () => randomUUID(), trustProxy: false });
  await app.init();
  return {
    app,
    store,
    pool,
    logs,
    notices,
    health,
    get projecting() {
      return state.projecting;
    },
    set projecting(projecting: boolean) {
      state.projecting = projecting;
    },
    call(method, path, key = ADMIN_KEY) {
      return request(app.getHttpServer())[method](path).set('Authorization', `Bearer ${key}`);
    },
    catchUp,
    async append(stream, events) {
      const before = await codec.decodeStream(await store.readStream(stream));
      const last = before.at(-1);
      const metadata = { occurredAt: NOW.toISOString(), actor: 'system:test', correlationId: 'c', causationId: 'c' };
      const encoded = await codec.encode(
        { stream, revision: last?.revision ?? -1n, hash: last?.metadata.hash },
        events.map((event) => ({ id: randomUUID(), event, metadata })),
      );
      await store.append(stream, last?.revision ?? 'no_stream', encoded);
    },
    async dispose() {
      await app.close();
      await pool.end();
      await database.drop();
    },
  };
}

/** Leaves out what asks, at whatever distance, for something that is not provided here. */
function needsOnly(type: Type, provided: readonly Provider[], leftOut: readonly Type[]): boolean {
  if (leftOut.includes(type)) return false;
  const known = new Set<unknown>(provided.map((each) => ('provide' in each ? each.provide : each)));
  const wanted = (Reflect.getMetadata('design:paramtypes', type) ?? []) as Type[];
  return wanted.every(
    (each) =>
      known.has(each) || (APPLICATION_PROVIDERS.includes(each) && each !== type && needsOnly(each, provided, leftOut)),
  );
}
