/** How the parts of this process are, for the probes and the metrics. */
import type pg from 'pg';
import type { EventStore, Clock } from '../application/ports.js';
import type { LogConsumer } from '../infrastructure/postgres/log-consumer/log-consumer.js';
import type { BullJobQueue } from '../infrastructure/queue/bull-job-queue.js';
import {
  HealthSources,
  type OperationalFigures,
  type ConsumerFigures,
  type HealthReport,
  type HealthSource,
} from '../web/health/health-sources.js';
import type { Background } from './background.js';

/** A provider of messages, and why it does not let our account in, where it does not. */
interface MessageProvider {
  readonly accountTrouble: string | undefined;
}

/** Filled in as the start goes on: probes are answered from the first moment, with what is known then. */
export class Health extends HealthSources implements OperationalFigures {
  private background: Background | undefined;
  private demo: HealthReport = { state: 'ok' };
  private started = false;
  private providers: readonly { readonly name: string; readonly provider: MessageProvider }[] = [];

  constructor(
    private readonly pool: pg.Pool,
    private readonly store: EventStore,
    private readonly queue: BullJobQueue,
    private readonly clock: Clock,
  ) {
    super();
  }

  override get sources(): readonly HealthSource[] {
    const consumers = this.background?.consumers ?? [];
    return [
      { name: 'start', check: () => Promise.resolve(this.started ? { state: 'ok' } : starting('It is starting.')) },
      { name: 'postgres', check: () => this.checkPostgres() },
      { name: 'event-store', check: () => this.checkEventStore() },
      ...consumers.map((consumer) => ({ name: consumer.status().name, check: () => checkConsumer(consumer) })),
      ...this.providers.map(({ name, provider }) => ({ name, check: () => checkProvider(name, provider) })),
      { name: 'demo-data', check: () => Promise.resolve(this.demo) },
    ];
  }

  watch(background: Background): void {
    this.background = background;
  }

  /** Who takes messages: their accounts may be locked, which only a person can mend. */
  watchProviders(mail: MessageProvider, texts: MessageProvider): void {
    this.providers = [
      { name: 'mail', provider: mail },
      { name: 'texts', provider: texts },
    ];
  }

  waitForDemo(): void {
    this.demo = starting('The demo data are being made.');
  }

  demoIsThere(): void {
    this.demo = { state: 'ok' };
  }

  startIsOver(): void {
    this.started = true;
  }

  consumers(): Promise<readonly ConsumerFigures[]> {
    const now = this.clock.now().getTime();
    const figures = (this.background?.consumers ?? []).flatMap((consumer) => {
      const { name, caughtUp, lastEventCreated, members } = consumer.status();
      const lagSeconds = caughtUp || !lastEventCreated ? 0 : Math.max(0, (now - lastEventCreated.getTime()) / 1000);
      return members.map((member) => ({
        consumer: name,
        member: member.name,
        lagSeconds,
        parkedEvents: member.parkedStreams,
      }));
    });
    return Promise.resolve(figures);
  }

  async deadJobs(): Promise<number> {
    return (await this.queue.counts()).deadLetters;
  }

  async textsFromStrangers(): Promise<number> {
    const { rows } = await this.pool.query<{ count: string }>(
      `SELECT count(*) FROM text_notices WHERE outcome = 'unknown_sender'`,
    );
    return Number(rows[0]!.count);
  }

  private async checkPostgres(): Promise<HealthReport> {
    await this.pool.query('SELECT 1');
    return { state: 'ok' };
  }

  /** Lists go on without it, so that it takes nothing out of rotation. */
  private async checkEventStore(): Promise<HealthReport> {
    try {
      await this.store.ping();
      return { state: 'ok' };
    } catch {
      return { state: 'degraded', reason: 'The event store is away: lists go on, writes wait for it.' };
    }
  }
}

function checkProvider(name: string, { accountTrouble }: MessageProvider): Promise<HealthReport> {
  if (accountTrouble === undefined) return Promise.resolve({ state: 'ok' });
  const reason = `The provider of ${name} refuses the account (${accountTrouble}): messages wait until that is mended.`;
  return Promise.resolve({ state: 'degraded', reason });
}

function starting(reason: string): HealthReport {
  return { state: 'starting', reason };
}

function checkConsumer(consumer: LogConsumer): Promise<HealthReport> {
  const { state, members } = consumer.status();
  const parked = members.filter(({ parkedStreams }) => parkedStreams > 0);
  if (state === 'refused') return Promise.resolve({ state: 'down', reason: 'The log is not the one read before.' });
  if (parked.length > 0) {
    const names = parked.map(({ name, parkedStreams }) => `${name} (${parkedStreams})`).join(', ');
    return Promise.resolve({
      state: 'degraded',
      reason: `Streams are parked at an event that cannot be taken: ${names}`,
    });
  }
  if (state === 'retrying') return Promise.resolve({ state: 'degraded', reason: 'It is interrupted and goes on.' });
  return Promise.resolve({ state: 'ok' });
}
