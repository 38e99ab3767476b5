import { QuoteStore, type StoredQuote } from '../../application/pay/quote-store.js';
import type { Sql } from '../../projections/sql.js';

const SAVES_BETWEEN_CLEANUPS = 200;

/** Keeps quotes in a table. One that expired more than a day ago is of no use to anybody and is deleted. */
export class PgQuoteStore extends QuoteStore {
  private saves = 0;

  constructor(private readonly sql: Sql) {
    super();
  }

  override async save(quote: StoredQuote): Promise<void> {
    await this.sql.query(
      `INSERT INTO quotes (quote_id, quote, expires_at) VALUES ($1, $2::jsonb, $3)
       ON CONFLICT (quote_id) DO UPDATE SET quote = excluded.quote, expires_at = excluded.expires_at`,
      [quote.quoteId, JSON.stringify(quote), quote.expiresAt],
    );
    if (this.saves % SAVES_BETWEEN_CLEANUPS === 0) {
      await this.sql.query("DELETE FROM quotes WHERE expires_at < now() - interval '1 day'");
    }
    this.saves += 1;
  }

  override async find(quoteId: string): Promise<StoredQuote | undefined> {
    const [found] = await this.sql.query<{ quote: StoredQuote }>('SELECT quote FROM quotes WHERE quote_id = $1', [
      quoteId,
    ]);
    return found?.quote;
  }
}
