import { createHash } from 'node:crypto';
import { Injectable, createParamDecorator } from '@nestjs/common';
import type { ExecutionContext, PipeTransform } from '@nestjs/common';
import type { Request } from 'express';
import type { CommandContext } from '../../application/command-context.js';
import { Randomness } from '../../application/ports.js';
import { callerOf } from '../auth/caller.js';
import { HttpProblem } from '../http-problem.js';
import { traceOf } from '../request-trace.js';

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * Who asks and why. On a POST the cause is the digest of the `Idempotency-Key`, within the API key and the address, so that
 * a repeat finds what the first one made and keys of different callers never meet; without the header it is fresh.
 */
@Injectable()
class RequestContextPipe implements PipeTransform<Request, CommandContext> {
  constructor(private readonly randomness: Randomness) {}

  transform(request: Request): CommandContext {
    const { keyId } = callerOf(request);
    const key = request.method === 'POST' ? idempotencyKey(request) : undefined;
    const cause = key === undefined ? this.randomness.uuid() : digest(keyId, request.path, key);
    return { actor: `staff:${keyId}`, cause, causeIsChosen: key !== undefined, ...traceOf(request) };
  }
}

function idempotencyKey(request: Request): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && IDEMPOTENCY_KEY.test(key)) return key;
  throw new HttpProblem('malformed_header', {
    detail: 'Idempotency-Key must have 1 to 255 visible ASCII characters and no spaces.',
  });
}

function digest(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

const RawRequest = createParamDecorator((_: unknown, context: ExecutionContext) =>
  context.switchToHttp().getRequest<Request>(),
);

/** The context of the command that a route makes. */
export const Context = (): ParameterDecorator => RawRequest(RequestContextPipe);
