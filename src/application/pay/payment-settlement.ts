/**
 * Finds out what became of an attempt and records it, once. The return from the bank, the webhook and the sweep all come here; the
 * event ids derive from the payment intent, and the decider keeps the second one quiet.
 */
import { Injectable } from '@nestjs/common';
import { DomainError } from '../../domain/errors.js';
import { invoiceDecider } from '../../domain/invoice/decider.js';
import type { InvoiceCommand } from '../../domain/invoice/commands.js';
import type { PaymentReleased } from '../../domain/invoice/payment-events.js';
import type { Attempt, Invoice } from '../../domain/invoice/state.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { attemptId as attemptOfQuote, invoiceStream } from '../ids.js';
import {
  CardProcessor,
  Clock,
  EventStoreUnavailable,
  processorAccount,
  ProcessorRefused,
  ProcessorUnavailable,
  type CardError,
  type PaymentIntent,
  type ProcessorAccount,
} from '../ports.js';

export type PaymentOutcome =
  | { readonly outcome: 'captured'; readonly paymentId: string }
  /** The bank wants a step from the customer. */
  | { readonly outcome: 'requires_action'; readonly clientSecret: string }
  | { readonly outcome: 'failed'; readonly code: string; readonly declineCode: string | undefined }
  /** Nobody knows yet; somebody will ask. */
  | { readonly outcome: 'checking' }
  /** Ended without a charge. */
  | { readonly outcome: 'released' };

/**
 * What a link's last attempt came to, as the stream says. Of an open one nothing is known here. With a quote, what the attempt by
 * that quote came to: an older refusal must not be taken for its own.
 */
export function lastOutcome(invoice: Invoice, linkId: string, quoteId?: string): PaymentOutcome {
  const ofQuote = quoteId === undefined ? undefined : attemptOfQuote(quoteId);
  const last = [...invoice.attempts.values()].findLast(
    ({ started }) => started.linkId === linkId && (ofQuote === undefined || started.attemptId === ofQuote),
  );
  return last ? recordedOutcome(last) : { outcome: 'released' };
}

/**
 * Once the processor may have charged, not getting through to it, or not getting its answer written down, is no failure to tell a
 * customer of: it is being checked, and the sweep goes on asking.
 */
export async function orChecking(work: () => Promise<PaymentOutcome>): Promise<PaymentOutcome> {
  try {
    return await work();
  } catch (error) {
    if (tellsNothing(error) || error instanceof EventStoreUnavailable) return { outcome: 'checking' };
    if (error instanceof DomainError && error.code === 'concurrent_change') return { outcome: 'checking' };
    throw error;
  }
}

/**
 * Whether what an attempt came to is as unknown as before it was asked for. A refusal is none of the card: the account does not let the
 * service in any more, and the customer may have paid.
 */
export function tellsNothing(error: unknown): boolean {
  return error instanceof ProcessorUnavailable || error instanceof ProcessorRefused;
}

/** Where an attempt's intent is: fixed when it began, whatever the branch charges on by now. */
export function accountOf({ started }: Attempt): ProcessorAccount {
  return processorAccount(started.branchId, started.account);
}

/** The outcome of an attempt as the stream says it. */
export function recordedOutcome({ started, outcome, failure }: Attempt): PaymentOutcome {
  switch (outcome) {
    case 'captured':
      return { outcome, paymentId: started.attemptId };
    case 'failed':
      return { outcome, code: failure?.code ?? 'card_declined', declineCode: failure?.declineCode };
    case 'released':
      return { outcome };
    case 'open':
      return { outcome: 'checking' };
  }
}

/** An attempt that another request may be in the middle of is left alone for this long. */
const CONFIRMING_MS = 60_000;
/** The bank's step is given up after this long. */
const BANK_STEP_MS = 60 * 60_000;

@Injectable()
export class PaymentSettlement {
  constructor(
    private readonly executor: Execute,
    private readonly processor: CardProcessor,
    private readonly clock: Clock,
  ) {}

  /** Asks the processor about an attempt and records what it says. Throws `ProcessorUnavailable` where it cannot be asked, and `ProcessorRefused` where it does not answer us. */
  async settle(invoiceId: string, attempt: Attempt, context: CommandContext): Promise<PaymentOutcome> {
    const intent = await this.processor.retrieveIntent(accountOf(attempt), attempt.started.paymentIntentId);
    return this.record(invoiceId, attempt, intent, context);
  }

  /** Like `settle`, but an attempt that was not confirmed by now never will be: the processor refused the confirmation. */
  async giveUp(invoiceId: string, attempt: Attempt, context: CommandContext): Promise<PaymentOutcome> {
    const intent = await this.processor.retrieveIntent(accountOf(attempt), attempt.started.paymentIntentId);
    const unconfirmed = intent.status === 'requires_confirmation' || intent.status === 'requires_payment_method';
    return unconfirmed && !intent.lastError
      ? this.cancel(invoiceId, attempt, 'never_confirmed', context)
      : this.record(invoiceId, attempt, intent, context);
  }

  /** Records what an intent says now. */
  async record(
    invoiceId: string,
    attempt: Attempt,
    intent: PaymentIntent,
    context: CommandContext,
  ): Promise<PaymentOutcome> {
    const ageMs = this.clock.now().getTime() - Date.parse(attempt.started.startedAt);
    switch (intent.status) {
      case 'succeeded':
        return this.capture(invoiceId, attempt, intent, context);
      case 'canceled':
        // A refused intent is cancelled before the refusal is recorded; whoever finds it in between records the refusal too.
        return intent.lastError
          ? this.recordFailure(invoiceId, attempt, intent.lastError, context)
          : this.release(invoiceId, attempt, 'abandoned', context);
      case 'processing':
      case 'requires_capture':
        return { outcome: 'checking' };
      case 'requires_action':
        return ageMs < BANK_STEP_MS
          ? { outcome: 'requires_action', clientSecret: intent.clientSecret }
          : this.cancel(invoiceId, attempt, 'abandoned', context);
      case 'requires_confirmation':
      case 'requires_payment_method':
        if (intent.lastError) return this.fail(invoiceId, attempt, intent.lastError, context);
        return ageMs < CONFIRMING_MS
          ? { outcome: 'checking' }
          : this.cancel(invoiceId, attempt, 'never_confirmed', context);
    }
  }

  /** Cancels at the processor, then records it. A charge that was faster wins. */
  cancel(
    invoiceId: string,
    attempt: Attempt,
    reason: PaymentReleased['data']['reason'],
    context: CommandContext,
  ): Promise<PaymentOutcome> {
    return this.onceCancelled(invoiceId, attempt, context, () => this.release(invoiceId, attempt, reason, context));
  }

  /** The intent is cancelled before the failure is recorded: its client secret could otherwise still charge. */
  private fail(
    invoiceId: string,
    attempt: Attempt,
    error: CardError,
    context: CommandContext,
  ): Promise<PaymentOutcome> {
    return this.onceCancelled(invoiceId, attempt, context, () =>
      this.recordFailure(invoiceId, attempt, error, context),
    );
  }

  private async onceCancelled(
    invoiceId: string,
    attempt: Attempt,
    context: CommandContext,
    recordEnd: () => Promise<PaymentOutcome>,
  ): Promise<PaymentOutcome> {
    const intent = await this.processor.cancelIntent(accountOf(attempt), attempt.started.paymentIntentId);
    if (intent.status === 'succeeded') return this.capture(invoiceId, attempt, intent, context);
    return intent.status === 'canceled' ? recordEnd() : { outcome: 'checking' };
  }

  private async recordFailure(
    invoiceId: string,
    attempt: Attempt,
    { code, declineCode }: CardError,
    context: CommandContext,
  ): Promise<PaymentOutcome> {
    const { attemptId, paymentIntentId } = attempt.started;
    await this.append(invoiceId, attempt, context, {
      type: 'RecordPaymentFailed',
      failure: { attemptId, paymentIntentId, code, ...(declineCode === undefined ? {} : { declineCode }) },
    });
    return { outcome: 'failed', code, declineCode };
  }

  private async release(
    invoiceId: string,
    attempt: Attempt,
    reason: PaymentReleased['data']['reason'],
    context: CommandContext,
  ): Promise<PaymentOutcome> {
    const { attemptId, paymentIntentId } = attempt.started;
    await this.append(invoiceId, attempt, context, {
      type: 'RecordPaymentReleased',
      release: { attemptId, paymentIntentId, reason },
    });
    return { outcome: 'released' };
  }

  private async capture(
    invoiceId: string,
    attempt: Attempt,
    intent: PaymentIntent,
    context: CommandContext,
  ): Promise<PaymentOutcome> {
    const { attemptId, paymentIntentId } = attempt.started;
    const { charge } = intent;
    if (!charge) throw new Error(`Payment intent ${paymentIntentId} succeeded without a charge`);
    const { brand, last4, funding, country } = charge.card;
    await this.append(invoiceId, attempt, context, {
      type: 'RecordPaymentCaptured',
      attemptId,
      paymentIntentId,
      chargeId: charge.chargeId,
      chargedMinor: charge.amountMinor,
      chargedCurrency: charge.currency,
      card: { brand, last4, funding, ...(country === undefined ? {} : { country }) },
      capturedAt: charge.createdAt.toISOString(),
    });
    return { outcome: 'captured', paymentId: attemptId };
  }

  private async append(
    invoiceId: string,
    attempt: Attempt,
    context: CommandContext,
    command: InvoiceCommand,
  ): Promise<void> {
    await this.executor.run({
      decider: invoiceDecider,
      stream: invoiceStream(invoiceId),
      command,
      // Whoever brings the news, the cause is the intent: the event is the same one.
      context: { ...context, cause: attempt.started.paymentIntentId },
    });
  }
}
