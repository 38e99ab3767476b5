/** What a page or message can say of the fee before a card is known. */
import type { Branch } from '../domain/branch/decider.js';
import { highestFee } from '../domain/fees.js';
import type { Invoice } from '../domain/invoice/state.js';
import { formatMoney } from '../domain/money.js';
import { localDate } from '../domain/zoned-time.js';
import { disclosureText } from './fee-words.js';
import { wordsFor } from './words/words.js';

export interface PayableTotals {
  /** By debit or prepaid card. */
  readonly lowMinor: number;
  /** The most, by credit card; equal to `lowMinor` where no card bears a fee. */
  readonly highMinor: number;
  readonly disclosureText: string | undefined;
}

export function payableTotals(invoice: Invoice, branch: Branch, locale: string, now: Date): PayableTotals {
  const { balanceMinor, registered } = invoice;
  const { feePolicy, details } = branch;
  const { feeMinor } = highestFee(balanceMinor, feePolicy?.policy, details, localDate(now, details.timeZone));
  const maxFee = formatMoney({ amount: feeMinor, currency: registered.currency }, locale);
  return {
    lowMinor: balanceMinor,
    highMinor: balanceMinor + feeMinor,
    disclosureText: feePolicy && feeMinor !== 0 ? disclosureText(feePolicy.policy, { maxFee }, locale) : undefined,
  };
}

/** One sentence with both totals, for messages; `undefined` where no card bears a fee. */
export function feeNotice(invoice: Invoice, branch: Branch, locale: string, now: Date): string | undefined {
  const { lowMinor, highMinor } = payableTotals(invoice, branch, locale, now);
  if (lowMinor === highMinor) return undefined;
  const { currency } = invoice.registered;
  const low = formatMoney({ amount: lowMinor, currency }, locale);
  const high = formatMoney({ amount: highMinor, currency }, locale);
  return wordsFor(locale).payment.bothTotals({ low, high });
}
