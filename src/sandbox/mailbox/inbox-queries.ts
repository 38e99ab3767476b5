import type pg from 'pg';
import { COLUMNS } from './message-store.js';
import type { KeptMessage } from './message-store.js';

const THREAD_LIMIT = 200;

/** A row of the inbox's list: an email, or the last text of a conversation. */
export interface InboxEntry {
  readonly seq: string;
  readonly id: string;
  readonly channel: 'email' | 'sms';
  /** In whose inbox it is. */
  readonly owner: string;
  readonly thread: string | null;
  readonly inbound: boolean;
  readonly subject: string | null;
  /** How it begins. */
  readonly text: string;
  /** How many texts the conversation has; 0 for an email. */
  readonly texts: number;
  readonly hasFiles: boolean;
  readonly sentAt: Date;
}

export interface InboxQuery {
  readonly to: string | undefined;
  /** Words that stand in the address, the subject or the text. */
  readonly search: string | undefined;
  readonly beforeSeq: string | undefined;
  readonly limit: number;
}

/** What the pages of the inbox show. */
export class InboxQueries {
  constructor(private readonly pool: pg.Pool) {}

  /** The newest first; of each conversation only its last text among those that are asked for. */
  async entries({ to, search, beforeSeq, limit }: InboxQuery): Promise<InboxEntry[]> {
    const values: unknown[] = [beforeSeq ?? null, limit];
    const toAt = to === undefined ? undefined : values.push(to.toLowerCase());
    const searchAt = search === undefined ? undefined : values.push(`%${search.replace(/[\\%_]/g, String.raw`\$&`)}%`);
    const asked = (alias: string): string => {
      const isTo = `AND ${alias}.recipient_keys @> ARRAY[$${toAt}::text]`;
      const words = `concat_ws(' ', array_to_string(${alias}.recipient_keys, ' '), ${alias}.subject, ${alias}.body_text)`;
      return `${toAt === undefined ? '' : isTo} ${searchAt === undefined ? '' : `AND ${words} ILIKE $${searchAt}`}`;
    };
    const { rows } = await this.pool.query<InboxEntry>(
      `SELECT m.seq, m.id, m.channel, array_to_string(m.recipient_keys, ', ') AS owner, m.thread, m.inbound, m.subject,
         left(m.body_text, 160) AS text, m.sent_at AS "sentAt",
         (SELECT count(*)::int FROM mailbox.messages n WHERE n.thread = m.thread) AS texts,
         EXISTS (SELECT FROM mailbox.attachments a WHERE a.message_id = m.id) AS "hasFiles"
       FROM mailbox.messages m
       WHERE ($1::bigint IS NULL OR m.seq < $1) ${asked('m')} AND NOT EXISTS (
         SELECT FROM mailbox.messages n WHERE n.thread = m.thread AND n.seq > m.seq ${asked('n')})
       ORDER BY m.seq DESC LIMIT $2`,
      values,
    );
    return rows;
  }

  /** The last texts of a conversation, the oldest first. */
  async thread(thread: string): Promise<KeptMessage[]> {
    const { rows } = await this.pool.query<KeptMessage>(
      `SELECT ${COLUMNS} FROM mailbox.messages m WHERE m.thread = $1 ORDER BY m.seq DESC LIMIT ${THREAD_LIMIT}`,
      [thread],
    );
    return rows.reverse();
  }

  /** Takes a message out of the inbox, with its files. */
  async remove(id: string): Promise<void> {
    await this.pool.query('DELETE FROM mailbox.messages WHERE id = $1', [id]);
  }
}
