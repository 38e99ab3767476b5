/**
 * What a fee policy says to a customer: the branch's own words as the branch wrote them, and where it left them to us, ours in the
 * customer's language.
 */
import type { Branch } from '../domain/branch/decider.js';
import { DEFAULT_CONSENT_TEXT, DEFAULT_DISCLOSURE_TEXT, DEFAULT_FEE_LABEL, type FeePolicy } from '../domain/fees.js';
import { wordsFor } from './words/words.js';

export function branchFeeLabel({ feePolicy }: Branch, locale: string): string {
  const label = feePolicy?.policy.label ?? DEFAULT_FEE_LABEL;
  return label === DEFAULT_FEE_LABEL ? wordsFor(locale).fee.label : label;
}

export function consentText({ consentText: text }: FeePolicy, fee: string, locale: string): string {
  return text === DEFAULT_CONSENT_TEXT ? wordsFor(locale).fee.consent({ fee }) : text.replaceAll('{{fee}}', fee);
}

/** `maxFee` is the fee itself once it is known. */
export function disclosureText(
  { disclosureText: text }: FeePolicy,
  fees: { readonly maxFee: string; readonly fee?: string },
  locale: string,
): string {
  const { maxFee, fee } = fees;
  if (text === DEFAULT_DISCLOSURE_TEXT) return wordsFor(locale).fee.disclosure({ maxFee });
  const announced = text.replaceAll('{{maxFee}}', maxFee);
  return fee === undefined ? announced : announced.replaceAll('{{fee}}', fee);
}
