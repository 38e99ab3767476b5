import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { SetUpCardProcessing, type CardProcessingInput } from '../../src/application/branch/set-up-card-processing.js';
import { ViewPayPage } from '../../src/application/pay/view-pay-page.js';
import { ProcessorRefused, type ProcessorAccount } from '../../src/application/ports.js';
import { by } from '../support/doubles/application.js';
import { CARDS } from '../support/doubles/card-processor.js';
import { Journey, STARTED } from './journey.js';

const KEYS = {
  mode: 'keys',
  secretKey: 'sk_test_acctHarbour_0042',
  publishableKey: 'pk_test_acctHarbour_0042',
} as const;
const FINGERPRINT = createHash('sha256').update(KEYS.secretKey).digest('hex').slice(0, 16);
const CONNECT = { mode: 'connect', account: 'acct_ConnectedHarbour' } as const;

let journey: Journey;
beforeEach(async () => {
  journey = await Journey.begin();
});

const setUp = (input: CardProcessingInput) =>
  journey.app.ask(new SetUpCardProcessing({ branchId: journey.branchId, ...input }, by('staff:1')));
const ownKeys = (): ProcessorAccount => ({
  mode: 'keys',
  branchId: journey.branchId,
  secretFingerprint: FINGERPRINT,
});
const connected: ProcessorAccount = { mode: 'connect', accountId: CONNECT.account };

async function pay(card: (typeof CARDS)[keyof typeof CARDS], account: ProcessorAccount) {
  return journey.submit(await journey.quote(card, journey.linkId, account));
}

async function accountsOfAttempts(): Promise<readonly unknown[]> {
  const events = await journey.app.codec.decodeStream(journey.events());
  return events.flatMap(({ event }) =>
    event.type === 'PaymentStarted' ? [(event.data as { account: unknown }).account] : [],
  );
}

describe('card processing by keys of its own', () => {
  it('keeps the key before the event names it, and the log has no more than how it ends', async () => {
    const { branch } = await setUp(KEYS);
    expect(branch.cardProcessing).toEqual({
      mode: 'keys',
      publishableKey: KEYS.publishableKey,
      secretFingerprint: FINGERPRINT,
      secretEndsWith: '0042',
      webhookEndpointId: 'we_1',
    });
    const { branchSecrets, processor, store } = journey.world;
    expect(await branchSecrets.key({ mode: 'keys', branchId: journey.branchId, secretFingerprint: FINGERPRINT })).toBe(
      KEYS.secretKey,
    );
    expect(processor.registered).toEqual([
      { account: ownKeys(), url: `https://pay.example.com/webhooks/stripe/${journey.branchId}` },
    ]);
    expect(await branchSecrets.noticeSecrets(journey.branchId)).toEqual([
      { endpointId: 'we_1', account: ownKeys(), signingSecret: 'whsec_1' },
    ]);
    expect(JSON.stringify(store.all().map(({ data }) => data))).not.toContain(KEYS.secretKey);
  });

  it('that takes another’s place is the one by which what the endpoint tells is asked for from then on', async () => {
    const newer = 'sk_test_acctHarbour_0043';
    const latest = { ...ownKeys(), secretFingerprint: createHash('sha256').update(newer).digest('hex').slice(0, 16) };
    const kept = { endpointId: 'we_1', signingSecret: 'whsec_1' };
    const { branchSecrets } = journey.world;
    await setUp(KEYS);
    await setUp({ ...KEYS, secretKey: newer });
    expect(await branchSecrets.noticeSecrets(journey.branchId)).toEqual([
      { ...kept, account: latest },
      { ...kept, account: ownKeys() },
    ]);
    await setUp(KEYS);
    expect((await branchSecrets.noticeSecrets(journey.branchId)).map(({ account }) => account)).toEqual([
      ownKeys(),
      latest,
    ]);
  });

  it('that the processor refuses changes nothing, and the refusal names the field without the key', async () => {
    const secretKey = 'sk_test_acctHarbour_revoked';
    await expect(setUp({ ...KEYS, secretKey })).rejects.toMatchObject({
      code: 'card_processing_invalid',
      details: { field: 'secretKey', reason: 'Stripe did not let this key in (api_key_expired).' },
    });
    const { branch } = await setUp({ mode: 'platform' });
    expect(branch.cardProcessing).toEqual({ mode: 'platform' });
  });

  it.each([
    ['pk_test_acctQuay_0042', 'It is of another account than the secret key.'],
    ['pk_test_acctHarbour_revoked', 'Stripe did not let this key in (api_key_expired).'],
  ])('whose publishable one is not of its account (%s) keeps nothing and changes nothing', async (key, reason) => {
    await expect(setUp({ ...KEYS, publishableKey: key })).rejects.toMatchObject({
      code: 'card_processing_invalid',
      details: { field: 'publishableKey', reason: expect.stringContaining(reason) },
    });
    const { branchSecrets, processor } = journey.world;
    expect([await branchSecrets.latestKey(journey.branchId), processor.registered]).toEqual([undefined, []]);
  });

  it('charges there, and says so in the attempt', async () => {
    await setUp(KEYS);
    expect(await pay(CARDS.credit, ownKeys())).toMatchObject({ outcome: 'captured' });
    expect(await accountsOfAttempts()).toEqual([
      { mode: 'keys', publishableKey: KEYS.publishableKey, secretFingerprint: FINGERPRINT },
    ]);
  });
});

describe('an account that is connected to the service’s', () => {
  it('is charged', async () => {
    const { branch } = await setUp(CONNECT);
    expect(branch.cardProcessing).toEqual({ mode: 'connect', accountId: CONNECT.account, webhookEndpointId: 'we_1' });
    expect(await pay(CARDS.credit, connected)).toMatchObject({ outcome: 'captured' });
    expect(await accountsOfAttempts()).toEqual([{ mode: 'connect', accountId: CONNECT.account }]);
  });

  it('that takes another’s place is told of by the endpoint that is there, and that of keys is none of it', async () => {
    await setUp(KEYS);
    await setUp(CONNECT);
    await setUp({ ...CONNECT, account: 'acct_ConnectedPier' });
    const kept = await journey.world.branchSecrets.noticeSecrets(journey.branchId);
    expect(kept.map(({ endpointId, account }) => [endpointId, account])).toEqual([
      ['we_2', { mode: 'connect', accountId: 'acct_ConnectedPier' }],
      ['we_2', connected],
      ['we_1', ownKeys()],
    ]);
  });
});

describe('a setting that is changed', () => {
  it('while a payment waits for the bank leaves that payment where it began', async () => {
    await setUp(KEYS);
    expect(await pay(CARDS.threeDSecure, ownKeys())).toMatchObject({ outcome: 'requires_action' });
    await setUp(CONNECT);
    const page = await journey.app.ask(new ViewPayPage({ linkId: journey.linkId }));
    expect([page.state, page.processor.publishableKey]).toEqual(['bank_step', KEYS.publishableKey]);
    const { processor } = journey.world;
    processor.authenticate(processor.all()[0]!.paymentIntentId, 'complete');
    await journey.settleJob();
    expect(journey.types()).toEqual([...STARTED, 'PaymentCaptured']);
  });

  it('lets *use another card* go on at the new account', async () => {
    await setUp(KEYS);
    await pay(CARDS.threeDSecure, ownKeys());
    await setUp({ mode: 'platform' });
    expect(await journey.release()).toEqual({ outcome: 'released' });
    expect(await pay(CARDS.credit, { mode: 'platform' })).toMatchObject({ outcome: 'captured' });
    expect((await accountsOfAttempts()).map((account) => (account as ProcessorAccount).mode)).toEqual([
      'keys',
      'platform',
    ]);
  });

  it('between the quote and its submission asks for the card again, and charges nowhere', async () => {
    const quote = await journey.quote(CARDS.credit);
    await setUp(KEYS);
    await expect(journey.submit(quote)).rejects.toMatchObject({ code: 'quote_changed' });
    expect(journey.world.processor.all()).toEqual([]);
  });

  it('to another key of the branch lets notices of the former endpoint settle by the key of the attempt', async () => {
    await setUp(KEYS);
    await pay(CARDS.threeDSecure, ownKeys());
    const { processor } = journey.world;
    const { paymentIntentId } = processor.all()[0]!;
    processor.authenticate(paymentIntentId, 'complete');
    await setUp({ ...KEYS, secretKey: 'sk_test_acctHarbour_0043' });
    await journey.webhook(paymentIntentId, ownKeys());
    expect(journey.types()).toEqual([...STARTED, 'PaymentCaptured']);
  });
});

describe('an account that lets the service in no more', () => {
  it('leaves a payment that began there being checked: nobody is told that the card was refused, or can pay again', async () => {
    await setUp(CONNECT);
    const first = await journey.quote(CARDS.threeDSecure, journey.linkId, connected);
    await journey.submit(first);
    const { processor } = journey.world;
    const ask = processor.retrieveIntent.bind(processor);
    processor.authenticate(processor.all()[0]!.paymentIntentId, 'complete');
    const refused = new ProcessorRefused(
      'account_invalid',
      'Stripe refused to read the payment intent: account_invalid.',
    );
    Object.assign(processor, { retrieveIntent: () => Promise.reject(refused) });
    expect(await journey.pageState()).toBe('checking');
    expect(await journey.settle()).toEqual({ outcome: 'checking' });
    expect(await journey.submit(first)).toEqual({ outcome: 'checking' });
    const elsewhere = await journey.anotherLink();
    const second = await journey.quote(CARDS.credit, elsewhere, connected);
    await expect(journey.submit(second, { linkId: elsewhere })).rejects.toMatchObject({ code: 'payment_unknown' });
    expect(journey.charges()).toHaveLength(1);
    // Connected again.
    Object.assign(processor, { retrieveIntent: ask });
    await journey.settleJob();
    expect(journey.types()).toEqual([...STARTED, 'PaymentCaptured']);
  });
});

describe('a notice of one account', () => {
  it('settles nothing that was begun on another, whatever the object there says', async () => {
    await pay(CARDS.threeDSecure, { mode: 'platform' });
    const { processor } = journey.world;
    const { paymentIntentId, metadata } = processor.all()[0]!;
    processor.authenticate(paymentIntentId, 'complete');
    await expect(journey.webhook(paymentIntentId, connected)).rejects.toMatchObject({ code: 'resource_missing' });
    // Somebody's own account answers what its owner put there.
    const forged = { ...processor.all()[0]!, metadata };
    Object.assign(processor, { retrieveIntent: () => Promise.resolve(forged) });
    await journey.webhook(paymentIntentId, connected);
    await journey.webhook(paymentIntentId, { mode: 'keys', branchId: 'another', secretFingerprint: '00' });
    expect(journey.types()).toEqual(STARTED);
  });
});
