import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DEFAULT_CONSENT_TEXT, DEFAULT_DISCLOSURE_TEXT, DEFAULT_FEE_LABEL, type FeePolicy } from '../../domain/fees.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { CardProcessor } from '../ports.js';
import { runOnBranch } from './branch-commands.js';
import type { SeenPart } from './branch-parts.js';
import type { BranchWritten } from './branch-view.js';

/** What staff set; what they leave out has the default of `docs/domain.md`, *Fees*. */
export type FeePolicyInput = Pick<FeePolicy, 'enabled' | 'rateBps'> & Partial<FeePolicy>;

export class SetFeePolicy extends Command<BranchWritten> {
  constructor(
    readonly input: { readonly branchId: string; readonly policy: FeePolicyInput; readonly seen?: SeenPart },
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(SetFeePolicy)
export class SetFeePolicyHandler implements ICommandHandler<SetFeePolicy> {
  constructor(
    private readonly executor: Execute,
    private readonly processor: CardProcessor,
  ) {}

  execute({ input, context }: SetFeePolicy): Promise<BranchWritten> {
    const policy: FeePolicy = {
      fixedMinor: 0,
      capBps: 300,
      fundings: ['credit'],
      label: DEFAULT_FEE_LABEL,
      consentText: DEFAULT_CONSENT_TEXT,
      disclosureText: DEFAULT_DISCLOSURE_TEXT,
      ...input.policy,
    };
    const live = !this.processor.testMode;
    return runOnBranch(this.executor, input.branchId, { type: 'SetFeePolicy', policy, live }, context, input.seen);
  }
}
