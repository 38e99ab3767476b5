import type { Quote } from '../../application/pay/quote-payment.js';
import type { PaymentOutcome } from '../../application/pay/payment-settlement.js';
import type { Words } from '../../application/words/words.js';
import { declineWords } from './decline-words.js';
import { cardWords, type Formats } from './formats.js';

/** A quote in the words and money that the page shows; the script compares them to see whether anything has changed. */
export interface QuoteJson {
  readonly quoteId: string;
  readonly quoteHash: string;
  /** From now on: a browser's own clock may be wrong by years. */
  readonly expiresInMs: number;
  readonly card: string;
  readonly balance: string;
  readonly feeLabel: string;
  /** `null` without a fee: then there is no line for it and no box. */
  readonly fee: string | null;
  readonly total: string;
  readonly consent: string | null;
  readonly disclosure: string | null;
  readonly submit: string;
  /** For a screen reader when the step appears. */
  readonly said: string;
}

export function quoteJson(quote: Quote, now: Date, formats: Formats, text: Words): QuoteJson {
  const total = formats.money(quote.totalMinor);
  return {
    quoteId: quote.quoteId,
    quoteHash: quote.quoteHash,
    expiresInMs: Math.max(0, Date.parse(quote.expiresAt) - now.getTime()),
    card: cardWords(quote.card, text),
    balance: formats.money(quote.amountMinor),
    feeLabel: quote.feeLabel || text.payment.fee,
    fee: quote.feeMinor === 0 ? null : formats.money(quote.feeMinor),
    total,
    consent: quote.consentText ?? null,
    disclosure: quote.disclosureText ?? null,
    submit: text.payment.submit({ total }),
    said: text.payment.quoteReady({ total }),
  };
}

/** How a payment went, with the words to show where it did not go through. */
export type OutcomeJson =
  | { readonly outcome: 'captured' | 'checking' | 'released' }
  | { readonly outcome: 'requires_action'; readonly clientSecret: string }
  | { readonly outcome: 'failed'; readonly message: string };

type Failure = Extract<PaymentOutcome, { outcome: 'failed' }>;

export function outcomeJson(outcome: Exclude<PaymentOutcome, Failure>): OutcomeJson {
  switch (outcome.outcome) {
    case 'captured':
    case 'checking':
    case 'released':
      return { outcome: outcome.outcome };
    case 'requires_action':
      return { outcome: 'requires_action', clientSecret: outcome.clientSecret };
    default:
      return outcome satisfies never;
  }
}

export function failureJson({ code, declineCode }: Failure, text: Words): OutcomeJson {
  return { outcome: 'failed', message: declineWords(code, declineCode, text) };
}
