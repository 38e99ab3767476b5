import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { Stripe } from 'stripe';
import { createStripeStandIn, type StripeStandIn } from '../../src/sandbox/stripe/stand-in.js';
import { createTestDatabase } from '../support/postgres.js';

export const SECRET_KEY = 'sk_test_standin';
export const PUBLISHABLE_KEY = 'pk_test_standin';
export const WEBHOOK_SECRET = 'whsec_standin_secret';

/** The stand-in on a port of its own, over a database of its own. */
export interface StripeServer {
  readonly origin: string;
  readonly pool: pg.Pool;
  /** The unmodified SDK, pointed at the stand-in, as many retries as asked for. */
  client(maxNetworkRetries?: number, key?: string): Stripe;
  /** Moves the stand-in's clock on. */
  advance(milliseconds: number): void;
  faults(request: object): Promise<Response>;
  /** Stops the stand-in and starts another on the same data, as a restart does. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly webhookUrl?: string;
  /** Answers what the stand-in does not, the page of a browser test say. */
  readonly fallback?: (request: IncomingMessage, response: ServerResponse) => void;
}

export async function startStripeServer(options: ServerOptions = {}): Promise<StripeServer> {
  const database = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: database.url });
  let advanced = 0;
  let standIn: StripeStandIn | undefined;
  const server = createServer((request, response) => {
    void standIn?.handle(request, response).then((mine) => {
      if (!mine) (options.fallback ?? notFound)(request, response);
    });
  });
  const port = await listen(server);
  const origin = `http://127.0.0.1:${port}`;
  const start = async (): Promise<void> => {
    standIn = await createStripeStandIn({
      pool,
      origin,
      now: () => new Date(Date.now() + advanced),
      randomId: (prefix) => prefix + randomBytes(12).toString('hex'),
      ...(options.webhookUrl === undefined ? {} : { webhook: { url: options.webhookUrl, secret: WEBHOOK_SECRET } }),
    });
  };
  await start();
  return {
    origin,
    pool,
    client: (maxNetworkRetries = 0, key = SECRET_KEY) =>
      new Stripe(key, { host: '127.0.0.1', port, protocol: 'http', maxNetworkRetries, telemetry: false }),
    advance: (milliseconds) => (advanced += milliseconds),
    faults: (request) =>
      fetch(`${origin}/sandbox/stripe/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(request),
      }),
    restart: async () => {
      await standIn?.stop();
      await start();
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await standIn?.stop();
      await pool.end();
      await database.drop();
    },
  };
}

export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function notFound(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(404).end();
}

/** What a browser's card form sends; answers the token or throws what was refused. */
export async function typeCard(
  origin: string,
  number: string,
  more: Record<string, string> = {},
): Promise<Stripe.ConfirmationToken> {
  const response = await fetch(`${origin}/v1/confirmation_tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${PUBLISHABLE_KEY}` },
    body: new URLSearchParams({
      'payment_method_data[type]': 'card',
      'payment_method_data[card][number]': number,
      'payment_method_data[card][exp_month]': '12',
      'payment_method_data[card][exp_year]': String(new Date().getFullYear() + 3),
      'payment_method_data[card][cvc]': '123',
      ...more,
    }),
  });
  const body = (await response.json()) as Stripe.ConfirmationToken & { error?: object };
  if (!response.ok) throw Object.assign(new Error('refused'), { status: response.status, ...body.error });
  return body;
}

/** What the page of the bank's step sends. */
export async function answerThreeDSecure(
  origin: string,
  intent: Stripe.PaymentIntent,
  outcome: 'complete' | 'fail',
): Promise<Response> {
  return fetch(`${origin}/endive/three-d-secure/${intent.id}`, {
    method: 'POST',
    body: new URLSearchParams({ client_secret: intent.client_secret ?? '', outcome }),
  });
}

/** The error that a promise rejects with; fails where it does not reject. */
export async function rejection<T>(promise: Promise<T>): Promise<Stripe.errors.StripeError> {
  return promise.then(
    () => {
      throw new Error('expected a refusal');
    },
    (error: unknown) => error as Stripe.errors.StripeError,
  );
}
