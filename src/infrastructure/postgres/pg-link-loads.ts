import type pg from 'pg';
import { LinkLoads, type KeptLinkLoad, type LinkLoad } from '../../application/pay/link-loads.js';

interface Row {
  readonly load_id: string;
  readonly link_id: string;
  /** As text: the pool leaves instants as PostgreSQL writes them. */
  readonly at: string;
  readonly likely_scanner: boolean;
}

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

  override async latest(linkIds: readonly string[], limit: number): Promise<readonly KeptLinkLoad[]> {
    if (linkIds.length === 0) return [];
    const { rows } = await this.pool.query<Row>(
      'SELECT load_id, link_id, at, likely_scanner FROM link_loads WHERE link_id = ANY($1) ORDER BY load_id DESC LIMIT $2',
      [linkIds, limit],
    );
    return rows.reverse().map((row) => ({
      loadId: row.load_id,
      linkId: row.link_id,
      loadedAt: new Date(row.at),
      likelyScanner: row.likely_scanner,
    }));
  }
}
