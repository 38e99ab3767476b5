/** One process of the service, put together, started and stopped in the right order. */
import { CommandBus } from '@nestjs/cqrs';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { AppModule } from '../app.module.js';
import { Clock, Randomness } from '../application/ports.js';
import { ReadPosition } from '../application/read-position.js';
import { ConfigurationError, type Config } from '../infrastructure/config.js';
import { SmtpMailer } from '../infrastructure/email/smtp-mailer.js';
import { EsdbEventStore } from '../infrastructure/eventstore/esdb-event-store.js';
import { isPassing, type CheckpointAhead } from '../infrastructure/postgres/log-consumer/failures.js';
import { migrate } from '../infrastructure/postgres/migrate.js';
import { createPool } from '../infrastructure/postgres/pool.js';
import { BullJobQueue } from '../infrastructure/queue/bull-job-queue.js';
import { SystemClock } from '../infrastructure/runtime/system-clock.js';
import { TwilioTexter } from '../infrastructure/sms/twilio-texter.js';
import { PinoNestLogger } from '../infrastructure/telemetry/nest-logger.js';
import { PortsModule, type Connections } from '../ports.module.js';
import { BranchList } from '../projections/branches.js';
import { keepConnections } from '../web/http-connections.js';
import { endLiveStreams, setUpHttp, showPortalRefusals } from '../web/http-setup.js';
import { Background } from './background.js';
import { DEMO_BRANCH_ID, makeDemoData } from './demo.js';
import { Health } from './health.js';
import { prepareLocalSignIn, type LocalSignIn } from './local-admin.js';

const CONNECTIONS = 20;
const DEMO_PATIENCE_MS = 30_000;
export interface RunningService {
  /** Where the start made one for this machine. */
  readonly localSignIn: LocalSignIn | undefined;
  /** Stops taking requests, finishes what is at hand, keeps its checkpoints, hangs up. */
  stop(): Promise<void>;
}

/**
 * Starts what the roles of this process ask for; resolves when it is ready.
 * @param onRefused told when the log turns out, later on, not to be the one that was read before
 * @throws CheckpointAhead where that is so at once
 */
export async function startService(
  config: Config,
  logger: Logger,
  onRefused: (error: CheckpointAhead) => void,
): Promise<RunningService> {
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    await migrateOrExplain(config, logger);
    const pool = createPool(config.databaseUrl, { max: CONNECTIONS });
    undo.push(() => pool.end());
    const store = new EsdbEventStore({
      connectionString: config.eventStoreUrl,
      report: (what, error) => logger.warn({ err: error }, what),
    });
    undo.push(() => store.close());
    const mailer = new SmtpMailer(config.smtpUrl, config.mailFrom, config.messages.emailsPerSecond);
    undo.push(() => Promise.resolve(mailer.close()));
    const queue = new BullJobQueue(config.queueUrl);
    undo.push(() => queue.close());
    const health = new Health(pool, store, queue, new SystemClock());
    const app = await createApp(config, logger, { pool, store, queue, deadLetters: queue.deadLetters, mailer }, health);
    undo.push(() => app.close());
    const background = new Background(app, config, logger, onRefused);
    health.watch(background);
    health.watchProviders(mailer, app.get(TwilioTexter));
    if (config.stripeEmbedded) health.waitForDemo();
    undo.push(() => background.stop());
    await background.start();
    if (config.roles.includes('web')) {
      const close = keepConnections(app.getHttpServer());
      await app.listen(config.port, config.production ? '0.0.0.0' : '127.0.0.1');
      undo.push(() => {
        endLiveStreams(app);
        return close();
      });
    }
    if (config.stripeEmbedded) await showDemoData(app, background);
    const localSignIn = config.localSignIn && config.roles.includes('web') ? await makeSignIn(app, config) : undefined;
    health.demoIsThere();
    health.startIsOver();
    return { localSignIn, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @throws ConfigurationError in plain words where PostgreSQL is not there */
async function migrateOrExplain(config: Config, logger: Logger): Promise<void> {
  try {
    await migrate(config.databaseUrl, (line) => logger.debug(line));
  } catch (error) {
    if (!isPassing(error)) throw error;
    const { code = 'no answer' } = error as NodeJS.ErrnoException;
    throw new ConfigurationError(
      `PostgreSQL cannot be used at the address in DATABASE_URL (${code}): start it, or correct the address.`,
    );
  }
}

async function createApp(
  config: Config,
  logger: Logger,
  connections: Connections,
  health: Health,
): Promise<NestExpressApplication> {
  const ports = PortsModule.register(config, connections, health);
  const app = await NestFactory.create<NestExpressApplication>(AppModule.register(config, ports), {
    bodyParser: false,
    logger: new PinoNestLogger(logger),
    abortOnError: false,
  });
  const randomness = app.get(Randomness);
  setUpHttp(app, {
    logger,
    metrics: app.get(Registry),
    freshId: () => randomness.uuid(),
    trustProxy: config.trustProxy,
  });
  showPortalRefusals(app);
  await app.init();
  return app;
}

/** Where there is no branch yet, or the demo data were begun and not finished. Ready only when the lists show them. */
async function showDemoData(app: NestExpressApplication, background: Background): Promise<void> {
  await background.readModelsCaughtUp(DEMO_PATIENCE_MS);
  const { items } = await app.get(BranchList).find({ limit: 1 });
  const [first] = items;
  if (first && first.branchId !== DEMO_BRANCH_ID) return;
  const position = await makeDemoData(app.get(CommandBus), app.get(Clock).now());
  await app.get(ReadPosition).wait(position, DEMO_PATIENCE_MS);
}

/** Answered once the user can sign in, which is when the list of users shows them. */
async function makeSignIn(app: NestExpressApplication, config: Config): Promise<LocalSignIn> {
  const { signIn, position } = await prepareLocalSignIn(app.get(CommandBus), config);
  await app.get(ReadPosition).wait(position, DEMO_PATIENCE_MS);
  return signIn;
}
