import { Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import { map } from 'rxjs';
import type { Observable } from 'rxjs';
import { etagOf, matches } from './conditional.js';

interface AnswerFacts {
  /** The stream's revision: the ETag. */
  readonly revision?: bigint;
  /** Where the log had got to with this write. */
  readonly position?: bigint;
  /** Where the thing that was made can be read. */
  readonly location?: string;
}

/** A body and what the headers say about it. */
export class Answer<Body> {
  constructor(
    readonly body: Body,
    readonly facts: AnswerFacts = {},
  ) {}
}

/** Turns an {@link Answer} into headers and body, and into 304 where the reader has this revision already. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<Request>();
    const response = context.switchToHttp().getResponse<Response>();
    return next
      .handle()
      .pipe(map((result: unknown) => (result instanceof Answer ? send(result, request, response) : result)));
  }
}

function send({ body, facts }: Answer<unknown>, request: Request, response: Response): unknown {
  const { revision, position, location } = facts;
  if (position !== undefined) response.setHeader('Ledger-Position', String(position));
  if (location !== undefined) response.setHeader('Location', location);
  if (revision === undefined) return body;
  const etag = etagOf(revision);
  response.setHeader('ETag', etag);
  const known = request.headers['if-none-match'];
  if (request.method !== 'GET' && request.method !== 'HEAD') return body;
  if (known === undefined || !matches(known, etag, 'weak')) return body;
  response.status(304);
  return undefined;
}
