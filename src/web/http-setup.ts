import { isUtf8 } from 'node:buffer';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import type { NextFunction, Request, Response } from 'express';
import type { Registry } from 'prom-client';
import { PublicUrl } from '../application/ports.js';
import { serveApiDocs } from './api/api-docs.js';
import { httpMetrics } from './health/http-metrics.js';
import { httpLogging } from './http-logging.js';
import { HttpProblem } from './http-problem.js';
import { LiveStreams } from './live/live-streams.js';
import { PortalErrors } from './portal/portal-errors.js';
import { PortalPages } from './portal/portal-pages.js';
import { RefusalsBeforeRoutes } from './portal/portal-refusals.js';
import { ProblemDetailsFilter } from './problem-details.js';

const MAX_BODY_BYTES = 1_000_000;

/** How many proxies are believed, or which: `TRUST_PROXY` in the form that Express takes. */
type TrustProxy = number | false | string[];

/**
 * What every request goes through before its route: a trace, a log line, a time measured, a body of bounded size, and a refusal
 * that says what is wrong; and the API's document. The application must have been made with `bodyParser: false`.
 */
export function setUpHttp(
  app: NestExpressApplication,
  settings: { logger: Logger; metrics: Registry; freshId: () => string; trustProxy: TrustProxy },
): void {
  app.disable('x-powered-by');
  // The revision of a stream is the ETag; Express would make one of the body's bytes.
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.set('trust proxy', settings.trustProxy);
  app.use(httpLogging(settings.logger, settings.freshId));
  app.use(httpMetrics(settings.metrics));
  app.use(plainHeaders);
  app.use(readableLinks);
  app.use('/api', decodableAddress);
  app.use('/api', onlyJson);
  app.useBodyParser('raw', { type: isWebhook, limit: MAX_BODY_BYTES });
  // Nest's type leaves "verify" out, which it needs for raw bodies only, and those are not asked of this parser.
  const json = {
    type: (request: IncomingMessage) => !isWebhook(request) && isJson(request),
    limit: MAX_BODY_BYTES,
    verify: noticeBrokenText,
  };
  app.useBodyParser('json', json);
  app.useBodyParser('urlencoded', {
    type: (request: IncomingMessage) => !isWebhook(request) && isForm(request),
    limit: MAX_BODY_BYTES,
    extended: false,
  });
  app.use('/api', onlyUtf8);
  app.useGlobalFilters(new ProblemDetailsFilter());
  serveApiDocs(app, app.get(PublicUrl).base);
}

/** Where there is a portal. After {@link setUpHttp}: of the filters of an application the one that is named last is asked first. */
export function showPortalRefusals(app: NestExpressApplication): void {
  app.useGlobalFilters(new RefusalsBeforeRoutes(new PortalErrors(app.get(PortalPages))));
}

/** Before the server is closed: pages that keep themselves up to date would hold it open for minutes. */
export function endLiveStreams(app: NestExpressApplication): void {
  app.get(LiveStreams).end();
}

/**
 * A link whose percent encoding is broken is as unknown as any other that was cut or mistyped, and is answered by the same page
 * instead of a bare error: its percent signs are taken as they stand.
 */
function readableLinks(request: Request, _response: Response, next: NextFunction): void {
  if (/^\/(pay|receipts)\//.test(request.url) && !isDecodable(request.url)) {
    request.url = request.url.replaceAll('%', '%25');
  }
  next();
}

/** Elsewhere a broken address is read leniently, and a search for what nobody wrote would find nothing and say that it looked. */
function decodableAddress(request: Request, _response: Response, next: NextFunction): void {
  if (isDecodable(request.url)) {
    next();
    return;
  }
  next(new HttpProblem('malformed_request', { detail: 'The address contains a malformed percent encoding.' }));
}

const brokenTexts = new WeakSet<IncomingMessage>();

/** The parser puts a replacement character where bytes are no UTF-8, and a name would be stored that nobody has. */
function noticeBrokenText(request: IncomingMessage, _response: unknown, bytes: Buffer): void {
  if (!isUtf8(bytes)) brokenTexts.add(request);
}

function onlyUtf8(request: Request, _response: Response, next: NextFunction): void {
  next(brokenTexts.has(request) ? new HttpProblem('malformed_json', { detail: 'The body is not UTF-8.' }) : undefined);
}

function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url);
    return true;
  } catch {
    return false;
  }
}

/** Signatures are over the bytes as they came, whatever the sender calls them. */
function isWebhook(request: IncomingMessage): boolean {
  return request.url?.startsWith('/webhooks/') ?? false;
}

function mediaType(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
}

function isJson(request: IncomingMessage): boolean {
  const type = mediaType(request);
  return type === 'application/json' || /^application\/[a-z0-9.-]+\+json$/.test(type);
}

function isForm(request: IncomingMessage): boolean {
  return mediaType(request) === 'application/x-www-form-urlencoded';
}

/** Pages put what they need in place of this; an answer that is no page shows, loads and frames nothing. */
function plainHeaders(_request: Request, response: Response, next: NextFunction): void {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
  next();
}

/** These read their bodies by themselves, piece by piece, and say which types they take. */
const TAKES_FILES = /^\/v1\/invoices\/import\/?$/i;

function onlyJson(request: Request, response: Response, next: NextFunction): void {
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Referrer-Policy', 'no-referrer');
  const hasBody =
    Number(request.headers['content-length'] ?? 0) > 0 || request.headers['transfer-encoding'] !== undefined;
  if (!hasBody || isJson(request) || TAKES_FILES.test(request.path)) {
    next();
    return;
  }
  next(new HttpProblem('unsupported_media_type', { detail: 'The API takes bodies of the type application/json.' }));
}
