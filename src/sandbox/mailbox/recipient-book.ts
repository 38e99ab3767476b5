import type pg from 'pg';

const SCHEMA = `
CREATE SCHEMA IF NOT EXISTS mailbox;
CREATE TABLE IF NOT EXISTS mailbox.unreachable (recipient text PRIMARY KEY);`;

/** Whose mailbox is closed and whose telephone is off, because somebody said so in the inbox. Survives a restart. */
export class RecipientBook {
  private readonly unreachable = new Set<string>();

  constructor(private readonly pool: pg.Pool) {}

  /** To be called once, before anything is asked. */
  async load(): Promise<void> {
    await this.pool.query(SCHEMA);
    const { rows } = await this.pool.query<{ recipient: string }>('SELECT recipient FROM mailbox.unreachable');
    for (const { recipient } of rows) this.unreachable.add(recipient);
  }

  isUnreachable(recipient: string): boolean {
    return this.unreachable.has(recipient.toLowerCase());
  }

  async setUnreachable(recipient: string, unreachable: boolean): Promise<void> {
    const key = recipient.toLowerCase();
    if (unreachable) {
      await this.pool.query('INSERT INTO mailbox.unreachable VALUES ($1) ON CONFLICT DO NOTHING', [key]);
      this.unreachable.add(key);
    } else {
      await this.pool.query('DELETE FROM mailbox.unreachable WHERE recipient = $1', [key]);
      this.unreachable.delete(key);
    }
  }
}
