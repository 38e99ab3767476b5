/** What a branch's card processing has to be, whoever sets it up. */
import { DomainError } from '../errors.js';
import type { CardProcessing } from './events.js';

const SECRET_KEY = /^(?:sk|rk)_(?:test|live)_[A-Za-z0-9_]{8,240}$/;
const PUBLISHABLE_KEY = /^pk_(?:test|live)_[A-Za-z0-9_]{8,240}$/;
const CONNECTED_ACCOUNT = /^acct_[A-Za-z0-9]{8,64}$/;

/**
 * @param live whether the service works with live keys: pages say once for all branches whether money moves
 * @throws DomainError `card_processing_invalid` with `field` and, in words, the `reason`; never with a key
 */
export function checkKeys(keys: { secretKey: string; publishableKey: string }, live: boolean): void {
  if (!SECRET_KEY.test(keys.secretKey)) {
    refuse('secretKey', 'It must be a secret or restricted key of Stripe (sk_… or rk_…).');
  }
  if (!PUBLISHABLE_KEY.test(keys.publishableKey)) {
    refuse('publishableKey', 'It must be a publishable key of Stripe (pk_…).');
  }
  const isLive = modeOf(keys.secretKey) === 'live';
  if (isLive !== live) {
    const wanted = live ? 'live' : 'test';
    refuse('secretKey', `It must be a ${wanted} key, because this service works with ${wanted} keys.`);
  }
  if (modeOf(keys.publishableKey) !== modeOf(keys.secretKey)) {
    refuse('publishableKey', 'It must be of the same mode (test or live) as the secret key.');
  }
}

/** @throws DomainError `card_processing_invalid` with `field` and, in words, the `reason` */
export function checkConnectedAccount(account: string): void {
  if (!CONNECTED_ACCOUNT.test(account)) refuse('account', 'It must be the id of an account at Stripe (acct_…).');
}

/** Whether both charge on the same account by the same keys, and notices come the same way. */
export function isSameProcessing(a: CardProcessing | undefined, b: CardProcessing): boolean {
  return a !== undefined && factsOf(a).join(' ') === factsOf(b).join(' ');
}

function factsOf(processing: CardProcessing): readonly string[] {
  switch (processing.mode) {
    case 'platform':
      return [processing.mode];
    case 'keys': {
      const { mode, publishableKey, secretFingerprint, webhookEndpointId = '' } = processing;
      return [mode, publishableKey, secretFingerprint, webhookEndpointId];
    }
    case 'connect': {
      const { mode, accountId, webhookEndpointId = '' } = processing;
      return [mode, accountId, webhookEndpointId];
    }
  }
}

function modeOf(key: string): string | undefined {
  return key.split('_')[1];
}

/** @throws DomainError always */
export function refuse(field: 'secretKey' | 'publishableKey' | 'account', reason: string): never {
  throw new DomainError('card_processing_invalid', { field, reason });
}
