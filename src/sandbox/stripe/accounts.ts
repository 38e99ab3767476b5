import { ApiError } from './api-error.js';

/** The account of every key that names no other. */
export const OWN_ACCOUNT = 'acct_1StandIn000000000';

/**
 * Which account a key opens. A key says so itself, as test cards say what their bank does: `sk_test_acctHarbour_42` and
 * `pk_test_acctHarbour_42` are keys of `acct_Harbour`.
 */
export function accountOfKey(key: string): string {
  const [, name] = /^[a-z]{2}_test_acct([A-Za-z0-9]{1,40})_\w+$/.exec(key) ?? [];
  return name === undefined ? OWN_ACCOUNT : `acct_${name}`;
}

/**
 * In whose name a request is made: with `Stripe-Account`, that of an account connected to the key's. To the stand-in's own account
 * all are connected whose ids begin with `acct_Connected`.
 *
 * @throws ApiError 403 for an account that the key has nothing to do with
 */
export function accountAskedFor(keyAccount: string, wanted: string | undefined): string {
  if (wanted === undefined || wanted === '' || wanted === keyAccount) return keyAccount;
  if (keyAccount === OWN_ACCOUNT && /^acct_Connected[A-Za-z0-9]*$/.test(wanted)) return wanted;
  throw new ApiError(403, {
    type: 'invalid_request_error',
    code: 'account_invalid',
    message:
      `The provided key does not have access to account '${wanted.slice(0, 80)}' (or that account does not exist). ` +
      'Application access may have been revoked.',
  });
}

/** An account that has not finished its set-up says so in its id. */
export function mayCharge(account: string): boolean {
  return !account.endsWith('NoCharges');
}
