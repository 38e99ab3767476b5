import type { Answer, Call, KeyKind } from './call.js';
import { listCharges, retrieveBalanceTransaction, retrieveCharge } from './charges.js';
import { confirmIntent, describeAuthentication, settleAuthentication } from './confirm.js';
import { createTestToken, createToken, retrieveToken } from './confirmation-tokens.js';
import { listEvents, retrieveAccount, retrieveEvent } from './events.js';
import { cancelIntent, createIntent, listIntents, retrieveIntent } from './payment-intents.js';
import { cancelSetupIntent, createSetupIntent, retrieveSetupIntent } from './setup-intents.js';
import { createEndpoint, deleteEndpoint, listEndpoints } from './webhook-endpoints.js';

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path segments; one that begins with a colon matches anything and gives it a name. */
  readonly path: string;
  /** The keys that open it; none where a client secret in the request does. */
  readonly keys: readonly KeyKind[];
  readonly run: (call: Call) => Promise<Answer>;
}

const SERVER: readonly KeyKind[] = ['secret'];
const BROWSER: readonly KeyKind[] = ['publishable'];

const ROUTES: readonly Route[] = [
  { method: 'POST', path: '/v1/confirmation_tokens', keys: BROWSER, run: createToken },
  { method: 'GET', path: '/v1/confirmation_tokens/:id', keys: SERVER, run: retrieveToken },
  { method: 'POST', path: '/v1/test_helpers/confirmation_tokens', keys: SERVER, run: createTestToken },
  { method: 'POST', path: '/v1/payment_intents', keys: SERVER, run: createIntent },
  { method: 'GET', path: '/v1/payment_intents', keys: SERVER, run: listIntents },
  { method: 'GET', path: '/v1/payment_intents/:id', keys: [...SERVER, ...BROWSER], run: retrieveIntent },
  { method: 'POST', path: '/v1/payment_intents/:id/confirm', keys: SERVER, run: confirmIntent },
  { method: 'POST', path: '/v1/payment_intents/:id/cancel', keys: SERVER, run: cancelIntent },
  { method: 'POST', path: '/v1/setup_intents', keys: SERVER, run: createSetupIntent },
  { method: 'GET', path: '/v1/setup_intents/:id', keys: [...SERVER, ...BROWSER], run: retrieveSetupIntent },
  { method: 'POST', path: '/v1/setup_intents/:id/cancel', keys: SERVER, run: cancelSetupIntent },
  { method: 'GET', path: '/v1/charges', keys: SERVER, run: listCharges },
  { method: 'GET', path: '/v1/charges/:id', keys: SERVER, run: retrieveCharge },
  { method: 'GET', path: '/v1/events', keys: SERVER, run: listEvents },
  { method: 'GET', path: '/v1/events/:id', keys: SERVER, run: retrieveEvent },
  { method: 'POST', path: '/v1/webhook_endpoints', keys: SERVER, run: createEndpoint },
  { method: 'GET', path: '/v1/webhook_endpoints', keys: SERVER, run: listEndpoints },
  { method: 'DELETE', path: '/v1/webhook_endpoints/:id', keys: SERVER, run: deleteEndpoint },
  { method: 'GET', path: '/v1/account', keys: SERVER, run: retrieveAccount },
  { method: 'GET', path: '/v1/balance_transactions/:id', keys: SERVER, run: retrieveBalanceTransaction },
  { method: 'GET', path: '/endive/three-d-secure/:id', keys: [], run: describeAuthentication },
  { method: 'POST', path: '/endive/three-d-secure/:id', keys: [], run: settleAuthentication },
];

/** The route for a request, with the named parts of its path. */
export function matchRoute(
  method: string,
  path: string,
): { route: Route; names: Readonly<Record<string, string>> } | undefined {
  const segments = path.split('/');
  for (const route of ROUTES) {
    if (route.method !== method) continue;
    const names = match(route.path.split('/'), segments);
    if (names !== undefined) return { route, names };
  }
  return undefined;
}

function match(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const names: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? '';
    if (part.startsWith(':') && segment !== '') names[part.slice(1)] = segment;
    else if (part !== segment) return undefined;
  }
  return names;
}
