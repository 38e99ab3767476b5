import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import {
  EventStoreUnavailable,
  ProcessorRefused,
  ProcessorUnavailable,
  ReadModelBehind,
} from '../../application/ports.js';
import type { Words } from '../../application/words/words.js';
import { DomainError } from '../../domain/errors.js';
import { isDatabaseAway } from '../database-away.js';
import { DOMAIN_PROBLEMS } from '../domain-problems.js';
import { LinkNotProven } from './link-access.js';
import { PageAnswers, type Message } from './page-answers.js';
import { setPrivateHeaders } from './page-headers.js';
import { TooMany } from './pay-limits.js';
import { rememberedWords } from './reader-language.js';

const RETRY_SECONDS = 10;
const AWAY = [EventStoreUnavailable, ProcessorUnavailable, ReadModelBehind];

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly retryAfterSeconds?: number;
}

/**
 * What went wrong on a page of a customer, as a page; and on what the page's script asks for, as a problem (RFC 9457) whose
 * `detail` the script shows. Never a bare error, and nothing from inside.
 */
@Catch()
export class PayErrors implements ExceptionFilter {
  constructor(private readonly answers: PageAnswers) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const refusal = refusalOf(error);
    const words = rememberedWords(request);
    // The line that is logged of every request takes it from here, cut down and redacted.
    if (refusal.status === 500) Object.assign(response, { err: error });
    if (response.headersSent) {
      response.end();
    } else if (asksAsScript(request)) {
      answerProblem(response, refusal, words);
    } else {
      this.answers.message(response, messageFor(refusal, words), words);
    }
  }
}

/** Forms are sent by browsers, which show what they get; everything else that is posted comes from the page's script. */
function asksAsScript(request: Request): boolean {
  if (request.method === 'POST') return !request.is('application/x-www-form-urlencoded');
  return request.path.endsWith('/status');
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof LinkNotProven) return { status: 403, code: 'cookie_missing' };
  if (error instanceof TooMany) {
    return { status: 429, code: codeOf(error) ?? 'too_many', retryAfterSeconds: error.retryAfterSeconds };
  }
  if (error instanceof DomainError) {
    const gone = error.code === 'link_expired' || error.code === 'link_revoked';
    return { status: gone ? 410 : DOMAIN_PROBLEMS[error.code].status, code: error.code };
  }
  if (error instanceof ProcessorRefused) return { status: 409, code: 'card_refused' };
  if (AWAY.some((away) => error instanceof away) || isDatabaseAway(error)) {
    return { status: 503, code: 'away', retryAfterSeconds: RETRY_SECONDS };
  }
  if (error instanceof HttpException) {
    return { status: error.getStatus(), code: codeOf(error) ?? 'malformed' };
  }
  return { status: 500, code: 'broken' };
}

function codeOf(error: HttpException): string | undefined {
  const body = error.getResponse();
  const code: unknown = typeof body === 'object' && 'code' in body ? body.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

function answerProblem(response: Response, refusal: Refusal, { refusals }: Words): void {
  const detail = new Map<string, string>(Object.entries(refusals)).get(refusal.code) ?? refusals.other;
  setPrivateHeaders(response);
  if (refusal.retryAfterSeconds !== undefined) response.set('Retry-After', String(refusal.retryAfterSeconds));
  response
    .status(refusal.status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', title: detail, status: refusal.status, code: refusal.code, detail }));
}

function messageFor({ status, retryAfterSeconds }: Refusal, { messages }: Words): Message {
  const again = { href: '', word: messages.away.again };
  const retry = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  switch (status) {
    case 403:
      return { status, ...messages.withoutCookie };
    case 429:
      return { status, ...messages.tooMany, ...retry };
    case 503:
      return { status, ...messages.away, link: again, ...retry };
    case 500:
      return { status, ...messages.broken, link: again };
    default:
      return { status, ...messages.unknown };
  }
}
