import { CARDS, FakeCardProcessor } from '../support/doubles/card-processor.js';
import { cardProcessorContract } from '../contracts/card-processor.contract.js';

/** The double keeps what the real processor promises, so that what is shown on it holds. */
cardProcessorContract(
  'double',
  () => {
    const processor = new FakeCardProcessor({ now: () => new Date() });
    const cards = {
      credit: CARDS.credit,
      debit: CARDS.debit,
      prepaid: CARDS.prepaid,
      declined: CARDS.declined,
      insufficient_funds: CARDS.insufficientFunds,
      expired: CARDS.expired,
      incorrect_cvc: CARDS.incorrectCvc,
      processing_error: CARDS.processingError,
      three_d_secure: CARDS.threeDSecure,
    };
    return Promise.resolve({
      processor,
      tokenFor: (card) => Promise.resolve(processor.tokenFor(cards[card])),
      authenticate: (intent, outcome) => Promise.resolve(processor.authenticate(intent.paymentIntentId, outcome)),
      stop: () => Promise.resolve(),
    });
  },
  true,
);
