/** What is left behind by journeys, looked at from outside: at the processor, in the log, and in the read models. */
import canonicalize from 'canonicalize';
import type { StoredEvent } from '../../src/application/ports.js';
import { chainHash } from '../../src/application/proof.js';
import { EsdbEventStore } from '../../src/infrastructure/eventstore/esdb-event-store.js';
import { createPool } from '../../src/infrastructure/postgres/pool.js';
import { dumpReadModels } from '../projections/dump.js';

const PAGE = 100;

export interface PaymentIntent {
  readonly id: string;
  readonly status: string;
  readonly amount_received: number;
  readonly latest_charge: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

type Environment = Readonly<Record<string, string>>;

/** Every payment intent that the stand-in of the processor has. */
export async function paymentIntents(environment: Environment): Promise<readonly PaymentIntent[]> {
  const found: PaymentIntent[] = [];
  for (;;) {
    const query = new URLSearchParams({ limit: String(PAGE) });
    const last = found.at(-1);
    if (last) query.set('starting_after', last.id);
    const response = await fetch(`${environment['STRIPE_API_URL']}/v1/payment_intents?${query}`, {
      headers: { Authorization: `Bearer ${environment['STRIPE_SECRET_KEY']}` },
    });
    if (response.status !== 200) throw new Error(`The payment intents: ${response.status} ${await response.text()}`);
    const page = (await response.json()) as { data: PaymentIntent[]; has_more: boolean };
    found.push(...page.data);
    if (!page.has_more) return found;
  }
}

/** Every event of the log by its stream, in order. */
export async function readLog(environment: Environment): Promise<ReadonlyMap<string, readonly StoredEvent[]>> {
  const store = new EsdbEventStore({ connectionString: environment['EVENTSTORE_URL']! });
  const ended = new AbortController();
  const streams = new Map<string, StoredEvent[]>();
  try {
    const streamPrefixes = ['invoice-', 'branch-', 'customer-', 'user-', 'administration'];
    const batches = store.subscribe({ after: undefined, streamPrefixes, maxBatch: 1_000, signal: ended.signal });
    for await (const { events, caughtUp } of batches) {
      for (const event of events) streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
      if (caughtUp) break;
    }
    return streams;
  } finally {
    ended.abort();
    await store.close();
  }
}

/** The streams whose events are not numbered without gaps, or whose hashes are not those of their content. */
export function brokenChains(streams: ReadonlyMap<string, readonly StoredEvent[]>): readonly string[] {
  return [...streams].flatMap(([stream, events]) => {
    let previous: string | undefined;
    for (const [index, event] of events.entries()) {
      if (event.revision !== BigInt(index)) return [`${stream} has no revision ${index}`];
      const hash = chainHash(previous, event);
      if (event.metadata['hash'] !== hash) return [`${stream} is broken at revision ${index}`];
      previous = hash;
    }
    return [];
  });
}

/** The read models, the numbers of receipts and the customers' keys as one canonical JSON. */
export async function dumpTables(environment: Environment): Promise<{ readModels: string; numbers: string }> {
  const pool = createPool(environment['DATABASE_URL']!);
  try {
    const { rows } = await pool.query('SELECT branch_id, rank FROM receipt_numbers ORDER BY branch_id, position');
    return { readModels: await dumpReadModels(pool), numbers: canonicalize(rows)! };
  } finally {
    await pool.end();
  }
}
