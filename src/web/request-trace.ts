import type { IncomingMessage } from 'node:http';
import { assertNoCardNumber } from '../domain/free-text.js';

/** What ties together the log lines, events and answers that one request causes. */
export interface RequestTrace {
  readonly correlationId: string;
  /** W3C trace context of the caller, where it sent a well-formed one. */
  readonly traceparent?: string;
}

const CORRELATION_ID = /^[A-Za-z0-9._-]{1,64}$/;
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Kept beside the request instead of on it, so that no other code can take it for something the caller sent. */
const traces = new WeakMap<IncomingMessage, RequestTrace>();

/**
 * Reads the trace of a request, once: `X-Request-Id` where it is a plain word of at most 64 characters, a fresh id otherwise.
 * What the caller sends ends up in logs and events, hence the narrow alphabet, and no card numbers.
 */
export function startTrace(request: IncomingMessage, freshId: () => string): RequestTrace {
  const asked = request.headers['x-request-id'];
  const traceparent = request.headers['traceparent'];
  const trace: RequestTrace = {
    correlationId: typeof asked === 'string' && isUsable(asked) ? asked : freshId(),
    ...(typeof traceparent === 'string' && TRACEPARENT.test(traceparent) ? { traceparent } : {}),
  };
  traces.set(request, trace);
  return trace;
}

function isUsable(correlationId: string): boolean {
  if (!CORRELATION_ID.test(correlationId)) return false;
  try {
    assertNoCardNumber('X-Request-Id', correlationId);
    return true;
  } catch {
    return false;
  }
}

/** The trace that {@link startTrace} found. */
export function traceOf(request: IncomingMessage): RequestTrace {
  const trace = traces.get(request);
  if (!trace) throw new Error('The request has no trace: the HTTP logging is not set up before the routes.');
  return trace;
}
