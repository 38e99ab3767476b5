import type pg from 'pg';
import { inTransaction } from '../mailbox/message-store.js';
import type { MessageStore } from '../mailbox/message-store.js';
import type { NewCall, OwedCalls } from './owed-calls.js';
import { SENT_AFTER_MS } from './course.js';
import type { Travelling } from './course.js';

const SCHEMA = `
CREATE SCHEMA IF NOT EXISTS twilio_stand_in;
CREATE TABLE IF NOT EXISTS twilio_stand_in.messages (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sid text NOT NULL UNIQUE,
  recipient text NOT NULL,
  sender text NOT NULL,
  body text NOT NULL,
  segments int NOT NULL,
  created_at timestamptz NOT NULL
);
ALTER TABLE twilio_stand_in.messages DROP COLUMN IF EXISTS undeliverable, DROP COLUMN IF EXISTS status_callback,
  ADD COLUMN IF NOT EXISTS direction text NOT NULL DEFAULT 'outbound-api', ADD COLUMN IF NOT EXISTS service_sid text,
  ADD COLUMN IF NOT EXISTS error_code int;
CREATE INDEX IF NOT EXISTS messages_recipient ON twilio_stand_in.messages (recipient, seq DESC);
CREATE TABLE IF NOT EXISTS twilio_stand_in.opt_outs (
  sender text NOT NULL,
  recipient text NOT NULL,
  PRIMARY KEY (sender, recipient)
);`;

export interface TextMessage {
  readonly seq: string;
  readonly sid: string;
  readonly direction: Travelling['direction'];
  readonly recipient: string;
  readonly sender: string;
  readonly serviceSid: string | null;
  readonly body: string;
  readonly segments: number;
  /** What the provider will say, where the text does not arrive. */
  readonly errorCode: number | null;
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

/** The messages of the account, and who asked for no more of them. */
export class MessageTable {
  constructor(
    private readonly pool: pg.Pool,
    private readonly inbox: MessageStore,
    private readonly calls: OwedCalls,
  ) {}

  async createSchema(): Promise<void> {
    await this.pool.query(SCHEMA);
    await this.calls.createSchema();
  }

  /** Keeps a message, shows it in the inbox and owes its calls: all of it or nothing, durable when this resolves. */
  async add(text: NewText, calls: readonly NewCall[]): Promise<void> {
    await this.atOnce(async (client) => {
      await this.insert(client, text);
      await this.calls.owe(client, calls);
    });
  }

  atOnce<T>(work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
    return inTransaction(this.pool, work);
  }

  /** A text that does not arrive is shown to nobody. */
  async insert(client: pg.ClientBase, text: NewText): Promise<void> {
    const { sid, direction, recipient, sender, serviceSid, body, segments, errorCode, createdAt } = text;
    await client.query(
      `INSERT INTO twilio_stand_in.messages (sid, direction, recipient, sender, service_sid, body, segments, error_code,
         created_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`,
      [sid, direction, recipient, sender, serviceSid, body, segments, errorCode, createdAt],
    );
    if (errorCode !== null) return;
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
      inbound: direction === 'inbound',
      sentAt: createdAt,
    });
  }

  async isOptedOut(sender: string, recipient: string, client: pg.Pool | pg.ClientBase = this.pool): Promise<boolean> {
    const { rowCount } = await client.query(
      'SELECT FROM twilio_stand_in.opt_outs WHERE sender = $1 AND recipient = $2',
      [sender, recipient],
    );
    return rowCount === 1;
  }

  async setOptedOut(client: pg.ClientBase, sender: string, recipient: string, optedOut: boolean): Promise<void> {
    await client.query(
      optedOut
        ? 'INSERT INTO twilio_stand_in.opt_outs VALUES ($1,$2) ON CONFLICT DO NOTHING'
        : 'DELETE FROM twilio_stand_in.opt_outs WHERE sender = $1 AND recipient = $2',
      [sender, recipient],
    );
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
}

const SELECT = `SELECT seq, sid, direction, recipient, sender, service_sid AS "serviceSid", body, segments,
  error_code AS "errorCode", created_at AS "createdAt" FROM twilio_stand_in.messages`;

function createdWhenSentAt(sentAt: Date): Date {
  return new Date(sentAt.getTime() - SENT_AFTER_MS);
}
