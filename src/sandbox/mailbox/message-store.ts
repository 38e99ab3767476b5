import type pg from 'pg';

/** A file that came with an email. */
export interface Attachment {
  readonly filename: string;
  readonly contentType: string;
  /** Without angle brackets; by it the email shows the file within its text. */
  readonly contentId: string | undefined;
  readonly content: Buffer;
}

/** An email or a text as it is written down. */
export interface IncomingEnvelope {
  readonly id: string;
  readonly channel: 'email' | 'sms';
  readonly recipients: readonly string[];
  readonly from: string;
  readonly fromName: string | undefined;
  readonly replyTo: string | undefined;
  readonly messageId: string | undefined;
  readonly subject: string | undefined;
  readonly text: string;
  readonly html: string | undefined;
  readonly attachments: readonly Attachment[];
  readonly raw: Buffer | undefined;
  /** A text that the recipient sent back; absent for what the service sends. */
  readonly inbound?: boolean;
  readonly sentAt: Date;
}

/** An email or a text as it is shown. `seq` grows with every message. */
export interface KeptMessage {
  readonly seq: string;
  readonly id: string;
  readonly channel: 'email' | 'sms';
  /** Sent back by the recipient. */
  readonly inbound: boolean;
  /** The texts between two numbers have this in common; an email stands alone. */
  readonly thread: string | null;
  readonly to: string;
  readonly from: string;
  readonly fromName: string | null;
  readonly replyTo: string | null;
  readonly messageId: string | null;
  readonly subject: string | null;
  readonly text: string;
  readonly html: string | null;
  readonly attachments: readonly {
    n: number;
    filename: string;
    contentType: string;
    size: number;
    contentId: string | null;
  }[];
  readonly sentAt: Date;
}

const SCHEMA = `
CREATE SCHEMA IF NOT EXISTS mailbox;
CREATE TABLE IF NOT EXISTS mailbox.messages (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text NOT NULL UNIQUE,
  channel text NOT NULL,
  recipients text[] NOT NULL,
  recipient_keys text[] NOT NULL,
  sender text NOT NULL,
  sender_name text,
  reply_to text,
  message_id text,
  subject text,
  body_text text NOT NULL,
  body_html text,
  raw bytea,
  sent_at timestamptz NOT NULL
);
ALTER TABLE mailbox.messages ADD COLUMN IF NOT EXISTS inbound boolean NOT NULL DEFAULT false;
ALTER TABLE mailbox.messages ADD COLUMN IF NOT EXISTS thread text;
UPDATE mailbox.messages SET thread = recipients[1] || '|' || sender WHERE channel = 'sms' AND thread IS NULL;
CREATE INDEX IF NOT EXISTS messages_thread ON mailbox.messages (thread, seq) WHERE thread IS NOT NULL;
CREATE INDEX IF NOT EXISTS messages_recipient ON mailbox.messages USING gin (recipient_keys);
CREATE TABLE IF NOT EXISTS mailbox.attachments (
  message_id text NOT NULL REFERENCES mailbox.messages (id) ON DELETE CASCADE,
  n int NOT NULL,
  filename text NOT NULL,
  content_type text NOT NULL,
  content_id text,
  content bytea NOT NULL,
  PRIMARY KEY (message_id, n)
);`;

/** A message as `KeptMessage`, from `mailbox.messages m`. */
export const COLUMNS = `m.seq, m.id, m.channel, m.inbound, m.thread, array_to_string(m.recipients, ', ') AS "to", m.sender AS "from",
  m.sender_name AS "fromName", m.reply_to AS "replyTo", m.message_id AS "messageId", m.subject,
  m.body_text AS "text", m.body_html AS "html", m.sent_at AS "sentAt",
  coalesce((SELECT json_agg(json_build_object('n', a.n, 'filename', a.filename, 'contentType', a.content_type,
    'size', length(a.content), 'contentId', a.content_id) ORDER BY a.n)
    FROM mailbox.attachments a WHERE a.message_id = m.id), '[]') AS attachments`;

/** Keeps every email and text that was sent. What `record` has answered survives a kill. */
export class MessageStore {
  constructor(private readonly pool: pg.Pool) {}

  async createSchema(): Promise<void> {
    await this.pool.query(SCHEMA);
  }

  /** Writes a message in a transaction of the caller's, which makes it one step with what the caller writes. */
  async record(client: pg.ClientBase, message: IncomingEnvelope): Promise<void> {
    await client.query(
      `INSERT INTO mailbox.messages (id, channel, recipients, recipient_keys, sender, sender_name, reply_to, message_id,
         subject, body_text, body_html, raw, inbound, thread, sent_at)
       VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)`,
      [
        message.id,
        message.channel,
        message.recipients,
        ownersOf(message),
        message.from,
        message.fromName,
        message.replyTo,
        message.messageId,
        withoutNul(message.subject),
        withoutNul(message.text),
        withoutNul(message.html),
        message.raw,
        message.inbound === true,
        message.channel === 'sms' ? threadOf(message) : null,
        message.sentAt,
      ],
    );
    for (const [n, { filename, contentType, contentId, content }] of message.attachments.entries()) {
      await client.query(
        `INSERT INTO mailbox.attachments (message_id, n, filename, content_type, content_id, content)
         VALUES ($1,$2,$3,$4,$5,$6)`,
        [message.id, n, filename, contentType, contentId, content],
      );
    }
  }

  /** A message on its own: whole or not at all, and durable when this resolves. */
  async recordAlone(message: IncomingEnvelope): Promise<void> {
    await inTransaction(this.pool, (client) => this.record(client, message));
  }

  /** What the service sent, the newest first, those before `beforeSeq` where it is given. */
  async page(query: { to?: string; beforeSeq?: string; limit: number }): Promise<KeptMessage[]> {
    const values: unknown[] = [query.beforeSeq ?? null, query.limit];
    // The recipient's few are found by their index first: walking back through everyone's would take ever longer.
    const from = query.to === undefined ? 'mailbox.messages m' : 'mine JOIN mailbox.messages m USING (seq)';
    const mine = 'WITH mine AS MATERIALIZED (SELECT seq FROM mailbox.messages WHERE recipient_keys @> ARRAY[$3::text])';
    if (query.to !== undefined) values.push(query.to.toLowerCase());
    const { rows } = await this.pool.query<KeptMessage>(
      `${query.to === undefined ? '' : mine} SELECT ${COLUMNS} FROM ${from}
       WHERE NOT m.inbound AND ($1::bigint IS NULL OR m.seq < $1) ORDER BY m.seq DESC LIMIT $2`,
      values,
    );
    return rows;
  }

  async find(id: string): Promise<KeptMessage | undefined> {
    const { rows } = await this.pool.query<KeptMessage>(`SELECT ${COLUMNS} FROM mailbox.messages m WHERE m.id = $1`, [
      id,
    ]);
    return rows[0];
  }

  async findRaw(id: string): Promise<Buffer | undefined> {
    const { rows } = await this.pool.query<{ raw: Buffer | null }>('SELECT raw FROM mailbox.messages WHERE id = $1', [
      id,
    ]);
    return rows[0]?.raw ?? undefined;
  }

  async findAttachment(id: string, n: number): Promise<Omit<Attachment, 'contentId'> | undefined> {
    const { rows } = await this.pool.query<Omit<Attachment, 'contentId'>>(
      `SELECT filename, content_type AS "contentType", content FROM mailbox.attachments WHERE message_id = $1 AND n = $2`,
      [id, n],
    );
    return rows[0];
  }
}

/** In whose inbox the message is. */
function ownersOf({ inbound, from, recipients }: IncomingEnvelope): string[] {
  return (inbound ? [from] : recipients).map((owner) => owner.toLowerCase());
}

/** The telephone's number and that of the service, whoever of them wrote. */
function threadOf({ inbound, from, recipients: [to = ''] }: IncomingEnvelope): string {
  return inbound ? `${from}|${to}` : `${to}|${from}`;
}

/** PostgreSQL keeps no NUL in text. */
function withoutNul(text: string | undefined): string | undefined {
  return text?.replaceAll('\0', '\uFFFD');
}

/** Runs the work in one transaction on a connection of its own. */
export async function inTransaction<T>(pool: pg.Pool, work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
