import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request } from 'express';
import { ProblemDetailsFilter } from '../problem-details.js';
import type { PortalErrors } from './portal-errors.js';

/** What is refused before a route is reached, a form of more than a megabyte say: below `/staff` a page too, elsewhere a problem. */
@Catch()
export class RefusalsBeforeRoutes implements ExceptionFilter {
  private readonly problems = new ProblemDetailsFilter();

  constructor(private readonly portal: PortalErrors) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const { path } = host.switchToHttp().getRequest<Request>();
    (/^\/staff(\/|$)/i.test(path) ? this.portal : this.problems).catch(error, host);
  }
}
