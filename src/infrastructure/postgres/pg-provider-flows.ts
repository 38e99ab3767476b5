import { createHash } from 'node:crypto';
import { ProviderFlows, type ProviderFlow } from '../../application/staff/identity-provider.js';
import type { Sql } from '../../projections/sql.js';

/** The table `staff_oidc_flows`, by the digest of the state. What has run out is deleted with the next one. */
export class PgProviderFlows extends ProviderFlows {
  constructor(private readonly sql: Sql) {
    super();
  }

  override async save(flow: ProviderFlow, expiresAt: Date): Promise<void> {
    const { state, ...rest } = flow;
    await this.sql.query("DELETE FROM staff_oidc_flows WHERE expires_at < now() - interval '1 day'");
    await this.sql.query('INSERT INTO staff_oidc_flows (state_hash, flow, expires_at) VALUES ($1, $2::jsonb, $3)', [
      digest(state),
      JSON.stringify(rest),
      expiresAt,
    ]);
  }

  override async take(state: string, now: Date): Promise<ProviderFlow | undefined> {
    const [row] = await this.sql.query<{ flow: Omit<ProviderFlow, 'state'>; expires_at: string }>(
      'DELETE FROM staff_oidc_flows WHERE state_hash = $1 RETURNING flow, expires_at',
      [digest(state)],
    );
    return row && Date.parse(row.expires_at) > now.getTime() ? { state, ...row.flow } : undefined;
  }
}

function digest(state: string): string {
  return createHash('sha256').update(state).digest('hex');
}
