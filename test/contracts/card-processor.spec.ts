import { StripeCardProcessor } from '../../src/infrastructure/stripe/stripe-card-processor.js';
import { Stripe } from 'stripe';
import {
  answerThreeDSecure,
  PUBLISHABLE_KEY,
  SECRET_KEY,
  startStripeServer,
  WEBHOOK_SECRET,
} from '../sandbox/stripe-server.js';
import { CARDS as FAKE_CARDS, type FakeCard, FakeCardProcessor } from '../support/doubles/card-processor.js';
import { cardProcessorContract, type CardProcessorHarness, type TestCard } from './card-processor.contract.js';
import { MemoryBranchSecrets } from '../support/doubles/branch-secrets.js';

const CARDS: Readonly<Record<TestCard, string>> = {
  credit: 'pm_card_visa',
  debit: 'pm_card_visa_debit',
  prepaid: 'pm_card_mastercard_prepaid',
  declined: 'pm_card_visa_chargeDeclined',
  insufficient_funds: 'pm_card_visa_chargeDeclinedInsufficientFunds',
  expired: 'pm_card_chargeDeclinedExpiredCard',
  incorrect_cvc: 'pm_card_chargeDeclinedIncorrectCvc',
  processing_error: 'pm_card_chargeDeclinedProcessingError',
  three_d_secure: 'pm_card_authenticationRequired',
};

const DOUBLES: Readonly<Record<TestCard, FakeCard>> = {
  credit: FAKE_CARDS.credit,
  debit: FAKE_CARDS.debit,
  prepaid: FAKE_CARDS.prepaid,
  declined: FAKE_CARDS.declined,
  insufficient_funds: FAKE_CARDS.insufficientFunds,
  expired: FAKE_CARDS.expired,
  incorrect_cvc: FAKE_CARDS.incorrectCvc,
  processing_error: FAKE_CARDS.processingError,
  three_d_secure: FAKE_CARDS.threeDSecure,
};

const systemClock = { now: () => new Date() };

function onTheDouble(): CardProcessorHarness {
  const processor = new FakeCardProcessor(systemClock);
  return {
    processor,
    tokenFor: (card) => Promise.resolve(processor.tokenFor(DOUBLES[card])),
    authenticate: (intent, outcome) => Promise.resolve(processor.authenticate(intent.paymentIntentId, outcome)),
    stop: () => Promise.resolve(),
  };
}

async function onTheStandIn(): Promise<CardProcessorHarness> {
  const server = await startStripeServer();
  const stripe = server.client();
  const processor = new StripeCardProcessor({
    secretKey: SECRET_KEY,
    publishableKey: PUBLISHABLE_KEY,
    webhookSecrets: [WEBHOOK_SECRET],
    apiUrl: server.origin,
    scriptUrl: `${server.origin}/endive/stripe.js`,
    clock: systemClock,
    secrets: new MemoryBranchSecrets(),
  });
  return {
    processor,
    tokenFor: async (card) => (await stripe.testHelpers.confirmationTokens.create({ payment_method: CARDS[card] })).id,
    authenticate: async (intent, outcome) => {
      const retrieved = await stripe.paymentIntents.retrieve(intent.paymentIntentId);
      await answerThreeDSecure(server.origin, retrieved, outcome);
    },
    stop: () => server.stop(),
  };
}

/** Any Stripe account in test mode, by the service's own settings. */
function onAnAccount(secretKey: string, apiUrl: string): CardProcessorHarness {
  if (!/^(sk|rk)_test_/.test(secretKey)) throw new Error('STRIPE_SECRET_KEY must be a test key for these tests');
  const stripe = new Stripe(secretKey, { host: new URL(apiUrl).host });
  const processor = new StripeCardProcessor({
    secretKey,
    publishableKey: process.env['STRIPE_PUBLISHABLE_KEY'] ?? PUBLISHABLE_KEY,
    webhookSecrets: [WEBHOOK_SECRET],
    apiUrl,
    scriptUrl: 'https://js.stripe.com/endive/stripe.js',
    clock: systemClock,
    secrets: new MemoryBranchSecrets(),
  });
  return {
    processor,
    tokenFor: async (card) => (await stripe.testHelpers.confirmationTokens.create({ payment_method: CARDS[card] })).id,
    stop: () => Promise.resolve(),
  };
}

cardProcessorContract('the double of the tests', () => Promise.resolve(onTheDouble()), true);
cardProcessorContract('Stripe’s SDK on the stand-in', onTheStandIn, true);

const secretKey = process.env['STRIPE_SECRET_KEY'];
const apiUrl = process.env['STRIPE_API_URL'];
if (secretKey !== undefined && apiUrl !== undefined) {
  cardProcessorContract(`Stripe’s SDK on ${apiUrl}`, () => Promise.resolve(onAnAccount(secretKey, apiUrl)), false);
}
