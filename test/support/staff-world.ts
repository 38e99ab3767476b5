/**
 * The whole application as it is wired for real customers, over an event store in memory and a database of its own; what speaks to
 * the outside is played. Its limits are those of production, and its clock stands until it is moved.
 */
import { randomBytes } from 'node:crypto';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { Registry } from 'prom-client';
import request from 'supertest';
import { AppModule } from '../../src/app.module.js';
import { MailStaffLinkJob } from '../../src/application/jobs/mail-staff-link.js';
import { Clock, type EmailMessage, type Job, type JobQueue, type Mailer } from '../../src/application/ports.js';
import { ReadPosition } from '../../src/application/read-position.js';
import { EventCodec } from '../../src/application/event-codec.js';
import { completeConfig } from '../../src/infrastructure/config.js';
import { migrate } from '../../src/infrastructure/postgres/migrate.js';
import { PgSql } from '../../src/infrastructure/postgres/pg-sql.js';
import { createPool } from '../../src/infrastructure/postgres/pool.js';
import { createLogger } from '../../src/infrastructure/telemetry/logger.js';
import { PortsModule } from '../../src/ports.module.js';
import { READ_MODELS } from '../../src/projections/read-models.js';
import type { RecordedEvent } from '../../src/domain/decider.js';
import { HealthSources, type OperationalFigures } from '../../src/web/health/health-sources.js';
import { setUpHttp, showPortalRefusals } from '../../src/web/http-setup.js';
import { VirtualClock } from './doubles/time-and-chance.js';
import { InMemoryEventStore } from './in-memory-event-store.js';
import { createTestDatabase } from './postgres.js';

const ORIGIN = 'http://localhost:3000';
export const ADMIN_KEY = 'an-admin-key-of-some-length';

export interface StaffWorld {
  readonly app: NestExpressApplication;
  readonly clock: VirtualClock;
  readonly store: InMemoryEventStore;
  readonly pool: ReturnType<typeof createPool>;
  readonly mails: EmailMessage[];
  readonly logs: string[];
  /** Runs the jobs that mail links. */
  mailAll(): Promise<void>;
  /** Brings the lists up to date, as they are after each command that waits for them. */
  catchUp(): Promise<void>;
  /** A browser: it keeps its cookie and says where its requests come from. */
  browser(): Browser;
  dispose(): Promise<void>;
}

type Method = 'get' | 'post';

export class Browser {
  cookie: string | undefined;

  constructor(private readonly app: NestExpressApplication) {}

  get(path: string): request.Test {
    return this.prepare('get', path);
  }

  /** A form of a page of the service itself. */
  post(path: string, fields: Readonly<Record<string, string | readonly string[]>> = {}): request.Test {
    return this.prepare('post', path).set('Sec-Fetch-Site', 'same-origin').type('form').send(fields);
  }

  /** As a person goes to a page. */
  private prepare(method: Method, path: string): request.Test {
    const made = request(this.app.getHttpServer())[method](path);
    void made.set({ Host: 'localhost:3000', Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate' }).redirects(0);
    if (this.cookie !== undefined) void made.set('Cookie', this.cookie);
    void made.on('response', (response: { headers: Record<string, unknown> }) => this.keep(response.headers));
    return made;
  }

  private keep(headers: Record<string, unknown>): void {
    const set = headers['set-cookie'] as readonly string[] | undefined;
    const staff = set?.find((each) => each.startsWith('__Host-staff='));
    if (staff === undefined) return;
    const pair = staff.split(';')[0]!;
    this.cookie = pair === '__Host-staff=' ? undefined : pair;
  }
}

/** What stands in a page's hidden field. */
export function hidden(html: string, name: string): string {
  const found = new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1];
  if (found === undefined) throw new Error(`The page has no field ${name}`);
  return found;
}

class PlayedHealth extends HealthSources implements OperationalFigures {
  override readonly sources = [];
  consumers(): Promise<readonly never[]> {
    return Promise.resolve([]);
  }
  deadJobs(): Promise<number> {
    return Promise.resolve(0);
  }
  textsFromStrangers(): Promise<number> {
    return Promise.resolve(0);
  }
}

function configFor(databaseUrl: string, more: Readonly<Record<string, string>>) {
  const key = (): string => randomBytes(32).toString('base64');
  return completeConfig(
    {
      PUBLIC_URL: ORIGIN,
      EVENTSTORE_URL: 'esdb://store.internal:2113',
      DATABASE_URL: databaseUrl,
      QUEUE_URL: databaseUrl,
      SMTP_URL: 'smtp://mailer:mailpass@mail.internal:587',
      STRIPE_SECRET_KEY: 'sk_test_51abcdef',
      STRIPE_PUBLISHABLE_KEY: 'pk_test_51abcdef',
      STRIPE_WEBHOOK_SECRET: 'whsec_abcdef',
      TWILIO_ACCOUNT_SID: `AC${'0a'.repeat(16)}`,
      TWILIO_AUTH_TOKEN: 'f0'.repeat(16),
      TWILIO_FROM: '+12125550123',
      ADMIN_API_KEY: ADMIN_KEY,
      LINK_KEYS: `1:${key()}`,
      MASTER_KEYS: `1:${key()}`,
      SEAL_KEY: `1:${key()}`,
      CONTACT_KEY: key(),
      ...more,
    },
    {},
  );
}

export async function startStaffWorld(environment: Readonly<Record<string, string>> = {}): Promise<StaffWorld> {
  const database = await createTestDatabase();
  await migrate(database.url);
  const pool = createPool(database.url, { max: 6 });
  const sql = new PgSql(pool);
  const clock = new VirtualClock(Date.parse('2026-11-22T12:00:00.000Z'));
  const store = new InMemoryEventStore(() => clock.now());
  const jobs: Job[] = [];
  const mails: EmailMessage[] = [];
  const logs: string[] = [];
  const queue: JobQueue = { enqueue: (more) => Promise.resolve(void jobs.push(...more)) };
  const mailer: Mailer = {
    send: (mail) => Promise.resolve({ outcome: 'sent' as const, providerId: String(mails.push(mail)) }),
  };
  const config = configFor(database.url, environment);
  const connections: Parameters<(typeof PortsModule)['register']>[1] = {
    pool,
    store,
    queue,
    mailer,
    deadLetters: {
      list: () => Promise.resolve([]),
      redrive: () => Promise.resolve(false),
      redriveAll: () => Promise.resolve(0),
    },
  };
  const outside = PortsModule.register(config, connections, new PlayedHealth());
  let projected = 0;
  let running: Promise<void> = Promise.resolve();
  // Made below: nobody waits for a list before the application is there.
  const application: { app?: NestExpressApplication } = {};
  const project = async (): Promise<void> => {
    const fresh = store.all().slice(projected);
    const events = (await application.app!.get(EventCodec).decodeAll(fresh)) as readonly RecordedEvent[];
    for (const projection of READ_MODELS) {
      const own = events.filter(({ stream }) => projection.streamPrefixes.some((prefix) => stream.startsWith(prefix)));
      await projection.apply(own, sql);
    }
    projected += fresh.length;
  };
  const catchUp = (): Promise<void> => (running = running.then(project));
  const module = await Test.createTestingModule({ imports: [AppModule.register(config, outside)] })
    .overrideProvider(Clock)
    .useValue(clock)
    .overrideProvider(ReadPosition)
    .useValue({ wait: () => catchUp().then(() => true) } satisfies ReadPosition)
    .compile();
  const app = module.createNestApplication<NestExpressApplication>({ bodyParser: false, logger: false });
  application.app = app;
  const logger = createLogger('info', { write: (line: string) => void logs.push(line) });
  let ids = 0;
  const freshId = (): string => `request-${(ids += 1)}`;
  setUpHttp(app, { logger, metrics: app.get(Registry), freshId, trustProxy: false });
  showPortalRefusals(app);
  await app.init();
  return {
    app,
    clock,
    store,
    pool,
    mails,
    logs,
    catchUp,
    browser: () => new Browser(app),
    async mailAll() {
      for (const job of jobs.splice(0)) {
        if (job.name === 'mail-staff-link') await app.get(MailStaffLinkJob).run(job.payload);
      }
    },
    async dispose() {
      await app.close();
      await pool.end();
      await database.drop();
    },
  };
}
