import type { IncomingMessage, ServerResponse } from 'node:http';
import type pg from 'pg';
import { Api, type ApiAnswer, type ApiRequest } from './api.js';
import { ApiError } from './api-error.js';
import { sendBrowserFile } from './browser-files.js';
import { API_VERSION, type KeyKind } from './call.js';
import { askerOf, refuseWrongKey } from './credentials.js';
import { FaultRequestError, Faults } from './faults.js';
import { readBody, sendJson } from './http-exchange.js';
import { matchRoute, type Route } from './routes.js';
import { ensureSchema } from './schema.js';
import { WebhookSender, type WebhookTarget } from './webhooks.js';

const FAULTS_PATH = '/sandbox/stripe/faults';

export interface StripeStandInOptions {
  /** Its tables are in a schema of their own, `stripe_stand_in`, which it makes. One stand-in a database. */
  readonly pool: pg.Pool;
  /** Where browsers reach it, `http://127.0.0.1:3001` say. */
  readonly origin: string;
  readonly now: () => Date;
  /** A new unguessable id that begins with the prefix, which brings its underscore along (`pi_`) or is empty. */
  readonly randomId: (prefix: string) => string;
  /** Where events of its own account are sent, beside the endpoints that are registered. */
  readonly webhook?: WebhookTarget;
}

export interface StripeStandIn {
  /** Answers a request of Stripe's API or of stripe.js; false where it is neither. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /** Finishes the requests under way and ends. */
  stop(): Promise<void>;
}

/**
 * A stand-in for Stripe, so that the product can be used without an account there: the API as far as a card payment needs
 * it, the script for the pay page, and webhooks.
 */
export async function createStripeStandIn(options: StripeStandInOptions): Promise<StripeStandIn> {
  await ensureSchema(options.pool);
  const faults = new Faults();
  const sender = new WebhookSender(options.pool, options.webhook, faults, options.now);
  const webhookDelayMs = (): number => faults.webhooks.delayMs;
  const hasConfiguredWebhook = options.webhook !== undefined;
  const api = new Api({ ...options, hasConfiguredWebhook, webhookDelayMs });
  const standIn = new HttpStandIn(api, faults, sender, options.randomId);
  sender.wake();
  return standIn;
}

class HttpStandIn implements StripeStandIn {
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly api: Api,
    private readonly faults: Faults,
    private readonly sender: WebhookSender,
    private readonly randomId: (prefix: string) => string,
  ) {}

  async handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const url = new URL(`http://stand-in${request.url ?? '/'}`);
    const isMine = ['/v1/', '/endive/'].some((start) => url.pathname.startsWith(start)) || url.pathname === FAULTS_PATH;
    if (!isMine) return false;
    const work = this.answer(request, response, url).catch((error: unknown) => sendError(response, error));
    this.underWay.add(work);
    try {
      await work;
    } finally {
      this.underWay.delete(work);
    }
    return true;
  }

  async stop(): Promise<void> {
    await Promise.all(this.underWay);
    await this.sender.stop();
  }

  private async answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    if (url.pathname === FAULTS_PATH) return this.answerFaults(request, response);
    if (request.method === 'OPTIONS') return sendPreflight(response);
    if (request.method === 'GET' && (await sendBrowserFile(url.pathname, response))) return;
    await this.answerApi(request, response, url);
  }

  private async answerApi(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const method = request.method ?? 'GET';
    const body = await readBody(request);
    const { route, names, keyKind, account } = authorise(request, url);
    const encoded = method === 'GET' ? url.search.slice(1) : body;
    const idempotencyKey = request.headers['idempotency-key'];
    const apiRequest: ApiRequest = {
      method,
      path: url.pathname,
      encoded,
      keyKind,
      account,
      idempotencyKey: typeof idempotencyKey === 'string' ? idempotencyKey : undefined,
      requestId: this.randomId('req_'),
    };
    const fault = this.faults.strike(url.pathname);
    await this.delay();
    const answer =
      fault === 'fail500' ? await this.api.failOnPurpose(apiRequest) : await this.api.run(apiRequest, route, names);
    this.sender.wake();
    if (fault === 'lost_answer') {
      request.socket.destroy();
      return;
    }
    sendJson(response, answer.status, answer.body, answerHeaders(apiRequest, answer));
  }

  private async delay(): Promise<void> {
    const delayMs = this.faults.answerDelayMs;
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
  }

  private async answerFaults(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (request.method === 'POST') {
        // Only a declared JSON body: a page of another origin cannot send one without being asked first.
        if (!(request.headers['content-type'] ?? '').startsWith('application/json')) {
          throw new FaultRequestError('send a JSON body as application/json');
        }
        this.faults.set(parseJson(await readBody(request)));
      }
      sendJson(response, 200, JSON.stringify(this.faults.describe()));
    } catch (error) {
      if (!(error instanceof FaultRequestError)) throw error;
      sendJson(response, 400, JSON.stringify({ error: { message: error.message } }));
    }
  }
}

/** Who asks, and for what. An unknown path is only said to be one to somebody with a key, as in the original. */
function authorise(
  request: IncomingMessage,
  url: URL,
): { route: Route; names: Readonly<Record<string, string>>; keyKind: KeyKind; account: string | undefined } {
  const method = request.method ?? 'GET';
  const match = matchRoute(method, url.pathname);
  if (match?.route.keys.length === 0) return { ...match, keyKind: 'publishable', account: undefined };
  const isApi = url.pathname.startsWith('/v1/');
  const asker: { keyKind: KeyKind; account: string | undefined } = isApi
    ? askerOf(request.headers, url.searchParams)
    : { keyKind: 'publishable', account: undefined };
  if (match === undefined) {
    const message =
      `Unrecognized request URL (${method}: ${url.pathname.slice(0, 200)}). ` +
      'This stand-in for Stripe answers only what a card payment needs.';
    throw new ApiError(404, { type: 'invalid_request_error', message });
  }
  refuseWrongKey(match.route, asker.keyKind);
  return { ...match, ...asker };
}

function answerHeaders(request: ApiRequest, answer: ApiAnswer): Record<string, string> {
  return {
    'request-id': request.requestId,
    'stripe-version': API_VERSION,
    ...(request.idempotencyKey === undefined ? {} : { 'idempotency-key': request.idempotencyKey }),
    ...(answer.replayed ? { 'idempotent-replayed': 'true' } : {}),
    // Browsers come without cookies and see only what their client secret opens, so every origin may ask.
    ...(request.keyKind === 'publishable' ? { 'access-control-allow-origin': '*' } : {}),
  };
}

function sendPreflight(response: ServerResponse): void {
  response.writeHead(204, {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': 'authorization, content-type, stripe-account',
    'access-control-max-age': '300',
  });
  response.end();
}

function sendError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const known = error instanceof ApiError;
  if (!known) process.stderr.write(`Stripe stand-in: ${error instanceof Error ? error.stack : String(error)}\n`);
  const body = known ? error.body : { type: 'api_error', message: 'The stand-in could not do this. Its log says why.' };
  sendJson(response, known ? error.status : 500, JSON.stringify({ error: body }, null, 2), {
    'access-control-allow-origin': '*',
    'stripe-version': API_VERSION,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new FaultRequestError('the body is not JSON');
  }
}
