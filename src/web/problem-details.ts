import { Catch, HttpException } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import {
  AppendRejected,
  EventStoreUnavailable,
  ProcessorRefused,
  ProcessorUnavailable,
  ReadModelBehind,
} from '../application/ports.js';
import { DomainError } from '../domain/errors.js';
import { InvalidCursor } from '../projections/cursor.js';
import { isDatabaseAway } from './database-away.js';
import { DOMAIN_PROBLEMS } from './domain-problems.js';
import { HttpProblem } from './http-problem.js';
import type { HttpProblemCode, ProblemIssue } from './http-problem.js';

/** RFC 9457, with the refusal's code, the list of what is wrong, and what else a refusal carries (an invoice's id, say). */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: string;
  readonly errors: readonly ProblemIssue[];
  readonly [extension: string]: unknown;
}

interface Answer {
  readonly status: number;
  readonly title: string;
  readonly code: string;
  readonly detail: string;
  readonly errors: readonly ProblemIssue[];
  readonly headers: Readonly<Record<string, string>>;
  readonly extensions: Readonly<Record<string, unknown>>;
}

const RETRY_AFTER_SECONDS = '2';

/** Turns whatever was thrown into `application/problem+json`. What nobody foresaw is a 500 that shows nothing and is logged. */
@Catch()
export class ProblemDetailsFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const answer = describeProblem(error);
    if (answer.status >= 500) Object.assign(response, { err: error });
    if (response.headersSent) {
      // A stream that broke off must not look complete.
      response.destroy();
      return;
    }
    // A header that the route set for its own answer (a PDF's name, say) must not decorate the refusal.
    for (const name of ['Content-Disposition', 'ETag', 'Content-Length']) response.removeHeader(name);
    response
      .status(answer.status)
      .set({ 'Cache-Control': 'no-store', ...answer.headers })
      .type('application/problem+json')
      .send(JSON.stringify(toBody(answer, request)));
  }
}

function toBody(answer: Answer, request: Request): ProblemDetails {
  return {
    ...answer.extensions,
    type: `urn:paylink-ledger:problem:${answer.code}`,
    title: answer.title,
    status: answer.status,
    detail: answer.detail,
    instance: request.originalUrl.split('?')[0]!,
    code: answer.code,
    errors: answer.errors,
  };
}

/** What is answered to whatever was thrown, before it has a form. */
export function describeProblem(error: unknown): Answer {
  if (error instanceof DomainError) return describeRefusal(error);
  if (error instanceof HttpProblem) return describeHttp(error);
  if (error instanceof HttpException) return describeHttp(fromNest(error));
  return describeHttp(fromOutside(error));
}

function describeHttp(problem: HttpProblem): Answer {
  const { detail, errors = [], headers = {} } = problem.options;
  return {
    status: problem.status,
    title: problem.title,
    code: problem.code,
    detail: detail ?? sentence(errors) ?? problem.title,
    errors,
    headers: problem.status === 503 ? { 'Retry-After': RETRY_AFTER_SECONDS, ...headers } : headers,
    extensions: {},
  };
}

function describeRefusal({ code, details }: DomainError): Answer {
  const { status, title, field } = DOMAIN_PROBLEMS[code];
  const errors = issuesOf(field === undefined ? details : { field, ...details }, title);
  return { status, title, code, detail: sentence(errors) ?? title, errors, headers: {}, extensions: details };
}

/**
 * Refusals that concern one field name it as `field` or `part`, and say why as `reason`, perhaps with a line. Where the code says
 * all there is, its title is the reason.
 */
function issuesOf(details: DomainError['details'], title: string): ProblemIssue[] {
  const path = details['field'] ?? details['part'];
  const reason = details['reason'];
  if (path === undefined && reason === undefined) return [];
  const line = details['line'] === undefined ? '' : ` (line ${details['line']})`;
  return [{ path: String(path ?? ''), message: `${reason ?? title}${line}` }];
}

function sentence(errors: readonly ProblemIssue[]): string | undefined {
  if (errors.length === 0) return undefined;
  return errors
    .slice(0, 3)
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    .join('; ');
}

/** What Nest and the body parsers throw: told in words of our own, since theirs may quote the body. */
function fromNest(error: HttpException): HttpProblem {
  const status = error.getStatus();
  const parser = (error.cause as { type?: string } | undefined)?.type;
  if (parser === 'entity.parse.failed') return new HttpProblem('malformed_json');
  if (parser === 'request.aborted' || parser === 'request.size.invalid') {
    return new HttpProblem('malformed_request', { detail: 'The body is not as long as Content-Length says.' });
  }
  if (error.cause instanceof URIError) {
    return new HttpProblem('malformed_request', { detail: 'The address contains a malformed percent encoding.' });
  }
  if (status === 413) return new HttpProblem('payload_too_large', { detail: 'The body is larger than one megabyte.' });
  if (status === 415) {
    return new HttpProblem('unsupported_media_type', { detail: 'The encoding or the character set is not accepted.' });
  }
  const code: HttpProblemCode =
    status === 404 ? 'route_not_found' : status < 500 ? 'malformed_request' : 'internal_error';
  return new HttpProblem(code);
}

function fromOutside(error: unknown): HttpProblem {
  if (error instanceof EventStoreUnavailable) return new HttpProblem('event_store_unavailable');
  if (error instanceof ProcessorUnavailable) return new HttpProblem('processor_unavailable');
  if (error instanceof ReadModelBehind) {
    return new HttpProblem('list_behind', { detail: 'The lists have not taken in what this is about yet. Try again.' });
  }
  if (error instanceof AppendRejected) {
    return new HttpProblem('payload_too_large', { detail: 'What would be recorded is larger than one event may be.' });
  }
  if (error instanceof ProcessorRefused) {
    return new HttpProblem('not_available', { detail: `The card processor refused the request (${error.code}).` });
  }
  if (error instanceof InvalidCursor) return new HttpProblem('invalid_cursor');
  return new HttpProblem(isDatabaseAway(error) ? 'database_unavailable' : 'internal_error');
}
