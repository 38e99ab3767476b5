import { BranchSecrets, type NoticeSecret } from '../../application/branch-secrets.js';
import { CiphertextRejected, type BranchKeys, type PersonalDataCipher } from '../../application/ports.js';
import type { Sql } from '../../projections/sql.js';

const SECRET_KEY = 'secret_key';

interface Row {
  readonly account: string;
  readonly name: string;
  readonly secret: string;
}

/**
 * The table `branch_secrets`. What stands there is ciphertext under a key of the secret's own, into which branch, account and name
 * are sealed: a row that was moved does not open.
 */
export class PgBranchSecrets extends BranchSecrets {
  constructor(
    private readonly sql: Sql,
    private readonly cipher: PersonalDataCipher,
  ) {
    super();
  }

  override keepKey(keys: BranchKeys, secretKey: string): Promise<void> {
    return this.keep(keys.branchId, accountText(keys), SECRET_KEY, secretKey);
  }

  override async key(keys: BranchKeys): Promise<string | undefined> {
    const rows = await this.sql.query<Row>(
      'SELECT account, name, secret FROM branch_secrets WHERE branch_id = $1 AND account = $2 AND name = $3',
      [keys.branchId, accountText(keys), SECRET_KEY],
    );
    return rows[0] && this.opened(keys.branchId, rows[0]);
  }

  override async latestKey(branchId: string): Promise<BranchKeys | undefined> {
    const [row] = await this.sql.query<Pick<Row, 'account'>>(
      'SELECT account FROM branch_secrets WHERE branch_id = $1 AND name = $2 ORDER BY created_at DESC LIMIT 1',
      [branchId, SECRET_KEY],
    );
    const account = row && accountOf(branchId, row.account);
    return account?.mode === 'keys' ? account : undefined;
  }

  override keepNoticeSecret(branchId: string, { endpointId, account, signingSecret }: NoticeSecret): Promise<void> {
    return this.keep(branchId, accountText(account), endpointId, signingSecret);
  }

  override async noticeSecrets(branchId: string): Promise<readonly NoticeSecret[]> {
    const rows = await this.sql.query<Row>(
      `SELECT account, name, secret FROM branch_secrets WHERE branch_id = $1 AND name <> $2
       ORDER BY created_at DESC, name`,
      [branchId, SECRET_KEY],
    );
    const secrets = await Promise.all(rows.map((row) => this.readable(branchId, row)));
    return rows.flatMap(({ account, name }, index) => {
      const signingSecret = secrets[index];
      return signingSecret === undefined
        ? []
        : [{ endpointId: name, account: accountOf(branchId, account), signingSecret }];
    });
  }

  private async keep(branchId: string, account: string, name: string, secret: string): Promise<void> {
    const [sealed] = await this.cipher.encrypt([{ customerId: ownerOf(branchId, account, name), value: secret }]);
    const [row] = await this.sql.query<Row>(
      `INSERT INTO branch_secrets (branch_id, account, name, secret) VALUES ($1, $2, $3, $4)
       ON CONFLICT (branch_id, account, name) DO UPDATE SET created_at = now() RETURNING account, name, secret`,
      [branchId, account, name, sealed],
    );
    if (row === undefined || row.secret === sealed || (await this.readable(branchId, row)) !== undefined) return;
    // What stood there opens no more, its own key having been lost: it is of no use to any payment.
    await this.sql.query(
      'UPDATE branch_secrets SET secret = $4 WHERE branch_id = $1 AND account = $2 AND name = $3 AND secret = $5',
      [branchId, account, name, sealed, row.secret],
    );
  }

  /** Nothing where the secret's own key is gone. @throws CiphertextRejected where the row was altered, or is another secret's */
  private async opened(branchId: string, { account, name, secret: ciphertext }: Row): Promise<string | undefined> {
    const owner = ownerOf(branchId, account, name);
    const [secret] = await this.cipher.decrypt([{ customerId: owner, ciphertext }]);
    return typeof secret === 'string' ? secret : undefined;
  }

  /** The same for whom it makes no difference why it does not open. */
  private async readable(branchId: string, row: Row): Promise<string | undefined> {
    try {
      return await this.opened(branchId, row);
    } catch (error) {
      if (error instanceof CiphertextRejected) return undefined;
      throw error;
    }
  }
}

function ownerOf(branchId: string, account: string, name: string): string {
  return `branch-secret:${branchId}:${account}:${name}`;
}

function accountText(account: NoticeSecret['account']): string {
  return account.mode === 'keys' ? `keys:${account.secretFingerprint}` : `connect:${account.accountId}`;
}

function accountOf(branchId: string, text: string): NoticeSecret['account'] {
  const [mode, name = ''] = text.split(':', 2);
  return mode === 'keys' ? { mode, branchId, secretFingerprint: name } : { mode: 'connect', accountId: name };
}
