import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';
import { redact } from './redact.js';

/** Lets Nest's own words go the way of all others. */
export class PinoNestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...context: unknown[]): void {
    this.write('debug', message, context);
  }

  error(message: unknown, ...context: unknown[]): void {
    this.write('error', message, context);
  }

  warn(message: unknown, ...context: unknown[]): void {
    this.write('warn', message, context);
  }

  debug(message: unknown, ...context: unknown[]): void {
    this.write('debug', message, context);
  }

  verbose(message: unknown, ...context: unknown[]): void {
    this.write('trace', message, context);
  }

  fatal(message: unknown, ...context: unknown[]): void {
    this.write('fatal', message, context);
  }

  /** Nest hands the name of the speaker over as the last argument, and a stack before it. */
  private write(level: 'trace' | 'debug' | 'warn' | 'error' | 'fatal', message: unknown, context: unknown[]): void {
    const speaker = context.at(-1);
    const fields = typeof speaker === 'string' ? { context: speaker } : {};
    if (message instanceof Error) this.logger[level]({ ...fields, err: message }, 'error');
    else this.logger[level](fields, redact(typeof message === 'string' ? message : JSON.stringify(message)));
  }
}
