/** Why a card was not charged, in words that say what to do next. The codes are those of the card processor's port. */
import type { Words } from '../../application/words/words.js';

type Reason = keyof Words['declines'];

/**
 * Codes that are missing here say no more than that the card was declined: a lost or stolen card, and what looks like fraud,
 * are among them on purpose, because the words would tell whoever holds the card.
 */
const REASONS: ReadonlyMap<string, Reason> = new Map<string, Reason>([
  ['insufficient_funds', 'notEnough'],
  ['expired_card', 'expired'],
  ['incorrect_cvc', 'wrongCode'],
  ['invalid_cvc', 'wrongCode'],
  ['incorrect_number', 'wrongNumber'],
  ['invalid_number', 'wrongNumber'],
  ['invalid_account', 'notSupported'],
  ['invalid_expiry_month', 'wrongDate'],
  ['invalid_expiry_year', 'wrongDate'],
  ['incorrect_zip', 'wrongPostcode'],
  ['incorrect_address', 'wrongAddress'],
  ['processing_error', 'tryAgain'],
  ['reenter_transaction', 'tryAgain'],
  ['try_again_later', 'tryAgain'],
  ['issuer_not_available', 'tryAgain'],
  ['authentication_required', 'notConfirmed'],
  ['authentication_not_handled', 'notConfirmed'],
  ['payment_intent_authentication_failure', 'notConfirmed'],
  ['call_issuer', 'callBank'],
  ['approve_with_id', 'callBank'],
  ['card_not_supported', 'notSupported'],
  ['currency_not_supported', 'notSupported'],
  ['transaction_not_allowed', 'notSupported'],
  ['service_not_allowed', 'notSupported'],
  ['invalid_amount', 'overLimit'],
  ['card_velocity_exceeded', 'overLimit'],
  ['withdrawal_count_limit_exceeded', 'overLimit'],
]);

/** The sentence for a failed payment. The bank's own code, where there is one, says more than the processor's. */
export function declineWords(code: string, declineCode: string | undefined, { declines }: Words): string {
  const byBank = declineCode === undefined ? undefined : REASONS.get(declineCode);
  return declines[byBank ?? REASONS.get(code) ?? 'noReason'];
}
