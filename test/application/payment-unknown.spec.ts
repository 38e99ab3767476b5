/** What a customer hears while nobody can tell whether the card was charged: never that it was not. */
import { describe, expect, it } from '@jest/globals';
import { SettleOpenPayment } from '../../src/application/pay/settle-open-payment.js';
import { ProcessorUnavailable } from '../../src/application/ports.js';
import { CARDS } from '../support/doubles/card-processor.js';
import { Journey } from './journey.js';

const away = () => Promise.reject(new ProcessorUnavailable('no answer'));

/** The card was charged, and neither that answer nor one to a question came back. */
async function chargedWithoutAnswer() {
  const journey = await Journey.begin();
  const quote = await journey.quote(CARDS.credit);
  const { processor } = journey.world;
  const { confirmIntent, retrieveIntent } = processor;
  processor.confirmIntent = async (...args) => {
    await confirmIntent.apply(processor, args);
    return away();
  };
  processor.retrieveIntent = away;
  expect(await journey.submit(quote)).toEqual({ outcome: 'checking' });
  expect(journey.charges()).toHaveLength(1);
  return { journey, quote, heal: () => Object.assign(processor, { confirmIntent, retrieveIntent }) };
}

describe('a charge whose answer was lost, while the processor cannot be asked', () => {
  it('is being checked for whoever submits the quote again or asks, and captured once it can be asked', async () => {
    const { journey, quote, heal } = await chargedWithoutAnswer();
    expect(await journey.submit(quote)).toEqual({ outcome: 'checking' });
    expect(await journey.settle()).toEqual({ outcome: 'checking' });
    heal();
    expect(await journey.submit(quote)).toMatchObject({ outcome: 'captured' });
    expect(journey.charges()).toHaveLength(1);
    expect(journey.types().filter((type) => type === 'PaymentCaptured')).toHaveLength(1);
  });

  it('lets nobody start another payment', async () => {
    const { journey, heal } = await chargedWithoutAnswer();
    const other = await journey.anotherLink();
    const second = await journey.quote(CARDS.debit, other);
    await expect(journey.submit(second, { linkId: other })).rejects.toMatchObject({ code: 'payment_unknown' });
    heal();
    await expect(journey.submit(second, { linkId: other })).rejects.toMatchObject({ code: 'invoice_paid' });
    expect(journey.charges()).toHaveLength(1);
  });
});

describe('an event store that goes away while the card is charged', () => {
  it('leaves the outcome being checked, and the sweep records it', async () => {
    const journey = await Journey.begin();
    const quote = await journey.quote(CARDS.credit);
    const { processor, store } = journey.world;
    const { confirmIntent } = processor;
    processor.confirmIntent = async (...args) => {
      store.setAvailable(false);
      return confirmIntent.apply(processor, args);
    };
    expect(await journey.submit(quote)).toEqual({ outcome: 'checking' });
    expect(journey.charges()).toHaveLength(1);
    store.setAvailable(true);
    await journey.settleJob();
    expect(journey.types().at(-1)).toBe('PaymentCaptured');
  });
});

describe('the same quote submitted again while the first submit is on its way', () => {
  it('is that payment, and not one that is in progress or was made by somebody else', async () => {
    const journey = await Journey.begin();
    const quote = await journey.quote(CARDS.credit);
    const { quotes } = journey.world;
    const { find } = quotes;
    quotes.find = async (quoteId) => {
      quotes.find = find;
      // This request has read the invoice by now; the other one pays it before it goes on.
      await journey.submit(quote);
      return find.call(quotes, quoteId);
    };
    expect(await journey.submit(quote)).toMatchObject({ outcome: 'captured' });
    expect(journey.charges()).toHaveLength(1);
    expect(journey.types().filter((type) => type === 'PaymentStarted')).toHaveLength(1);
  });
});

describe('asking how the payment by one quote ended', () => {
  it('does not answer with the refusal of an earlier card', async () => {
    const journey = await Journey.begin();
    const declined = await journey.quote(CARDS.declined);
    await journey.submit(declined);
    const { quoteId } = await journey.quote(CARDS.credit);
    const ask = (quote: string | undefined) =>
      journey.app.ask(new SettleOpenPayment({ linkId: journey.linkId, quoteId: quote }, journey.customer()));
    expect(await ask(quoteId)).toEqual({ outcome: 'released' });
    expect(await ask(declined.quoteId)).toMatchObject({ outcome: 'failed' });
    expect(await ask(undefined)).toMatchObject({ outcome: 'failed' });
  });
});
