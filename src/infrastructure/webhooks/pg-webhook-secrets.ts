import type { PersonalDataCipher, Randomness } from '../../application/ports.js';
import { WebhookSecrets } from '../../application/webhooks/webhook-ports.js';
import type { Sql } from '../../projections/sql.js';

const SECRET_BYTES = 32;
const PREFIX = 'whsec_';

/** The table `webhook_secrets`. What stands there is ciphertext under a key of the endpoint's own, which a master key wraps. */
export class PgWebhookSecrets extends WebhookSecrets {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: PersonalDataCipher,
    private readonly randomness: Randomness,
  ) {
    super();
  }

  override async make(secretId: string, endpointId: string): Promise<string> {
    const value = PREFIX + this.randomness.bytes(SECRET_BYTES).toString('base64');
    const [ciphertext] = await this.cipher.encrypt([{ customerId: endpointId, value }]);
    await this.sql.query(
      `INSERT INTO webhook_secrets (secret_id, endpoint_id, secret) VALUES ($1, $2, $3)
       ON CONFLICT (secret_id) DO NOTHING`,
      [secretId, endpointId, ciphertext],
    );
    // A repeat of the request, or another process at the same moment, may have been first: the row decides.
    const [secret] = await this.read([secretId]);
    return secret!;
  }

  override async read(secretIds: readonly string[]): Promise<readonly string[]> {
    const rows = await this.sql.query<{ secret_id: string; endpoint_id: string; secret: string }>(
      'SELECT secret_id, endpoint_id, secret FROM webhook_secrets WHERE secret_id = ANY($1::uuid[])',
      [secretIds],
    );
    const found = secretIds.map((secretId) => rows.find((row) => row.secret_id === secretId));
    const there = found.filter((row) => row !== undefined);
    const secrets = await this.cipher.decrypt(
      there.map(({ endpoint_id: customerId, secret: ciphertext }) => ({ customerId, ciphertext })),
    );
    if (there.length < secretIds.length || secrets.some((secret) => typeof secret !== 'string')) {
      throw new Error('A signing secret of a webhook endpoint is not there: rotate it.');
    }
    return secrets as readonly string[];
  }

  override async forget(endpointId: string): Promise<void> {
    await this.sql.query('DELETE FROM webhook_secrets WHERE endpoint_id = $1', [endpointId]);
  }
}
