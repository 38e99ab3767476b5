/** The one journey of a payment, with one thing going wrong at each call that it makes to the world outside. */
import { describe, expect, it } from '@jest/globals';
import { ViewPayPage } from '../../src/application/pay/view-pay-page.js';
import { EventStoreUnavailable, ProcessorUnavailable } from '../../src/application/ports.js';
import { TestApplication } from '../support/doubles/application.js';
import { CARDS, type FakeCard } from '../support/doubles/card-processor.js';
import { behindGate, Crash, ProcessLife, type Fault } from '../support/doubles/faulty-ports.js';
import { Journey, MINUTE_MS } from './journey.js';

const SUBMIT_CALLS = 14;
const FAULTS: readonly Fault[] = ['crash_before', 'crash_after', 'away_before', 'away_after'];

interface Run {
  readonly journey: Journey;
  readonly calls: readonly string[];
  /** What the customer saw: an outcome, a refusal, or trouble. */
  readonly answer: unknown;
}

/** Submits by this card; the call of this number meets the fault. */
async function submitWith(card: FakeCard, fault: Fault | undefined, at: number): Promise<Run> {
  const calls: string[] = [];
  const life = new ProcessLife();
  let armed = false;
  const journey = await Journey.begin({}, (world) =>
    behindGate(
      world,
      (call) => {
        if (!armed) return Promise.resolve(undefined);
        calls.push(call);
        return Promise.resolve(calls.length === at ? fault : undefined);
      },
      life,
    ),
  );
  const quote = await journey.quote(card);
  armed = true;
  const answer = await Promise.race([journey.submit(quote), life.died]).catch((error: unknown) => error);
  armed = false;
  return { journey, calls, answer };
}

/** A new process, ten minutes later: the sweep asks about what has no outcome. */
async function recover(journey: Journey): Promise<TestApplication> {
  const app = new TestApplication(journey.world);
  journey.world.clock.advance(10 * MINUTE_MS);
  await journey.settleJob(app);
  return app;
}

describe('a submit', () => {
  it('makes these calls, in this order', async () => {
    const { calls } = await submitWith(CARDS.credit, undefined, 0);
    const outside = calls.filter((call) => call !== 'store.readStream');
    expect(outside).toEqual([
      'quotes.find',
      'processor.createIntent',
      'store.append',
      'processor.confirmIntent',
      'store.append',
    ]);
    expect(calls.length).toBeLessThanOrEqual(SUBMIT_CALLS);
  });

  const places = Array.from({ length: SUBMIT_CALLS }, (_, index) => index + 1);
  const cases = places.flatMap((at) => FAULTS.map((fault) => [fault, at] as const));

  it.each(cases)('with %s at call %d charges at most once, and nothing is stuck', async (fault, at) => {
    for (const card of [CARDS.credit, CARDS.declined, CARDS.threeDSecure]) {
      const { journey, answer } = await submitWith(card, fault, at);
      if (answer instanceof Error) {
        const known = [Crash, EventStoreUnavailable, ProcessorUnavailable].some((kind) => answer instanceof kind);
        expect(known || answer.message === 'quotes is away').toBe(true);
      } else {
        expect((answer as { outcome: string }).outcome).toMatch(/^(captured|failed|requires_action|checking)$/);
      }
      const app = await recover(journey);
      const captured = journey.types().filter((type) => type === 'PaymentCaptured');
      expect(captured).toHaveLength(journey.charges().length);
      const { state } = await app.ask(new ViewPayPage({ linkId: journey.linkId }));
      const waitsForTheBank = journey.world.processor.all().some(({ status }) => status === 'requires_action');
      expect(state).toBe(captured.length > 0 ? 'paid' : waitsForTheBank ? 'bank_step' : 'payable');
    }
  });
});

describe('a processor that is away', () => {
  it('while it confirms, and afterwards, is an outcome that is being checked', async () => {
    const journey = await Journey.begin();
    const quote = await journey.quote(CARDS.credit);
    const { processor } = journey.world;
    const { confirmIntent, retrieveIntent } = processor;
    processor.confirmIntent = async (...args) => {
      await confirmIntent.apply(processor, args);
      throw new ProcessorUnavailable('no answer');
    };
    processor.retrieveIntent = () => Promise.reject(new ProcessorUnavailable('no answer'));
    expect(await journey.submit(quote)).toEqual({ outcome: 'checking' });
    expect((await journey.app.ask(new ViewPayPage({ linkId: journey.linkId }))).state).toBe('checking');
    Object.assign(processor, { confirmIntent, retrieveIntent });
    await recover(journey);
    expect(journey.types().at(-1)).toBe('PaymentCaptured');
    expect(journey.charges()).toHaveLength(1);
  });

  it('refuses a token that was used: the attempt is released, the intent cancelled', async () => {
    const journey = await Journey.begin();
    const quote = await journey.quote(CARDS.credit);
    const { confirmationTokenId } = [...journey.world.quotes.quotes.values()][0]!;
    const account = { mode: 'platform' } as const;
    const elsewhere = await journey.world.processor.createIntent(account, {
      amountMinor: 1,
      currency: 'USD',
      metadata: {},
      description: '',
      idempotencyKey: 'elsewhere',
    });
    await journey.world.processor.confirmIntent(account, {
      paymentIntentId: elsewhere.paymentIntentId,
      confirmationTokenId,
      amountMinor: 1,
      returnUrl: '',
      idempotencyKey: 'elsewhere-confirm',
    });
    expect(await journey.submit(quote)).toEqual({ outcome: 'released' });
    expect(journey.types().at(-1)).toBe('PaymentReleased');
    expect(journey.world.processor.all().map(({ status }) => status)).toEqual(['succeeded', 'canceled']);
  });
});

describe('a process that died after it had started an attempt', () => {
  it('leaves it alone for a minute, in which another may be confirming, and then gives it up', async () => {
    const { calls } = await submitWith(CARDS.credit, undefined, 0);
    const at = calls.indexOf('processor.confirmIntent') + 1;
    const { journey } = await submitWith(CARDS.credit, 'crash_before', at);
    const app = new TestApplication(journey.world);
    journey.world.clock.advance(MINUTE_MS - 1);
    await journey.settleJob(app);
    expect(journey.types().at(-1)).toBe('PaymentStarted');
    journey.world.clock.advance(1);
    await journey.settleJob(app);
    expect(journey.types().at(-1)).toBe('PaymentReleased');
    expect(journey.charges()).toHaveLength(0);
  });
});
