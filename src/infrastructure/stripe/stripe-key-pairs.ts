import type Stripe from 'stripe';
import { type PairTried, ProcessorRefused } from '../../application/ports.js';
import { failureFrom } from './stripe-failures.js';

const MISSING = 'resource_missing';

/**
 * Stripe names nobody the account of a publishable key. But what one account has made is there for a publishable key of that account
 * alone: a setup intent is made with the one key, which costs nothing and stands in no list of payments, and looked for with the other.
 *
 * @param secret asks with the secret key
 * @param publishable asks with the publishable one
 */
export async function tryKeyPair(secret: Stripe, publishable: Stripe): Promise<PairTried> {
  const made = await refusedOr('make a setup intent', () =>
    secret.setupIntents.create({
      allowed_payment_method_types: ['card'],
      usage: 'on_session',
      description: 'Paylink Ledger: are both keys of one account? No card is kept.',
    }),
  );
  if (made instanceof ProcessorRefused) return { outcome: 'refused', key: 'secretKey', code: made.code };
  const { id, client_secret: clientSecret } = made;
  const found = await refusedOr('read the setup intent', () =>
    publishable.setupIntents.retrieve(id, clientSecret === null ? {} : { client_secret: clientSecret }),
  ).finally(() => secret.setupIntents.cancel(id).catch(() => undefined));
  if (!(found instanceof ProcessorRefused)) return { outcome: 'one_account' };
  if (found.code === MISSING) return { outcome: 'two_accounts' };
  return { outcome: 'refused', key: 'publishableKey', code: found.code };
}

/** A refusal is an answer here; everything else that fails is thrown as the port has it. */
async function refusedOr<T>(action: string, work: () => Promise<T>): Promise<T | ProcessorRefused> {
  try {
    return await work();
  } catch (error) {
    const failure = failureFrom(error, action);
    if (failure instanceof ProcessorRefused) return failure;
    throw failure;
  }
}
