/** How the bank behind a test card answers. */
export type CardBehaviour =
  'succeeds' | 'declined' | 'insufficient_funds' | 'expired' | 'incorrect_cvc' | 'processing_error' | 'three_d_secure';

/** What is kept of a card: enough to show it and to answer as its bank would, and never its number. */
export interface TestCard {
  readonly brand: 'visa' | 'mastercard' | 'amex';
  readonly funding: 'credit' | 'debit' | 'prepaid';
  /** ISO 3166-1 alpha-2 of the issuer. The original's 3-D Secure card is German. */
  readonly country: string;
  readonly last4: string;
  readonly behaviour: CardBehaviour;
}

/** Test cards by number, with the name under which the API takes each instead of a number. */
const CARDS: readonly (readonly [number: string, names: readonly string[], card: Omit<TestCard, 'last4'>])[] = [
  ['4242424242424242', ['pm_card_visa'], us('visa', 'credit', 'succeeds')],
  ['4000056655665556', ['pm_card_visa_debit'], us('visa', 'debit', 'succeeds')],
  ['4111111111111111', [], us('visa', 'credit', 'succeeds')],
  ['5555555555554444', ['pm_card_mastercard'], us('mastercard', 'credit', 'succeeds')],
  ['5200828282828210', ['pm_card_mastercard_debit'], us('mastercard', 'debit', 'succeeds')],
  ['5105105105105100', ['pm_card_mastercard_prepaid'], us('mastercard', 'prepaid', 'succeeds')],
  ['378282246310005', ['pm_card_amex'], us('amex', 'credit', 'succeeds')],
  ['4000002760000016', ['pm_card_de'], { brand: 'visa', funding: 'credit', country: 'DE', behaviour: 'succeeds' }],
  ['4000000000000259', ['pm_card_createDispute'], us('visa', 'credit', 'succeeds')],
  ['4000000000000002', ['pm_card_visa_chargeDeclined', 'pm_card_chargeDeclined'], us('visa', 'credit', 'declined')],
  [
    '4000000000009995',
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'pm_card_chargeDeclinedInsufficientFunds'],
    us('visa', 'credit', 'insufficient_funds'),
  ],
  ['4000000000000069', ['pm_card_chargeDeclinedExpiredCard'], us('visa', 'credit', 'expired')],
  ['4000000000000127', ['pm_card_chargeDeclinedIncorrectCvc'], us('visa', 'credit', 'incorrect_cvc')],
  ['4000000000000119', ['pm_card_chargeDeclinedProcessingError'], us('visa', 'credit', 'processing_error')],
  [
    '4000002760003184',
    ['pm_card_authenticationRequired'],
    { brand: 'visa', funding: 'credit', country: 'DE', behaviour: 'three_d_secure' },
  ],
];

function us(brand: TestCard['brand'], funding: TestCard['funding'], behaviour: CardBehaviour): Omit<TestCard, 'last4'> {
  return { brand, funding, country: 'US', behaviour };
}

const BY_NUMBER = new Map(CARDS.map(([number, , card]) => [number, { ...card, last4: number.slice(-4) }]));
const BY_NAME = new Map(
  CARDS.flatMap(([number, names]) => names.map((name) => [name, BY_NUMBER.get(number)] as const)),
);

/** The test card with this number, `undefined` for every other number. */
export function cardByNumber(number: string): TestCard | undefined {
  return BY_NUMBER.get(number);
}

/** The test card with this name (`pm_card_visa`), `undefined` for every other name. */
export function cardByName(name: string): TestCard | undefined {
  return BY_NAME.get(name);
}

/** The check digit that every card number ends in (ISO/IEC 7812-1, annex B). */
export function passesLuhn(number: string): boolean {
  let sum = 0;
  for (const [index, digit] of [...number].reverse().entries()) {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return number.length >= 12 && sum % 10 === 0;
}
