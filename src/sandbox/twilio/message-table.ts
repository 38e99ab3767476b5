import type pg from 'pg';
import { inTransaction } from '../mailbox/message-store.js';
import type { MessageStore } from '../mailbox/message-store.js';

const SENT_AFTER_MS = 500;
const DELIVERED_AFTER_MS = 1500;
const CALLBACK_TRIES = 5;

const SCHEMA = `
CREATE SCHEMA IF NOT EXISTS twilio_stand_in;
CREATE TABLE IF NOT EXISTS twilio_stand_in.messages (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sid text NOT NULL UNIQUE,
  recipient text NOT NULL,
  sender text NOT NULL,
  body text NOT NULL,
  segments int NOT NULL,
  undeliverable boolean NOT NULL,
  status_callback text,
  created_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS messages_recipient ON twilio_stand_in.messages (recipient, seq DESC);
CREATE TABLE IF NOT EXISTS twilio_stand_in.callbacks (
  sid text NOT NULL REFERENCES twilio_stand_in.messages (sid),
  status text NOT NULL,
  url text NOT NULL,
  tries int NOT NULL DEFAULT 0,
  due_at timestamptz NOT NULL,
  PRIMARY KEY (sid, status)
);
CREATE INDEX IF NOT EXISTS callbacks_due ON twilio_stand_in.callbacks (due_at);`;

export interface TextMessage {
  readonly seq: string;
  readonly sid: string;
  readonly recipient: string;
  readonly sender: string;
  readonly body: string;
  readonly segments: number;
  readonly undeliverable: boolean;
  readonly statusCallback: string | null;
  readonly createdAt: Date;
}

export type NewText = Omit<TextMessage, 'seq'>;

export interface TextQuery {
  readonly to: string | null;
  readonly from: string | null;
  readonly sentFrom: Date | null;
  readonly sentBefore: Date | null;
  readonly beforeSid: string | null;
  readonly limit: number;
}

export interface DueCallback {
  readonly sid: string;
  readonly status: string;
  readonly url: string;
  readonly tries: number;
  readonly recipient: string;
  readonly sender: string;
}

/** How far a message has come. It only goes forward, and every reader sees the same, since it follows from its age. */
export function statusOf(message: TextMessage, now: Date): { status: string; sentAt: Date | null; updatedAt: Date } {
  const created = message.createdAt.getTime();
  const ageMs = now.getTime() - created;
  const sentAt = new Date(created + SENT_AFTER_MS);
  if (ageMs < SENT_AFTER_MS) return { status: 'queued', sentAt: null, updatedAt: message.createdAt };
  if (ageMs < DELIVERED_AFTER_MS) return { status: 'sent', sentAt, updatedAt: sentAt };
  const updatedAt = new Date(created + DELIVERED_AFTER_MS);
  return { status: message.undeliverable ? 'undelivered' : 'delivered', sentAt, updatedAt };
}

/** The messages of the account, and the status callbacks that are still owed. */
export class MessageTable {
  constructor(
    private readonly pool: pg.Pool,
    private readonly inbox: MessageStore,
  ) {}

  async createSchema(): Promise<void> {
    await this.pool.query(SCHEMA);
  }

  /** Keeps a message, shows it in the inbox and owes its callbacks: all of it or nothing, durable when this resolves. */
  async add(message: NewText): Promise<void> {
    const { sid, recipient, sender, body, segments, undeliverable, statusCallback, createdAt } = message;
    await inTransaction(this.pool, async (client) => {
      await client.query(
        `INSERT INTO twilio_stand_in.messages (sid, recipient, sender, body, segments, undeliverable, status_callback,
           created_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
        [sid, recipient, sender, body, segments, undeliverable, statusCallback, createdAt],
      );
      if (statusCallback !== null) {
        await client.query(
          `INSERT INTO twilio_stand_in.callbacks (sid, status, url, due_at) VALUES ($1,'sent',$2,$3), ($1,$4,$2,$5)`,
          [
            sid,
            statusCallback,
            new Date(createdAt.getTime() + SENT_AFTER_MS),
            undeliverable ? 'undelivered' : 'delivered',
            new Date(createdAt.getTime() + DELIVERED_AFTER_MS),
          ],
        );
      }
      if (undeliverable) return;
      await this.inbox.record(client, {
        id: sid,
        channel: 'sms',
        recipients: [recipient],
        from: sender,
        fromName: undefined,
        replyTo: undefined,
        messageId: undefined,
        subject: undefined,
        text: body,
        html: undefined,
        attachments: [],
        raw: undefined,
        sentAt: createdAt,
      });
    });
  }

  async find(sid: string): Promise<TextMessage | undefined> {
    const { rows } = await this.pool.query<TextMessage>(`${SELECT} WHERE sid = $1`, [sid]);
    return rows[0];
  }

  /** The newest first. A message that has not been sent yet is outside every span of sending times. */
  async list(query: TextQuery, now: Date): Promise<TextMessage[]> {
    const { rows } = await this.pool.query<TextMessage>(
      `${SELECT} WHERE ($1::text IS NULL OR recipient = $1) AND ($2::text IS NULL OR sender = $2)
         AND ($3::timestamptz IS NULL OR created_at >= $3) AND ($4::timestamptz IS NULL OR created_at < $4)
         AND ($5::text IS NULL OR seq < (SELECT seq FROM twilio_stand_in.messages WHERE sid = $5))
       ORDER BY seq DESC LIMIT $6`,
      [
        query.to,
        query.from,
        query.sentFrom && createdWhenSentAt(query.sentFrom),
        query.sentFrom || query.sentBefore ? createdWhenSentAt(query.sentBefore ?? now) : null,
        query.beforeSid,
        query.limit,
      ],
    );
    return rows;
  }

  async dueCallbacks(now: Date, limit: number): Promise<DueCallback[]> {
    const { rows } = await this.pool.query<DueCallback>(
      `SELECT c.sid, c.status, c.url, c.tries, m.recipient, m.sender FROM twilio_stand_in.callbacks c
       JOIN twilio_stand_in.messages m USING (sid) WHERE c.due_at <= $1 ORDER BY c.due_at LIMIT $2`,
      [now, limit],
    );
    return rows;
  }

  async nextCallbackAt(): Promise<Date | undefined> {
    const { rows } = await this.pool.query<{ due: Date | null }>(
      'SELECT min(due_at) AS due FROM twilio_stand_in.callbacks',
    );
    return rows[0]?.due ?? undefined;
  }

  /** Done with, or owed again later; after the last try it is given up, as the original does. */
  async settleCallback(callback: DueCallback, taken: boolean, now: Date): Promise<void> {
    if (taken || callback.tries + 1 >= CALLBACK_TRIES) {
      await this.pool.query('DELETE FROM twilio_stand_in.callbacks WHERE sid = $1 AND status = $2', [
        callback.sid,
        callback.status,
      ]);
      return;
    }
    await this.pool.query(
      'UPDATE twilio_stand_in.callbacks SET tries = tries + 1, due_at = $3 WHERE sid = $1 AND status = $2',
      [callback.sid, callback.status, new Date(now.getTime() + 1000 * 2 ** callback.tries)],
    );
  }
}

const SELECT = `SELECT seq, sid, recipient, sender, body, segments, undeliverable, status_callback AS "statusCallback",
  created_at AS "createdAt" FROM twilio_stand_in.messages`;

function createdWhenSentAt(sentAt: Date): Date {
  return new Date(sentAt.getTime() - SENT_AFTER_MS);
}
