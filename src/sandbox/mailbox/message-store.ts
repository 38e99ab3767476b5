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
  readonly sentAt: Date;
}

/** An email or a text as it is shown. `seq` grows with every message. */
export interface KeptMessage {
  readonly seq: string;
  readonly id: string;
  readonly channel: 'email' | 'sms';
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

const COLUMNS = `m.seq, m.id, m.channel, array_to_string(m.recipients, ', ') AS "to", m.sender AS "from",
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
         subject, body_text, body_html, raw, sent_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)`,
      [
        message.id,
        message.channel,
        message.recipients,
        message.recipients.map((recipient) => recipient.toLowerCase()),
        message.from,
        message.fromName,
        message.replyTo,
        message.messageId,
        withoutNul(message.subject),
        withoutNul(message.text),
        withoutNul(message.html),
        message.raw,
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

  /** The newest first, those before `beforeSeq` where it is given. */
  async page(query: { to?: string; beforeSeq?: string; limit: number }): Promise<KeptMessage[]> {
    const { rows } = await this.pool.query<KeptMessage>(
      `SELECT ${COLUMNS} FROM mailbox.messages m
       WHERE ($1::text IS NULL OR m.recipient_keys @> ARRAY[$1::text]) AND ($2::bigint IS NULL OR m.seq < $2)
       ORDER BY m.seq DESC LIMIT $3`,
      [query.to?.toLowerCase() ?? null, query.beforeSeq ?? null, query.limit],
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
