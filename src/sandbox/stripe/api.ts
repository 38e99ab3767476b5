import { createHash } from 'node:crypto';
import type pg from 'pg';
import type Stripe from 'stripe';
import { OWN_ACCOUNT } from './accounts.js';
import { ApiError, invalidRequest } from './api-error.js';
import type { Answer, Call, KeyKind } from './call.js';
import { eventOf, type EventSubject } from './events.js';
import { ObjectStore } from './object-store.js';
import { decodeForm, Parameters } from './parameters.js';
import type { Route } from './routes.js';
import { endpointsFor } from './webhook-endpoints.js';
import { CONFIGURED_ENDPOINT, GIVE_UP_AFTER_MS } from './webhooks.js';

const IDEMPOTENCY_LIFETIME_MS = 24 * 60 * 60 * 1000;
const MAX_IDEMPOTENCY_KEY_LENGTH = 255;

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  /** The encoded query of a GET, the body of a POST. */
  readonly encoded: string;
  readonly idempotencyKey: string | undefined;
  readonly keyKind: KeyKind;
  /** In whose name; `undefined` where a client secret opens the object, whosever it is. */
  readonly account: string | undefined;
  readonly requestId: string;
}

export interface ApiAnswer {
  readonly status: number;
  /** JSON, byte for byte what was kept under the idempotency key. */
  readonly body: string;
  readonly replayed: boolean;
}

export interface ApiOptions {
  readonly pool: pg.Pool;
  readonly origin: string;
  readonly now: () => Date;
  readonly randomId: (prefix: string) => string;
  /** Whether there is an endpoint for the stand-in's own account that was registered by nobody. */
  readonly hasConfiguredWebhook: boolean;
  /** How much later than its event a webhook is to be sent. */
  readonly webhookDelayMs: () => number;
}

/** Runs requests, each in a transaction that also keeps its answer: an answer is durable before anybody sees it. */
export class Api {
  private readonly keysInUse = new Set<string>();

  constructor(private readonly options: ApiOptions) {}

  async run(request: ApiRequest, route: Route, names: Readonly<Record<string, string>>): Promise<ApiAnswer> {
    return this.once(request, (sql) => this.carryOut(sql, request, route, names));
  }

  /** Answers 500 without doing anything, and keeps that answer under the idempotency key as the original would. */
  async failOnPurpose(request: ApiRequest): Promise<ApiAnswer> {
    const message = 'An unknown error occurred (asked for as a fault).';
    return this.once(request, () => Promise.resolve({ status: 500, body: { error: { type: 'api_error', message } } }));
  }

  private async once(request: ApiRequest, work: (sql: pg.PoolClient) => Promise<Answer>): Promise<ApiAnswer> {
    const key = this.idempotencyKeyOf(request);
    if (key === undefined) return this.inTransaction(async (sql) => fresh(await work(sql)));
    if (this.keysInUse.has(key)) {
      throw new ApiError(409, {
        type: 'invalid_request_error',
        code: 'idempotency_key_in_use',
        message: 'There is currently another in-progress request using this Idempotent Key. Please try again later.',
      });
    }
    this.keysInUse.add(key);
    try {
      return await this.inTransaction((sql) => this.replayOrRun(sql, key, request, work));
    } finally {
      this.keysInUse.delete(key);
    }
  }

  private idempotencyKeyOf(request: ApiRequest): string | undefined {
    // What a browser sends holds a card number, of which not even a digest is kept.
    if (request.method !== 'POST' || request.keyKind !== 'secret') return undefined;
    const key = request.idempotencyKey;
    if (key !== undefined && key.length > MAX_IDEMPOTENCY_KEY_LENGTH) {
      throw invalidRequest(`Idempotency keys can be at most ${MAX_IDEMPOTENCY_KEY_LENGTH} characters long.`);
    }
    // Accounts choose their keys without knowing of each other.
    return key === undefined || request.account === undefined ? undefined : `${request.account}/${key}`;
  }

  private async replayOrRun(
    sql: pg.PoolClient,
    key: string,
    request: ApiRequest,
    work: (sql: pg.PoolClient) => Promise<Answer>,
  ): Promise<ApiAnswer> {
    const digest = createHash('sha256').update(`${request.method} ${request.path}\n${request.encoded}`).digest('hex');
    const now = this.options.now();
    const kept = await sql.query<{ fingerprint: string; status: number; body: string }>(
      'select fingerprint, status, body from stripe_stand_in.idempotency where key = $1 and kept_at > $2',
      [key, new Date(now.getTime() - IDEMPOTENCY_LIFETIME_MS)],
    );
    const former = kept.rows[0];
    if (former !== undefined && former.fingerprint !== digest) {
      throw new ApiError(400, {
        type: 'idempotency_error',
        message:
          'Keys for idempotent requests can only be used with the same parameters they were first used with. ' +
          'Try using another key if you meant to execute a different request.',
      });
    }
    if (former !== undefined) return { status: former.status, body: former.body, replayed: true };
    const answer = fresh(await work(sql));
    await sql.query(
      `insert into stripe_stand_in.idempotency (key, fingerprint, status, body, request_id, kept_at)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (key) do update set fingerprint = excluded.fingerprint, status = excluded.status,
         body = excluded.body, request_id = excluded.request_id, kept_at = excluded.kept_at`,
      [key, digest, answer.status, answer.body, request.requestId, now],
    );
    return answer;
  }

  private async carryOut(
    sql: pg.PoolClient,
    request: ApiRequest,
    route: Route,
    path: Readonly<Record<string, string>>,
  ): Promise<Answer> {
    const account = request.account ?? (await accountOfObject(sql, path['id']));
    const objects = new ObjectStore(sql, account);
    const now = this.options.now();
    const call: Call = {
      objects,
      parameters: new Parameters(decodeForm(request.encoded)),
      path,
      keyKind: request.keyKind,
      account,
      now,
      origin: this.options.origin,
      randomId: this.options.randomId,
      emit: (type, object) => this.emit(sql, account, request, now, { type, object }),
    };
    return route.run(call);
  }

  private async emit(
    sql: pg.PoolClient,
    account: string,
    request: ApiRequest,
    now: Date,
    about: EventSubject,
  ): Promise<void> {
    const endpoints = await endpointsFor(sql, account, about.type);
    if (this.options.hasConfiguredWebhook && account === OWN_ACCOUNT) endpoints.push(CONFIGURED_ENDPOINT);
    const event: Stripe.EventBase = eventOf(about, {
      id: this.options.randomId('evt_'),
      now,
      requestId: request.requestId,
      idempotencyKey: request.idempotencyKey,
      webhooks: endpoints.length,
    });
    await new ObjectStore(sql, account).insert('event', event);
    if (endpoints.length === 0) return;
    await sql.query(
      `insert into stripe_stand_in.delivery (event_id, endpoint, next_attempt_at, give_up_at)
       select $1, endpoint, $3, $4 from unnest($2::text[]) as e (endpoint)`,
      [
        ...[event.id, endpoints, new Date(now.getTime() + this.options.webhookDelayMs())],
        new Date(now.getTime() + GIVE_UP_AFTER_MS),
      ],
    );
  }

  private async inTransaction<T>(work: (sql: pg.PoolClient) => Promise<T>): Promise<T> {
    const sql = await this.options.pool.connect();
    try {
      await sql.query('begin');
      const result = await work(sql);
      await sql.query('commit');
      return result;
    } catch (error) {
      await sql.query('rollback').catch(() => undefined);
      throw error;
    } finally {
      sql.release();
    }
  }
}

async function accountOfObject(sql: pg.PoolClient, id = ''): Promise<string> {
  const found = await sql.query<{ account: string }>('select account from stripe_stand_in.object where id = $1', [id]);
  return found.rows[0]?.account ?? OWN_ACCOUNT;
}

function fresh(answer: Answer): ApiAnswer {
  return { status: answer.status, body: JSON.stringify(answer.body, null, 2), replayed: false };
}
