import type pg from 'pg';
import type Stripe from 'stripe';
import { invalidRequest, noSuch } from './api-error.js';
import type { Parameters } from './parameters.js';
import type { TestCard } from './test-cards.js';

/** Objects by the name of their kind, each in the shape in which the API answers it when nothing is expanded. */
export interface Kinds {
  confirmation_token: Stripe.ConfirmationToken;
  payment_method: Stripe.PaymentMethod;
  payment_intent: Stripe.PaymentIntent;
  setup_intent: Stripe.SetupIntent;
  charge: Stripe.Charge;
  balance_transaction: Stripe.BalanceTransaction;
  event: Stripe.EventBase;
  webhook_endpoint: Stripe.WebhookEndpoint;
}

/** What Stripe knows of an object and never answers. */
export interface Hidden {
  /** The card behind a confirmation token or payment method. */
  readonly card?: TestCard;
  /** The signing secret of a webhook endpoint, and whether it hears of connected accounts instead of its own. */
  readonly secret?: string;
  readonly connect?: boolean;
}

export interface Stored<K extends keyof Kinds> {
  readonly body: Kinds[K];
  readonly hidden: Hidden;
}

export interface Page<K extends keyof Kinds> {
  readonly object: 'list';
  readonly data: Kinds[K][];
  readonly has_more: boolean;
  readonly url: string;
}

/** The objects of one account as one transaction sees them. */
export class ObjectStore {
  constructor(
    private readonly sql: pg.PoolClient,
    private readonly account: string,
  ) {}

  async insert<K extends keyof Kinds>(
    kind: K,
    body: Kinds[K] & { id: string; created: number },
    more: { parent?: string; hidden?: Hidden } = {},
  ): Promise<void> {
    await this.sql.query(
      `insert into stripe_stand_in.object (id, kind, account, created, parent, body, hidden)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [
        ...[body.id, kind, this.account, body.created, more.parent ?? null],
        ...[JSON.stringify(body), JSON.stringify(more.hidden ?? {})],
      ],
    );
  }

  async find<K extends keyof Kinds>(kind: K, id: string): Promise<Stored<K> | undefined> {
    return this.read(kind, id, '');
  }

  /** Holds the object until the transaction ends: whoever else wants to change it waits. */
  async lock<K extends keyof Kinds>(kind: K, id: string): Promise<Stored<K> | undefined> {
    return this.read(kind, id, ' for update');
  }

  async update<K extends keyof Kinds>(kind: K, body: Kinds[K] & { id: string }): Promise<void> {
    const updated = await this.sql.query(
      'update stripe_stand_in.object set body = $4 where id = $1 and kind = $2 and account = $3',
      [body.id, kind, this.account, JSON.stringify(body)],
    );
    if (updated.rowCount !== 1) throw new Error(`The ${kind} to be changed is not there`);
  }

  /** Answers whether it was there. */
  async remove(kind: keyof Kinds, id: string): Promise<boolean> {
    const removed = await this.sql.query(
      'delete from stripe_stand_in.object where id = $1 and kind = $2 and account = $3',
      [id, kind, this.account],
    );
    return removed.rowCount === 1;
  }

  async count(kind: keyof Kinds): Promise<number> {
    const counted = await this.sql.query<{ count: string }>(
      'select count(*) as count from stripe_stand_in.object where kind = $1 and account = $2',
      [kind, this.account],
    );
    return Number(counted.rows[0]?.count);
  }

  /** Newest first, in pages that a cursor moves over, as every list of the API. */
  async list<K extends keyof Kinds>(
    kind: K,
    query: Parameters,
    url: string,
    filter: { parent?: string | undefined; type?: string | undefined } = {},
  ): Promise<Page<K>> {
    const limit = query.integer('limit') ?? 10;
    if (limit < 1 || limit > 100) throw invalidRequest('Limit must be between 1 and 100', { param: 'limit' });
    const after = query.text('starting_after');
    const before = query.text('ending_before');
    const created = createdRange(query);
    const where = await this.whereOf(kind, { after, before, created, ...filter });
    const found = await this.sql.query<{ body: Kinds[K] }>(
      `select body from stripe_stand_in.object where ${where.text}
       order by seq ${before === undefined ? 'desc' : 'asc'} limit ${limit + 1}`,
      where.values,
    );
    const data = found.rows.slice(0, limit).map((row) => row.body);
    if (before !== undefined) data.reverse();
    return { object: 'list', data, has_more: found.rows.length > limit, url };
  }

  private async whereOf(
    kind: keyof Kinds,
    filter: {
      after: string | undefined;
      before: string | undefined;
      created: readonly CreatedBound[];
      parent?: string | undefined;
      type?: string | undefined;
    },
  ): Promise<{ text: string; values: unknown[] }> {
    const values: unknown[] = [kind, this.account];
    const clauses = ['kind = $1', 'account = $2'];
    const add = (left: string, value: unknown): void => {
      values.push(value);
      clauses.push(`${left} $${values.length}`);
    };
    if (filter.after !== undefined) add('seq <', await this.cursor(kind, filter.after, 'starting_after'));
    if (filter.before !== undefined) add('seq >', await this.cursor(kind, filter.before, 'ending_before'));
    if (filter.parent !== undefined) add('parent =', filter.parent);
    if (filter.type !== undefined) add("body->>'type' =", filter.type);
    for (const bound of filter.created) add(`created ${bound.comparison}`, bound.seconds);
    return { text: clauses.join(' and '), values };
  }

  private async cursor(kind: keyof Kinds, id: string, param: string): Promise<string> {
    const found = await this.sql.query<{ seq: string }>(
      'select seq from stripe_stand_in.object where id = $1 and kind = $2 and account = $3',
      [id, kind, this.account],
    );
    const seq = found.rows[0]?.seq;
    if (seq === undefined) throw noSuch(kind, id, param);
    return seq;
  }

  private async read<K extends keyof Kinds>(kind: K, id: string, lock: string): Promise<Stored<K> | undefined> {
    const found = await this.sql.query<Stored<K>>(
      `select body, hidden from stripe_stand_in.object where id = $1 and kind = $2 and account = $3${lock}`,
      [id, kind, this.account],
    );
    return found.rows[0];
  }
}

interface CreatedBound {
  readonly comparison: '=' | '>' | '>=' | '<' | '<=';
  readonly seconds: number;
}

const RANGE_NAMES = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

function createdRange(query: Parameters): CreatedBound[] {
  if (!query.has('created')) return [];
  if (!query.isGroup('created')) return [{ comparison: '=', seconds: query.requiredInteger('created') }];
  const group = query.group('created');
  const bounds: CreatedBound[] = [];
  for (const [name, comparison] of Object.entries(RANGE_NAMES)) {
    const seconds = group.integer(name);
    if (seconds !== undefined) bounds.push({ comparison, seconds });
  }
  group.done();
  return bounds;
}
