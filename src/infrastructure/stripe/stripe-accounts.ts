import { Stripe } from 'stripe';
import type { BranchSecrets } from '../../application/branch-secrets.js';
import {
  type BranchKeys,
  type ProcessorAccount,
  ProcessorKeyMissing,
  ProcessorRefused,
} from '../../application/ports.js';

/** Pinned: an account's default version must not change the shapes that this code reads. */
export const API_VERSION: Stripe.LatestApiVersion = '2026-10-28.endive';
const TIMEOUT_MS = 20_000;
const RETRIES = 2;

export interface StripeAccountsOptions {
  /** The service's own. */
  readonly secretKey: string;
  /** Where the API is, `https://api.stripe.com` or a stand-in; without a path, which the SDK has no place for. */
  readonly apiUrl: string;
  /** Tries after the first, for tests of what happens when there are none. */
  readonly maxNetworkRetries?: number;
  readonly secrets: Pick<BranchSecrets, 'key' | 'latestKey' | 'noticeSecrets'>;
}

/** Who asks Stripe, and in whose name. */
export interface Asking {
  readonly stripe: Stripe;
  /** For every call, beside what the call has itself. */
  readonly options: Stripe.RequestOptions;
}

/** The clients by which the accounts are reached: the service's own, which asks for connected accounts too, and one a branch's key. */
export class StripeAccounts {
  private readonly platform: Stripe;
  private readonly byKey = new Map<string, Stripe>();

  constructor(private readonly settings: StripeAccountsOptions) {
    this.platform = this.client(settings.secretKey);
  }

  async asking(account: ProcessorAccount): Promise<Asking> {
    switch (account.mode) {
      case 'platform':
        return { stripe: this.platform, options: {} };
      case 'connect':
        return { stripe: this.platform, options: { stripeAccount: account.accountId } };
      case 'keys':
        return { stripe: await this.ofBranch(account), options: {} };
    }
  }

  /** By a key that is kept nowhere. */
  byUnkept(key: string): Asking {
    return { stripe: this.client(key), options: {} };
  }

  /** Notices about connected accounts are registered for with the service's own account. */
  async registering(account: ProcessorAccount): Promise<Stripe> {
    return account.mode === 'connect' ? this.platform : (await this.asking(account)).stripe;
  }

  /** The key that has taken the place of this one, where one has. */
  async successorOf(account: ProcessorAccount): Promise<BranchKeys | undefined> {
    if (account.mode !== 'keys') return undefined;
    const latest = await this.settings.secrets.latestKey(account.branchId);
    return latest?.secretFingerprint === account.secretFingerprint ? undefined : latest;
  }

  private async ofBranch(keys: BranchKeys): Promise<Stripe> {
    const name = `${keys.branchId}/${keys.secretFingerprint}`;
    const known = this.byKey.get(name);
    if (known) return known;
    const secretKey = await this.settings.secrets.key(keys);
    if (secretKey === undefined) {
      throw new ProcessorKeyMissing(`The secret key ${keys.secretFingerprint} of branch ${keys.branchId} is not kept.`);
    }
    // It was of the service's mode when it was kept; a service that has gone live since must not take test cards for money.
    if (isLiveKey(secretKey) !== isLiveKey(this.settings.secretKey)) {
      throw new ProcessorRefused('key_of_another_mode', `The secret key ${keys.secretFingerprint} is of another mode.`);
    }
    const made = this.client(secretKey);
    this.byKey.set(name, made);
    return made;
  }

  private client(secretKey: string): Stripe {
    return new Stripe(secretKey, {
      ...addressOf(this.settings.apiUrl),
      apiVersion: API_VERSION,
      timeout: TIMEOUT_MS,
      maxNetworkRetries: this.settings.maxNetworkRetries ?? RETRIES,
      telemetry: false,
    });
  }
}

export function isLiveKey(secretKey: string): boolean {
  return /^(sk|rk)_live_/.test(secretKey);
}

function addressOf(apiUrl: string): { protocol: 'http' | 'https'; host: string; port: string } {
  const url = new URL(apiUrl);
  const protocol = url.protocol === 'http:' ? 'http' : 'https';
  return { protocol, host: url.hostname, port: url.port === '' ? (protocol === 'http' ? '80' : '443') : url.port };
}
