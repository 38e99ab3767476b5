import { createHash } from 'node:crypto';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DomainError } from '../../domain/errors.js';
import type { StartPayment } from '../../domain/invoice/commands.js';
import { invoiceDecider } from '../../domain/invoice/decider.js';
import type { Browser } from '../../domain/invoice/link-events.js';
import type { Attempt } from '../../domain/invoice/state.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { attemptId, invoiceStream } from '../ids.js';
import { LinkUrls } from '../link-urls.js';
import {
  CardProcessor,
  Clock,
  processorAccount,
  type ProcessorAccount,
  ProcessorRefused,
  ProcessorUnavailable,
  type PaymentIntent,
} from '../ports.js';
import { assertPayable, isChargedOn, PayLinks, type LinkedInvoice } from './pay-link.js';
import {
  accountOf,
  orChecking,
  PaymentSettlement,
  recordedOutcome,
  tellsNothing,
  type PaymentOutcome,
} from './payment-settlement.js';
import { QuoteStore, type StoredQuote } from './quote-store.js';

/**
 * *Submit Payment*: the intent is made unconfirmed, consent and start are appended, and only then is the processor asked to
 * charge. Two tabs, links or servers are told apart by the append.
 */
export class SubmitPayment extends Command<PaymentOutcome> {
  constructor(
    readonly input: {
      readonly linkId: string;
      readonly quoteId: string;
      readonly quoteHash: string;
      /** Whether the box was ticked. */
      readonly accepted: boolean;
      readonly browser: Browser;
    },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(SubmitPayment)
export class SubmitPaymentHandler implements ICommandHandler<SubmitPayment> {
  constructor(
    private readonly links: PayLinks,
    private readonly quotes: QuoteStore,
    private readonly executor: Execute,
    private readonly processor: CardProcessor,
    private readonly settlement: PaymentSettlement,
    private readonly urls: LinkUrls,
    private readonly clock: Clock,
  ) {}

  async execute({ input, context }: SubmitPayment): Promise<PaymentOutcome> {
    const loaded = await this.links.load(input.linkId);
    const quote = await this.quotes.find(input.quoteId);
    if (quote?.linkId !== input.linkId || quote.quoteHash !== input.quoteHash) throw new DomainError('quote_changed');
    const known = attemptBy(quote, loaded);
    if (known) return this.repeated(quote.invoiceId, known, context);
    await this.clearTheWay(loaded, context);
    const cleared = await this.links.load(input.linkId);
    // Submitted twice at once: the other request may have got there meanwhile, and is not somebody else.
    const started = attemptBy(quote, cleared);
    if (started) return this.repeated(quote.invoiceId, started, context);
    this.assertQuoteHolds(quote, cleared, input.accepted);
    const account = processorAccount(cleared.branch.branchId, quote.account);
    const intent = await this.processor.createIntent(account, {
      amountMinor: quote.totalMinor,
      currency: quote.currency,
      metadata: { invoiceId: quote.invoiceId, attemptId: attemptId(quote.quoteId), linkId: quote.linkId },
      description: `Invoice ${loaded.invoice.registered.number}`,
      idempotencyKey: `${attemptId(quote.quoteId)}-create`,
    });
    const { attempt, isMine } = await this.start(quote, account, intent, input, context);
    // The same quote submitted twice at once is one attempt: only the request that started it asks for the charge.
    return isMine ? this.confirm(quote, attempt, context) : this.repeated(quote.invoiceId, attempt, context);
  }

  /** The same quote submitted again: its attempt is there, and its outcome is what counts. */
  private repeated(invoiceId: string, attempt: Attempt, context: CommandContext): Promise<PaymentOutcome> {
    return attempt.outcome === 'open'
      ? orChecking(() => this.settlement.settle(invoiceId, attempt, context))
      : Promise.resolve(recordedOutcome(attempt));
  }

  /** An attempt without an outcome blocks a second one until the processor has been asked. */
  private async clearTheWay({ invoice }: LinkedInvoice, context: CommandContext): Promise<void> {
    const { openAttempt, registered } = invoice;
    if (!openAttempt) return;
    try {
      await this.settlement.settle(registered.invoiceId, openAttempt, context);
    } catch (error) {
      if (!tellsNothing(error)) throw error;
      throw new DomainError('payment_unknown', { paymentIntentId: openAttempt.started.paymentIntentId });
    }
  }

  private assertQuoteHolds(quote: StoredQuote, loaded: LinkedInvoice, accepted: boolean): void {
    const now = this.clock.now();
    assertPayable(loaded, now);
    const { invoice, branch } = loaded;
    if (invoice.openAttempt) {
      throw new DomainError('payment_in_progress', { sameLink: invoice.openAttempt.started.linkId === quote.linkId });
    }
    if (now.toISOString() > quote.expiresAt) throw new DomainError('quote_expired');
    if (quote.payableVersion !== String(invoice.payableVersion)) throw new DomainError('quote_changed');
    if (quote.policyVersion !== (branch.feePolicy?.version ?? 'none')) throw new DomainError('quote_changed');
    // The card was entered for an account on which the branch charges no more: nothing but the customer can move it to another.
    if (!isChargedOn(branch, quote.account)) throw new DomainError('quote_changed');
    if (quote.feeMinor > 0 && !accepted) throw new DomainError('consent_missing', { feeMinor: quote.feeMinor });
  }

  /** Appends consent and start in one write. Where somebody else was first, the intent just made is given back. */
  private async start(
    quote: StoredQuote,
    account: ProcessorAccount,
    intent: PaymentIntent,
    { browser }: SubmitPayment['input'],
    context: CommandContext,
  ): Promise<{ attempt: Attempt; isMine: boolean }> {
    const now = this.clock.now().toISOString();
    const command = startCommand(quote, intent.paymentIntentId, browser, now);
    try {
      const { state, changed } = await this.executor.run({
        decider: invoiceDecider,
        stream: invoiceStream(quote.invoiceId),
        command,
        context: { ...context, cause: command.payment.attemptId },
      });
      const attempt = state.status === 'absent' ? undefined : state.attempts.get(command.payment.attemptId);
      if (!attempt) throw new DomainError('payment_unknown', { paymentIntentId: intent.paymentIntentId });
      return { attempt, isMine: changed };
    } catch (error) {
      if (error instanceof DomainError) await this.giveBack(account, intent.paymentIntentId);
      throw error;
    }
  }

  /** An unconfirmed intent moves no money; cancelling it only tidies up, so that a failure to do so is not the customer's. */
  private async giveBack(account: ProcessorAccount, paymentIntentId: string): Promise<void> {
    try {
      await this.processor.cancelIntent(account, paymentIntentId);
    } catch (error) {
      if (!tellsNothing(error)) throw error;
    }
  }

  private confirm(quote: StoredQuote, attempt: Attempt, context: CommandContext): Promise<PaymentOutcome> {
    const { paymentIntentId } = attempt.started;
    return orChecking(async () => {
      try {
        const intent = await this.processor.confirmIntent(accountOf(attempt), {
          paymentIntentId,
          confirmationTokenId: quote.confirmationTokenId,
          amountMinor: quote.totalMinor,
          returnUrl: this.urls.payPage(quote.linkId),
          idempotencyKey: `${attempt.started.attemptId}-confirm`,
        });
        return await this.settlement.record(quote.invoiceId, attempt, intent, context);
      } catch (error) {
        // No answer: what settles it is asking for the intent.
        if (error instanceof ProcessorUnavailable) return this.settlement.settle(quote.invoiceId, attempt, context);
        if (error instanceof ProcessorRefused) return this.settlement.giveUp(quote.invoiceId, attempt, context);
        throw error;
      }
    });
  }
}

function attemptBy({ quoteId }: StoredQuote, { invoice }: LinkedInvoice): Attempt | undefined {
  return invoice.attempts.get(attemptId(quoteId));
}

function startCommand(quote: StoredQuote, paymentIntentId: string, browser: Browser, now: string): StartPayment {
  const { quoteId, quoteHash, policyVersion, consentText, disclosureText } = quote;
  const termsHash = createHash('sha256').update(`${consentText}\n${disclosureText}`).digest('hex');
  return {
    type: 'StartPayment',
    payment: {
      attemptId: attemptId(quoteId),
      linkId: quote.linkId,
      account: quote.account,
      paymentIntentId,
      confirmationTokenId: quote.confirmationTokenId,
      amountMinor: quote.amountMinor,
      feeMinor: quote.feeMinor,
      payableVersion: quote.payableVersion,
      startedAt: now,
    },
    consent:
      quote.feeMinor > 0
        ? { quoteId, quoteHash, policyVersion, consentText, disclosureText, termsHash, acceptedAt: now }
        : undefined,
    browser,
    now,
  };
}
