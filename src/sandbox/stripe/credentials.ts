import type { IncomingHttpHeaders } from 'node:http';
import { accountAskedFor, accountOfKey } from './accounts.js';
import { ApiError, unauthenticated } from './api-error.js';
import type { KeyKind } from './call.js';
import type { Route } from './routes.js';

const NO_KEY =
  'You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth ' +
  "(e.g. 'Authorization: Bearer YOUR_SECRET_KEY').";

/** Who asks, and in the name of which account. */
export interface Asker {
  readonly keyKind: KeyKind;
  readonly account: string;
}

/**
 * Which kind of key a request carries: a test key of either kind, in the header or, as stripe.js does, as `key`. An account in
 * whose name it asks is in a header too, or `_stripe_account`.
 * @throws ApiError 401 for none and for any other, live ones too: no stand-in ever works with a live key.
 */
export function askerOf(headers: IncomingHttpHeaders, query: URLSearchParams): Asker {
  const key = keyInHeader(headers.authorization) ?? query.get('key');
  if (key === null || key === '') throw unauthenticated(NO_KEY);
  if (/^(sk|rk|pk)_test_\w+_revoked$/.test(key)) throw expired(key);
  const header = headers['stripe-account'];
  const wanted = (typeof header === 'string' ? header : undefined) ?? query.get('_stripe_account') ?? undefined;
  const account = (): string => accountAskedFor(accountOfKey(key), wanted);
  if (/^(sk|rk)_test_\w+$/.test(key)) return { keyKind: 'secret', account: account() };
  if (/^pk_test_\w+$/.test(key)) return { keyKind: 'publishable', account: account() };
  throw unauthenticated(`Invalid API Key provided: ${key.slice(0, 3)}${'*'.repeat(16)}`);
}

/** A key that its owner has taken back ends in `_revoked`. */
function expired(key: string): ApiError {
  const message = `Expired API Key provided: ${key.slice(0, 3)}${'*'.repeat(16)}`;
  return new ApiError(401, { type: 'invalid_request_error', code: 'api_key_expired', message });
}

function keyInHeader(authorization: string | undefined): string | undefined {
  const [scheme, value] = authorization?.split(' ') ?? [];
  if (value === undefined) return undefined;
  if (scheme?.toLowerCase() === 'bearer') return value;
  if (scheme?.toLowerCase() === 'basic') return Buffer.from(value, 'base64').toString().split(':')[0];
  return undefined;
}

/** Refuses a key of the wrong kind for this route. */
export function refuseWrongKey(route: Route, keyKind: KeyKind): void {
  if (route.keys.includes(keyKind)) return;
  if (keyKind === 'publishable') {
    throw new ApiError(401, {
      type: 'invalid_request_error',
      code: 'secret_key_required',
      message: 'This API call cannot be made with a publishable API key. Please use a secret API key.',
    });
  }
  throw unauthenticated('This API call is made by stripe.js: use a publishable API key.');
}
