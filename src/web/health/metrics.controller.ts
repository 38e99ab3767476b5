import { Controller, Get, Header, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Gauge, Registry } from 'prom-client';
import { OperationalFigures } from './health-sources.js';

/** Figures for Prometheus. */
@Controller('metrics')
export class MetricsController {
  private readonly lag: Gauge<'consumer' | 'member'>;
  private readonly parked: Gauge<'consumer' | 'member'>;
  private readonly deadJobs: Gauge;
  private readonly strangers: Gauge;
  private readonly complete: Gauge;

  constructor(
    private readonly registry: Registry,
    private readonly figures: OperationalFigures,
  ) {
    const registers = [registry];
    const labelNames = ['consumer', 'member'] as const;
    this.lag = new Gauge({
      name: 'consumer_lag_seconds',
      help: 'How far a reader of the log is behind',
      labelNames,
      registers,
    });
    this.parked = new Gauge({
      name: 'parked_events',
      help: 'Events that a reader could not take in',
      labelNames,
      registers,
    });
    this.deadJobs = new Gauge({ name: 'dead_jobs', help: 'Jobs that are tried no more', registers });
    this.strangers = new Gauge({
      name: 'texts_from_unknown_numbers',
      help: 'Texts that came from numbers which were never texted',
      registers,
    });
    this.complete = new Gauge({
      name: 'operational_figures_read',
      help: '1 where lag, parked events and dead jobs could be read just now',
      registers,
    });
  }

  @Get()
  @Header('Cache-Control', 'no-store')
  async read(@Res({ passthrough: true }) response: Response): Promise<string> {
    await this.refresh();
    response.type(this.registry.contentType);
    return this.registry.metrics();
  }

  /** Figures of yesterday would calm whoever looks at them, so what cannot be read is left out. */
  private async refresh(): Promise<void> {
    this.lag.reset();
    this.parked.reset();
    try {
      const [consumers, dead, strangers] = await Promise.all([
        this.figures.consumers(),
        this.figures.deadJobs(),
        this.figures.textsFromStrangers(),
      ]);
      for (const { consumer, member, lagSeconds, parkedEvents } of consumers) {
        this.lag.set({ consumer, member }, lagSeconds);
        this.parked.set({ consumer, member }, parkedEvents);
      }
      this.deadJobs.set(dead);
      this.strangers.set(strangers);
      this.complete.set(1);
    } catch {
      this.complete.set(0);
    }
  }
}
