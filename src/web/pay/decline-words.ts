/** Why a card was not charged, in words that say what to do next. The codes are those of the card processor's port. */

const NO_REASON = 'The card was declined. Your bank gave no reason: try another card or call them.';
const NOT_CONFIRMED =
  'Your bank could not confirm that it was you, and nothing was charged. Try again, or use another card.';
const WRONG_CODE = 'The security code is not right. Look at the code on the card and try again.';
const WRONG_NUMBER = 'The card number is not right. Check it and try again.';
const WRONG_DATE = 'The expiration date is not right. Check it and try again.';
const WRONG_POSTCODE = 'The ZIP or postal code does not match the card. Check it and try again.';
const NOT_SUPPORTED = 'This card cannot be used for this payment. Try another card, or ask your bank.';
const OVER_LIMIT = 'The card was declined: the payment is over its limit. Try another card, or ask your bank.';
const TRY_AGAIN =
  'The card could not be processed, and it was not charged. Try again in a moment, or use another card.';
const CALL_BANK = 'Your bank wants to hear from you first: call the number on the card, or use another card.';

/**
 * Codes that are missing here say no more than that the card was declined: a lost or stolen card, and what looks like fraud,
 * are among them on purpose, because the words would tell whoever holds the card.
 */
const WORDS: Readonly<Record<string, string>> = {
  insufficient_funds: 'The card was declined: there is not enough money on it. Try another card.',
  expired_card: 'The card has expired. Check the expiration date, or try another card.',
  incorrect_cvc: WRONG_CODE,
  invalid_cvc: WRONG_CODE,
  incorrect_number: WRONG_NUMBER,
  invalid_number: WRONG_NUMBER,
  invalid_account: NOT_SUPPORTED,
  invalid_expiry_month: WRONG_DATE,
  invalid_expiry_year: WRONG_DATE,
  incorrect_zip: WRONG_POSTCODE,
  incorrect_address: 'The billing address does not match the card. Check it and try again.',
  processing_error: TRY_AGAIN,
  reenter_transaction: TRY_AGAIN,
  try_again_later: TRY_AGAIN,
  issuer_not_available: TRY_AGAIN,
  authentication_required: NOT_CONFIRMED,
  authentication_not_handled: NOT_CONFIRMED,
  payment_intent_authentication_failure: NOT_CONFIRMED,
  call_issuer: CALL_BANK,
  approve_with_id: CALL_BANK,
  card_not_supported: NOT_SUPPORTED,
  currency_not_supported: NOT_SUPPORTED,
  transaction_not_allowed: NOT_SUPPORTED,
  service_not_allowed: NOT_SUPPORTED,
  invalid_amount: OVER_LIMIT,
  card_velocity_exceeded: OVER_LIMIT,
  withdrawal_count_limit_exceeded: OVER_LIMIT,
};

/** The sentence for a failed payment. The bank's own code, where there is one, says more than the processor's. */
export function declineWords(code: string, declineCode: string | undefined): string {
  const byBank = declineCode === undefined ? undefined : WORDS[declineCode];
  return byBank ?? WORDS[code] ?? NO_REASON;
}
