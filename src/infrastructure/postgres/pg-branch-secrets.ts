import { BranchSecrets, type NoticeSecret } from '../../application/branch-secrets.js';
import type { BranchKeys, PersonalDataCipher } from '../../application/ports.js';
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
    return (await this.opened(keys.branchId, rows))[0];
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
    const secrets = await this.opened(branchId, rows);
    return rows.map(({ account, name }, index) => ({
      endpointId: name,
      account: accountOf(branchId, account),
      signingSecret: secrets[index]!,
    }));
  }

  private async keep(branchId: string, account: string, name: string, secret: string): Promise<void> {
    const [sealed] = await this.cipher.encrypt([{ customerId: ownerOf(branchId, account, name), value: secret }]);
    await this.sql.query(
      `INSERT INTO branch_secrets (branch_id, account, name, secret) VALUES ($1, $2, $3, $4)
       ON CONFLICT (branch_id, account, name) DO UPDATE SET created_at = now()`,
      [branchId, account, name, sealed],
    );
  }

  private async opened(branchId: string, rows: readonly Row[]): Promise<readonly string[]> {
    const secrets = await this.cipher.decrypt(
      rows.map(({ account, name, secret }) => ({
        customerId: ownerOf(branchId, account, name),
        ciphertext: secret,
      })),
    );
    return secrets.map((secret) => {
      if (typeof secret !== 'string')
        throw new Error('The key of a secret of a branch is gone: set card processing up again.');
      return secret;
    });
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
