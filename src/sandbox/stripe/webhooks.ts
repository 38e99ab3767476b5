import { createHmac } from 'node:crypto';
import type pg from 'pg';
import type Stripe from 'stripe';
import type { Faults } from './faults.js';

export interface WebhookTarget {
  readonly url: string;
  /** The endpoint's signing secret (`whsec_…`). */
  readonly secret: string;
}

/** In place of an id: the endpoint that the stand-in was started with. */
export const CONFIGURED_ENDPOINT = '';

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 30_000;
/** As long as the original goes on trying. */
export const GIVE_UP_AFTER_MS = 3 * 24 * 60 * 60 * 1000;
const ANSWER_TIMEOUT_MS = 10_000;
const IDLE_MS = 1_000;
const BATCH = 16;
/** How long webhooks are gathered before they are sent in the wrong order. */
const REORDER_HOLD_MS = 300;

/** The header with which Stripe signs the raw body of a webhook. */
function signatureOf(body: string, secret: string, at: Date): string {
  const time = Math.floor(at.getTime() / 1000);
  return `t=${time},v1=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`;
}

interface Due {
  readonly event_id: string;
  readonly endpoint: string;
  readonly attempts: number;
  readonly give_up_at: Date;
  readonly event: Stripe.EventBase;
  readonly account: string;
  /** Of a registered endpoint that is still there. */
  readonly url: string | null;
  readonly secret: string | null;
  readonly connect: boolean | null;
}

/**
 * Sends events to their endpoints, at least once each: a delivery stays in its table until the endpoint has answered 2xx (or
 * three days have passed), so that neither a restart of the endpoint nor one of the stand-in loses any.
 */
export class WebhookSender {
  private stopped = false;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private wokenWhileRunning = false;
  private readonly abort = new AbortController();

  constructor(
    private readonly pool: pg.Pool,
    private readonly configured: WebhookTarget | undefined,
    private readonly faults: Faults,
    private readonly now: () => Date,
  ) {}

  /** Looks for due deliveries now instead of at the next tick. */
  wake(): void {
    if (this.stopped) return;
    if (this.running !== undefined) {
      this.wokenWhileRunning = true;
      return;
    }
    clearTimeout(this.timer);
    this.running = this.sendDue()
      // PostgreSQL away for a moment: the deliveries are still in their table, and the next tick finds them.
      .catch(() => false)
      .then((more) => {
        this.running = undefined;
        if (this.stopped) return;
        const again = more || this.wokenWhileRunning;
        this.wokenWhileRunning = false;
        this.timer = setTimeout(() => this.wake(), again ? 0 : IDLE_MS);
      });
  }

  /** Ends without waiting for endpoints that do not answer: what was not delivered is sent after the next start. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    this.abort.abort();
    await this.running;
  }

  /** Answers whether there may be more to send at once. */
  private async sendDue(): Promise<boolean> {
    const { reordered } = this.faults.webhooks;
    if (reordered) await new Promise((resolve) => setTimeout(resolve, REORDER_HOLD_MS));
    const due = await this.pool.query<Due>(
      `select d.event_id, d.endpoint, d.attempts, d.give_up_at, o.body as event, o.account, e.body->>'url' as url,
         e.hidden->>'secret' as secret, (e.hidden->>'connect')::boolean as connect
       from stripe_stand_in.delivery d join stripe_stand_in.object o on o.id = d.event_id
         left join stripe_stand_in.object e on e.id = d.endpoint
       where d.next_attempt_at <= $1 and ($2 or d.endpoint <> '') order by d.seq limit ${BATCH}`,
      [this.now(), this.configured !== undefined],
    );
    if (reordered) {
      for (const delivery of due.rows.reverse()) await this.deliver(delivery);
    } else {
      await Promise.all(due.rows.map((delivery) => this.deliver(delivery)));
    }
    return due.rows.length === BATCH;
  }

  private async deliver(delivery: Due): Promise<void> {
    const { dropped, doubled } = this.faults.webhooks;
    const target = this.targetOf(delivery);
    // An endpoint that was removed meanwhile is sent nothing more.
    const nobody = dropped || target === undefined;
    const accepted = nobody || (await this.post(delivery, target));
    if (accepted && doubled && !nobody) await this.post(delivery, target);
    if (accepted || this.now() >= delivery.give_up_at) {
      await this.pool.query('delete from stripe_stand_in.delivery where event_id = $1 and endpoint = $2', [
        delivery.event_id,
        delivery.endpoint,
      ]);
      await this.pool.query(
        `update stripe_stand_in.object set body = jsonb_set(body, '{pending_webhooks}',
           (select to_jsonb(count(*)) from stripe_stand_in.delivery where event_id = $1)) where id = $1`,
        [delivery.event_id],
      );
      return;
    }
    if (this.stopped) return;
    const waitMs = Math.min(FIRST_RETRY_MS * 2 ** Math.min(delivery.attempts, 10), LONGEST_RETRY_MS);
    await this.pool.query(
      `update stripe_stand_in.delivery set attempts = attempts + 1, next_attempt_at = $3
       where event_id = $1 and endpoint = $2`,
      [delivery.event_id, delivery.endpoint, new Date(this.now().getTime() + waitMs)],
    );
  }

  private targetOf({ endpoint, url, secret }: Due): WebhookTarget | undefined {
    if (endpoint === CONFIGURED_ENDPOINT) return this.configured;
    return url === null || secret === null ? undefined : { url, secret };
  }

  /** What is told of a connected account names it. */
  private async post({ event, account, connect }: Due, target: WebhookTarget): Promise<boolean> {
    const body = JSON.stringify(connect === true ? { ...event, account } : event, null, 2);
    try {
      const response = await fetch(target.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'Stripe/1.0 (stand-in)',
          'stripe-signature': signatureOf(body, target.secret, this.now()),
        },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([this.abort.signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
      });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }
}
