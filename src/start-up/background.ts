/** What runs beside the requests: the read models, the processes, the jobs and the sweep. Each by the roles of this process. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import type { Logger } from 'pino';
import { EventCodec } from '../application/event-codec.js';
import { LongJobs } from '../application/long-jobs/long-jobs.js';
import { JOBS, LONG_JOB_WORKS } from '../application/providers.js';
import { Remind } from '../application/jobs/remind.js';
import { Sweep } from '../application/jobs/sweep.js';
import { Clock, EventStore, JobQueue, Randomness } from '../application/ports.js';
import { linkDelivery } from '../application/processes/link-delivery.js';
import { receipts } from '../application/processes/receipts.js';
import { testMessages } from '../application/processes/test-messages.js';
import { StaffLinkMail } from '../application/staff/staff-link-mail.js';
import { WebhookSweep } from '../application/webhooks/webhook-sweep.js';
import type { Config } from '../infrastructure/config.js';
import type { CheckpointAhead } from '../infrastructure/postgres/log-consumer/failures.js';
import { LogConsumer, type LogConsumerOptions } from '../infrastructure/postgres/log-consumer/log-consumer.js';
import { ProcessMember } from '../infrastructure/postgres/log-consumer/process-member.js';
import { JobRunner } from '../infrastructure/queue/job-runner.js';
import { WEBHOOKS_MEMBER, WebhookMember } from '../infrastructure/webhooks/webhook-member.js';
import { Sql } from '../projections/sql.js';
import { READ_MODELS } from '../projections/read-models.js';
import { LongJobRunner } from './long-job-runner.js';

const PROCESSES = [linkDelivery, receipts, testMessages] as const;
/** Every member of the consumer of processes, by the name of its checkpoint. */
export const PROCESS_MEMBERS = [...PROCESSES.map(({ name }) => name), WEBHOOKS_MEMBER];
export const READ_MODELS_CONSUMER = 'read-models';
export const PROCESSES_CONSUMER = 'processes';

const SWEEP_EVERY_MS = 2 * 60_000;
const POLL_MS = 20;

export class Background {
  readonly consumers: readonly LogConsumer[];
  private readonly sql: Sql;
  private readonly jobs: JobRunner | undefined;
  private readonly longJobs: LongJobRunner | undefined;
  private readonly sweep: Sweep;
  private readonly staffMail: StaffLinkMail;
  private readonly remind: Remind;
  private readonly webhookSweep: WebhookSweep;
  private sweeping: NodeJS.Timeout | undefined;
  private swept: Promise<void> | undefined;
  private readonly ending = new AbortController();

  /** @param onRefused told when the log is not the one that was read before: the process must not go on. */
  constructor(
    app: INestApplicationContext,
    config: Config,
    private readonly logger: Logger,
    onRefused: (error: CheckpointAhead) => void,
  ) {
    this.sql = app.get(Sql);
    this.sweep = app.get(Sweep);
    this.staffMail = app.get(StaffLinkMail);
    this.remind = app.get(Remind);
    this.webhookSweep = app.get(WebhookSweep);
    const shared: Omit<LogConsumerOptions, 'name' | 'members'> = {
      databaseUrl: config.databaseUrl,
      store: app.get(EventStore),
      codec: app.get(EventCodec),
      report: (what, error) => this.logger.warn({ err: error }, what),
      onRefused,
    };
    const consumers: LogConsumer[] = [];
    if (config.roles.includes('projector')) {
      consumers.push(new LogConsumer({ ...shared, name: READ_MODELS_CONSUMER, members: READ_MODELS }));
    }
    if (config.roles.includes('worker')) {
      const members = PROCESSES.map((process) => new ProcessMember(process, app.get(JobQueue), app.get(EventStore)));
      const webhooks = new WebhookMember(app.get(JobQueue), app.get(EventStore), app.get(EventCodec), app.get(Clock));
      consumers.push(new LogConsumer({ ...shared, name: PROCESSES_CONSUMER, members: [...members, webhooks] }));
      this.jobs = new JobRunner(
        config.queueUrl,
        JOBS.map((job) => app.get(job)),
        (what, error) => this.logger.warn({ err: error }, what),
      );
      this.longJobs = new LongJobRunner(
        app.get(LongJobs),
        LONG_JOB_WORKS.map((work) => app.get(work)),
        app.get(Randomness).uuid(),
        this.jobs,
        (what, error) => this.logger.warn({ err: error }, what),
      );
    }
    this.consumers = consumers;
  }

  /** @throws CheckpointAhead where the log is not the one that was read before. */
  async start(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.start(this.sql)));
    // Nothing is done outside before the log is known to be the one that was read before.
    await this.jobs?.start();
    this.longJobs?.start();
    if (!this.jobs) return;
    // At once as well: what was at hand when the former process was killed may be owed for long.
    this.sweepOnce();
    this.sweeping = setInterval(() => this.sweepOnce(), SWEEP_EVERY_MS);
  }

  /** Resolves once the read models have got to the end of the log, where this process runs them; gives up after `limitMs`. */
  async readModelsCaughtUp(limitMs: number): Promise<void> {
    const readModels = this.consumers.find((consumer) => consumer.status().name === READ_MODELS_CONSUMER);
    for (let waitedMs = 0; readModels && !readModels.status().caughtUp && waitedMs < limitMs; waitedMs += POLL_MS) {
      await sleep(POLL_MS);
    }
  }

  /** One at a time: a long one must not meet the next. */
  private sweepOnce(): void {
    this.swept ??= this.sweepAndRemind()
      .catch((error: unknown) =>
        this.logger.warn({ err: error }, 'the sweep is interrupted and goes on in two minutes'),
      )
      .finally(() => {
        this.swept = undefined;
      });
  }

  private async sweepAndRemind(): Promise<void> {
    const count = (await this.sweep.run()) + (await this.staffMail.remind());
    if (count > 0) this.logger.info({ count }, 'asked again for what is owed');
    const deliveries = await this.webhookSweep.run();
    if (deliveries > 0) this.logger.info({ count: deliveries }, 'asked again for deliveries of webhooks');
    const reminders = await this.remind.run(this.ending.signal);
    if (reminders > 0) this.logger.info({ count: reminders }, 'reminders of the day are decided');
  }

  /** Finishes what is at hand. The jobs go last: processes may still hand them some. */
  async stop(): Promise<void> {
    clearInterval(this.sweeping);
    this.ending.abort();
    await this.swept;
    await Promise.all([...this.consumers.map((consumer) => consumer.stop()), this.longJobs?.stop()]);
    await this.jobs?.stop();
  }
}
