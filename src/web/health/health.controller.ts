import { Controller, Get, Header, Res } from '@nestjs/common';
import type { Response } from 'express';
import { HealthSources } from './health-sources.js';
import type { HealthReport, HealthSource } from './health-sources.js';

const CHECK_TIMEOUT_MS = 2_000;

interface Readiness {
  readonly status: 'ready' | 'degraded' | 'not_ready';
  readonly checks: Readonly<Record<string, HealthReport>>;
}

/** Probes. Public and without secrets. */
@Controller()
export class HealthController {
  constructor(private readonly health: HealthSources) {}

  /** The process answers. Asks nobody else: a restart would not bring a database back. */
  @Get('livez')
  @Header('Cache-Control', 'no-store')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** Requests can be served. What is only degraded, an event store that is away say, is told and leaves the lists going on. */
  @Get('readyz')
  @Header('Cache-Control', 'no-store')
  async ready(@Res({ passthrough: true }) response: Response): Promise<Readiness> {
    const reports = await Promise.all(
      this.health.sources.map(async (source) => [source.name, await ask(source)] as const),
    );
    const states = new Set(reports.map(([, report]) => report.state));
    const away = states.has('down') || states.has('starting');
    if (away) response.status(503).setHeader('Retry-After', '2');
    const status = away ? 'not_ready' : states.has('degraded') ? 'degraded' : 'ready';
    return { status, checks: Object.fromEntries(reports) };
  }
}

async function ask(source: HealthSource): Promise<HealthReport> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<HealthReport>((resolve) => {
    timer = setTimeout(resolve, CHECK_TIMEOUT_MS, { state: 'down', reason: 'It does not answer.' } as const);
  });
  try {
    return await Promise.race([source.check(), tooLate]);
  } catch {
    // What went wrong may name addresses and accounts, and this answer is public.
    return { state: 'down', reason: 'It cannot be reached.' };
  } finally {
    clearTimeout(timer);
  }
}
