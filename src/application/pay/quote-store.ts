import type { CardAccount } from '../../domain/card-account.js';

/** Where quotes are kept between *Continue* and *Submit Payment*. */
export interface StoredQuote {
  readonly quoteId: string;
  /** SHA-256 over everything below, lower-case hex: what the page sends back to say which quote it showed. */
  readonly quoteHash: string;
  readonly invoiceId: string;
  readonly linkId: string;
  readonly payableVersion: string;
  /** Version of the fee policy, or `none`. */
  readonly policyVersion: string;
  /** Where the confirmation token is. */
  readonly account: CardAccount;
  readonly confirmationTokenId: string;
  readonly amountMinor: number;
  readonly feeMinor: number;
  readonly totalMinor: number;
  readonly currency: string;
  /** As shown beside the box; empty without a fee. */
  readonly consentText: string;
  readonly disclosureText: string;
  /** RFC 3339. */
  readonly expiresAt: string;
}

export abstract class QuoteStore {
  /** Durable when resolved. */
  abstract save(quote: StoredQuote): Promise<void>;
  abstract find(quoteId: string): Promise<StoredQuote | undefined>;
}
