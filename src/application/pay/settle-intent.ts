import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import canonicalize from 'canonicalize';
import { invoiceDecider } from '../../domain/invoice/decider.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { invoiceStream } from '../ids.js';
import { CardProcessor, type ProcessorAccount } from '../ports.js';
import { accountOf, PaymentSettlement } from './payment-settlement.js';

/** The processor hinted at an intent: it is fetched again, and what it says now is recorded. */
export class SettleIntent extends Command<void> {
  constructor(
    readonly input: { readonly account: ProcessorAccount; readonly paymentIntentId: string },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(SettleIntent)
export class SettleIntentHandler implements ICommandHandler<SettleIntent> {
  constructor(
    private readonly executor: Execute,
    private readonly processor: CardProcessor,
    private readonly settlement: PaymentSettlement,
  ) {}

  async execute({ input, context }: SettleIntent): Promise<void> {
    const intent = await this.processor.retrieveIntent(input.account, input.paymentIntentId);
    const { invoiceId, attemptId } = intent.metadata;
    // An intent that is not ours (the account has other uses) names no invoice.
    if (invoiceId === undefined || attemptId === undefined) return;
    const { state } = await this.executor.load(invoiceDecider, invoiceStream(invoiceId));
    const attempt = state.status === 'absent' ? undefined : state.attempts.get(attemptId);
    // Not started yet (the hint of its creation was faster than the append) or never: an unconfirmed intent moves no money.
    if (attempt?.started.paymentIntentId !== input.paymentIntentId) return;
    if (attempt.outcome !== 'open' && intent.status !== 'succeeded') return;
    const own = accountOf(attempt);
    if (isSame(own, input.account)) await this.settlement.record(invoiceId, attempt, intent, context);
    // The branch's key was exchanged since: the attempt's own decides. What another account says of the attempt counts for nothing.
    else if (isOfSameBranch(own, input.account)) await this.settlement.settle(invoiceId, attempt, context);
  }
}

function isSame(a: ProcessorAccount, b: ProcessorAccount): boolean {
  return canonicalize(a) === canonicalize(b);
}

function isOfSameBranch(a: ProcessorAccount, b: ProcessorAccount): boolean {
  return a.mode === 'keys' && b.mode === 'keys' && a.branchId === b.branchId;
}
