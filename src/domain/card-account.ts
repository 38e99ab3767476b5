/**
 * Whose account at the processor cards are charged on. What opens an account is no part of it: a secret key is named by its
 * fingerprint, so that a payment can say for good which key it was begun under.
 */
export type CardAccount = PlatformAccount | KeysAccount | ConnectedAccount;

/** The service's own. */
export interface PlatformAccount {
  readonly mode: 'platform';
}

/** The branch's own, opened by keys of its own. */
export interface KeysAccount {
  readonly mode: 'keys';
  /** Browsers know it. */
  readonly publishableKey: string;
  /** The first 16 hexadecimal digits of the SHA-256 of the secret key, which is too long to be guessed from it. */
  readonly secretFingerprint: string;
}

/** The branch's own, on which the service's keys may charge. */
export interface ConnectedAccount {
  readonly mode: 'connect';
  /** `acct_…` */
  readonly accountId: string;
}

/** The account alone, without what is said beside it. */
export function accountOnly(account: CardAccount): CardAccount {
  switch (account.mode) {
    case 'platform':
      return { mode: account.mode };
    case 'keys': {
      const { mode, publishableKey, secretFingerprint } = account;
      return { mode, publishableKey, secretFingerprint };
    }
    case 'connect':
      return { mode: account.mode, accountId: account.accountId };
  }
}
