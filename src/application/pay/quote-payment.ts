import { createHash } from 'node:crypto';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import canonicalize from 'canonicalize';
import type { Branch } from '../../domain/branch/decider.js';
import { decideFee, type FeeDecision } from '../../domain/fees.js';
import { stateOfZip, type Place } from '../../domain/fee-rules.js';
import { formatMoney } from '../../domain/money.js';
import { localDate } from '../../domain/zoned-time.js';
import type { CommandContext } from '../command-context.js';
import { branchFeeLabel, consentText, disclosureText } from '../fee-words.js';
import { localeOf } from '../invoice/invoice-view.js';
import { CardProcessor, Clock, processorAccount, Randomness, type ConfirmationTokenPreview } from '../ports.js';
import { assertPayable, chargedAccount, PayLinks, type LinkedInvoice } from './pay-link.js';
import { QuoteStore, type StoredQuote } from './quote-store.js';

const QUOTE_LIFETIME_MS = 15 * 60_000;

export interface Quote {
  readonly quoteId: string;
  readonly quoteHash: string;
  readonly amountMinor: number;
  readonly feeMinor: number;
  readonly totalMinor: number;
  readonly currency: string;
  readonly feeLabel: string;
  readonly card: { readonly brand: string; readonly last4: string; readonly funding: string };
  /** Absent: no fee, no box. */
  readonly consentText: string | undefined;
  readonly disclosureText: string | undefined;
  readonly expiresAt: string;
}

/** The exact price of paying with this very card. Nothing is recorded on the invoice: the fee belongs to an attempt. */
export class QuotePayment extends Command<Quote> {
  constructor(
    readonly input: { readonly linkId: string; readonly confirmationTokenId: string },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(QuotePayment)
export class QuotePaymentHandler implements ICommandHandler<QuotePayment> {
  constructor(
    private readonly links: PayLinks,
    private readonly processor: CardProcessor,
    private readonly quotes: QuoteStore,
    private readonly randomness: Randomness,
    private readonly clock: Clock,
  ) {}

  async execute({ input }: QuotePayment): Promise<Quote> {
    const loaded = await this.links.load(input.linkId);
    const now = this.clock.now();
    assertPayable(loaded, now);
    const { branch } = loaded;
    const account = processorAccount(branch.branchId, chargedAccount(branch));
    const preview = await this.processor.previewToken(account, input.confirmationTokenId);
    const fee = feeFor(loaded, preview, now);
    const quote = this.quote(loaded, preview, fee, input.confirmationTokenId, now);
    await this.quotes.save(quote);
    const { quoteId, quoteHash, amountMinor, feeMinor, totalMinor, currency, expiresAt } = quote;
    const { brand, last4, funding } = preview.card;
    return {
      quoteId,
      quoteHash,
      amountMinor,
      feeMinor,
      totalMinor,
      currency,
      feeLabel: branchFeeLabel(branch, localeOf(loaded)),
      card: { brand, last4, funding },
      consentText: quote.consentText || undefined,
      disclosureText: quote.disclosureText || undefined,
      expiresAt,
    };
  }

  private quote(
    loaded: LinkedInvoice,
    preview: ConfirmationTokenPreview,
    { feeMinor }: FeeDecision,
    confirmationTokenId: string,
    now: Date,
  ): StoredQuote {
    const { invoice, branch, link } = loaded;
    const { currency, invoiceId } = invoice.registered;
    const amountMinor = invoice.balanceMinor;
    const texts = consentTexts(branch, feeMinor, currency, localeOf(loaded));
    const latest = now.getTime() + QUOTE_LIFETIME_MS;
    const unhashed = {
      quoteId: this.randomness.uuid(),
      invoiceId,
      linkId: link.linkId,
      payableVersion: String(invoice.payableVersion),
      policyVersion: branch.feePolicy?.version ?? 'none',
      account: chargedAccount(branch),
      confirmationTokenId,
      amountMinor,
      feeMinor,
      totalMinor: amountMinor + feeMinor,
      currency,
      ...texts,
      expiresAt: new Date(Math.min(latest, preview.expiresAt?.getTime() ?? latest)).toISOString(),
    };
    return { ...unhashed, quoteHash: createHash('sha256').update(canonicalize(unhashed)!).digest('hex') };
  }
}

function feeFor({ invoice, branch }: LinkedInvoice, preview: ConfirmationTokenPreview, now: Date): FeeDecision {
  const { details, feePolicy } = branch;
  const { brand, funding, country } = preview.card;
  return decideFee(
    invoice.balanceMinor,
    feePolicy?.policy,
    details,
    { brand, funding, country, billing: billingPlace(preview) },
    localDate(now, details.timeZone),
  );
}

/** A ZIP decides over a state that was typed: it is what the bank checks. */
function billingPlace(preview: ConfirmationTokenPreview): Place | undefined {
  const { billingCountry: country, billingPostalCode: zip, billingState: state } = preview;
  if (country === undefined) return undefined;
  const region = (country === 'US' && zip !== undefined ? stateOfZip(zip) : undefined) ?? state;
  return { country, ...(region === undefined ? {} : { region }) };
}

function consentTexts(
  branch: Branch,
  feeMinor: number,
  currency: string,
  locale: string,
): { consentText: string; disclosureText: string } {
  const policy = branch.feePolicy?.policy;
  if (!policy || feeMinor === 0) return { consentText: '', disclosureText: '' };
  const fee = formatMoney({ amount: feeMinor, currency }, locale);
  return {
    consentText: consentText(policy, fee, locale),
    disclosureText: disclosureText(policy, { maxFee: fee, fee }, locale),
  };
}
