import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CardProcessor, type PaymentIntent, ProcessorRefused } from '../../src/application/ports.js';

/** What a card of the processor's test mode does. */
export type TestCard =
  | 'credit'
  | 'debit'
  | 'prepaid'
  | 'declined'
  | 'insufficient_funds'
  | 'expired'
  | 'incorrect_cvc'
  | 'processing_error'
  | 'three_d_secure';

/** One implementation of the port with what a test needs beside it. */
export interface CardProcessorHarness {
  readonly processor: CardProcessor;
  /** A fresh confirmation token for a card, as the card form would make it. */
  tokenFor(card: TestCard): Promise<string>;
  /** Answers the bank's step as the cardholder, where that can be done without a browser. */
  readonly authenticate?: (intent: PaymentIntent, outcome: 'complete' | 'fail') => Promise<void>;
  stop(): Promise<void>;
}

const account = { mode: 'platform' } as const;
const amountMinor = 41_811;

/** What every card processor must do, whatever is behind the port. */
export function cardProcessorContract(
  name: string,
  start: () => Promise<CardProcessorHarness>,
  canAuthenticate: boolean,
) {
  describe(`card processor: ${name}`, () => {
    let harness: CardProcessorHarness;
    let processor: CardProcessor;

    beforeAll(async () => {
      harness = await start();
      processor = harness.processor;
    }, 30_000);
    afterAll(() => harness.stop());

    const newIntent = (idempotencyKey: string = randomUUID()): Promise<PaymentIntent> =>
      processor.createIntent(account, {
        amountMinor,
        currency: 'USD',
        metadata: { attempt: 'a-1' },
        description: 'Invoice INV-1001',
        idempotencyKey,
      });
    const confirm = (paymentIntentId: string, confirmationTokenId: string, more: object = {}): Promise<PaymentIntent> =>
      processor.confirmIntent(account, {
        paymentIntentId,
        confirmationTokenId,
        amountMinor,
        returnUrl: 'https://pay.example.com/back',
        idempotencyKey: randomUUID(),
        ...more,
      });
    const pay = async (card: TestCard): Promise<PaymentIntent> =>
      confirm((await newIntent()).paymentIntentId, await harness.tokenFor(card));

    it.each([
      ['credit', 'visa', 'credit', '4242'],
      ['debit', 'visa', 'debit', '5556'],
      ['prepaid', 'mastercard', 'prepaid', '5100'],
    ] as const)(
      'tells of a %s card what the fee depends on, before any money moves',
      async (card, brand, funding, last4) => {
        const preview = await processor.previewToken(account, await harness.tokenFor(card));
        expect(preview.card).toEqual({ brand, funding, last4, country: 'US' });
        expect(preview.expiresAt?.getTime()).toBeGreaterThan(Date.now());
      },
    );

    it('makes an intent that has charged nothing', async () => {
      const intent = await newIntent();
      expect(intent).toMatchObject({
        status: 'requires_payment_method',
        amountMinor,
        currency: 'USD',
        metadata: { attempt: 'a-1' },
        charge: undefined,
        lastError: undefined,
      });
      expect(intent.clientSecret).toContain(intent.paymentIntentId);
      expect(await processor.retrieveIntent(account, intent.paymentIntentId)).toEqual(intent);
    });

    it('makes one intent for one idempotency key', async () => {
      const key = randomUUID();
      const first = await newIntent(key);
      const second = await newIntent(key);
      expect(second.paymentIntentId).toBe(first.paymentIntentId);
    });

    it('charges exactly the intent’s amount, once', async () => {
      const before = Date.now();
      const paid = await pay('debit');
      expect(paid.status).toBe('succeeded');
      expect(paid.charge).toMatchObject({
        amountMinor,
        currency: 'USD',
        card: { brand: 'visa', last4: '5556', funding: 'debit', country: 'US' },
      });
      expect(paid.charge?.createdAt.getTime()).toBeGreaterThan(before - 60_000);
      expect(await processor.retrieveIntent(account, paid.paymentIntentId)).toEqual(paid);
    });

    it('answers a second confirmation with the charge that is there already', async () => {
      const paid = await pay('credit');
      const again = await confirm(paid.paymentIntentId, await harness.tokenFor('credit'));
      expect(again.charge?.chargeId).toBe(paid.charge?.chargeId);
    });

    it('makes one charge of two confirmations at once', async () => {
      const { paymentIntentId } = await newIntent();
      const tokens = await Promise.all([harness.tokenFor('credit'), harness.tokenFor('credit')]);
      await Promise.allSettled(tokens.map((token) => confirm(paymentIntentId, token)));
      const settled = await processor.retrieveIntent(account, paymentIntentId);
      expect(settled).toMatchObject({ status: 'succeeded', amountMinor });
    });

    it.each([
      ['declined', 'card_declined', 'generic_decline'],
      ['insufficient_funds', 'card_declined', 'insufficient_funds'],
      ['expired', 'expired_card', expect.anything()],
      ['incorrect_cvc', 'incorrect_cvc', expect.anything()],
      ['processing_error', 'processing_error', expect.anything()],
    ] as const)('answers %s as a decline that another card can follow', async (card, code, declineCode) => {
      const declined = await pay(card);
      expect(declined).toMatchObject({ status: 'requires_payment_method', lastError: { code, declineCode } });
      expect(declined.charge).toBeUndefined();
      const paid = await confirm(declined.paymentIntentId, await harness.tokenFor('credit'));
      expect(paid).toMatchObject({ status: 'succeeded', lastError: undefined });
    });

    it('refuses another amount than the intent’s, and charges nothing', async () => {
      const { paymentIntentId } = await newIntent();
      const token = await harness.tokenFor('credit');
      await expect(confirm(paymentIntentId, token, { amountMinor: 1 })).rejects.toBeInstanceOf(ProcessorRefused);
      const after = await processor.retrieveIntent(account, paymentIntentId);
      expect(after).toMatchObject({ status: 'requires_payment_method', charge: undefined });
    });

    it('refuses a token that was used', async () => {
      const token = await harness.tokenFor('credit');
      await confirm((await newIntent()).paymentIntentId, token);
      const { paymentIntentId } = await newIntent();
      await expect(confirm(paymentIntentId, token)).rejects.toBeInstanceOf(ProcessorRefused);
    });

    it.each(['ctoken_does_not_exist', '', '../account', 'pi_1'])('refuses the token %j by its code', async (id) => {
      await expect(processor.previewToken(account, id)).rejects.toMatchObject({ code: 'resource_missing' });
    });

    it.each(['pi_does_not_exist', '', 'pi_1/../../account'])('refuses the intent %j by its code', async (id) => {
      await expect(processor.retrieveIntent(account, id)).rejects.toMatchObject({ code: 'resource_missing' });
    });

    it('cancels an intent, after which it cannot be charged', async () => {
      const { paymentIntentId } = await newIntent();
      expect((await processor.cancelIntent(account, paymentIntentId)).status).toBe('canceled');
      const late = await confirm(paymentIntentId, await harness.tokenFor('credit'));
      expect(late).toMatchObject({ status: 'canceled', charge: undefined });
      expect((await processor.cancelIntent(account, paymentIntentId)).status).toBe('canceled');
    });

    it('answers the charge where a cancellation comes too late', async () => {
      const paid = await pay('credit');
      expect(await processor.cancelIntent(account, paid.paymentIntentId)).toEqual(paid);
    });

    it('waits for the bank where the card asks for it', async () => {
      const waiting = await pay('three_d_secure');
      expect(waiting).toMatchObject({ status: 'requires_action', charge: undefined });
      expect((await processor.cancelIntent(account, waiting.paymentIntentId)).status).toBe('canceled');
    });

    if (canAuthenticate) {
      it.each([
        ['complete', 'succeeded', undefined],
        ['fail', 'requires_payment_method', { code: 'payment_intent_authentication_failure' }],
      ] as const)('knows when the cardholder let the bank’s step %s', async (outcome, status, lastError) => {
        const waiting = await pay('three_d_secure');
        await harness.authenticate?.(waiting, outcome);
        const settled = await processor.retrieveIntent(account, waiting.paymentIntentId);
        expect(settled.status).toBe(status);
        expect(settled.lastError?.code).toBe(lastError?.code);
        expect(settled.charge?.amountMinor).toBe(outcome === 'complete' ? amountMinor : undefined);
      });
    }

    it('gives the browser no secret', () => {
      const keys = processor.browserKeys(account);
      expect(keys.publishableKey).toMatch(/^pk_/);
      expect(JSON.stringify(keys)).not.toMatch(/sk_|whsec_/);
      expect(processor.testMode).toBe(true);
    });

    it('believes no notice that it cannot check', async () => {
      const body = Buffer.from('{"id":"evt_1","object":"event","livemode":false}');
      for (const signature of ['', 't=1,v1=00', 'nonsense'])
        expect(await processor.readNotice(body, signature, 'platform')).toBeUndefined();
    });
  });
}
