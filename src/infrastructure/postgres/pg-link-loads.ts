import type pg from 'pg';
import { LinkLoads, type LinkLoad } from '../../application/pay/link-loads.js';

/** Keeps loads in a table beside the log, out of every stream and read model. */
export class PgLinkLoads extends LinkLoads {
  constructor(private readonly pool: pg.Pool) {
    super();
  }

  override async record({ linkId, loadedAt, likelyScanner }: LinkLoad): Promise<void> {
    await this.pool.query('INSERT INTO link_loads (link_id, at, likely_scanner) VALUES ($1, $2, $3)', [
      linkId,
      loadedAt,
      likelyScanner,
    ]);
  }
}
