import { createHash } from 'node:crypto';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { checkConnectedAccount, checkKeys, refuse } from '../../domain/branch/card-processing.js';
import { branchDecider } from '../../domain/branch/decider.js';
import type { CardProcessing } from '../../domain/branch/events.js';
import { DomainError } from '../../domain/errors.js';
import { BranchSecrets } from '../branch-secrets.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { branchStream } from '../ids.js';
import {
  CardProcessor,
  processorAccount,
  ProcessorRefused,
  PublicUrl,
  type KeyPair,
  type ProcessorAccountState,
} from '../ports.js';
import { isRepeat, runOnBranch } from './branch-commands.js';
import { NoticeEndpoints } from './notice-endpoints.js';
import { guardSeen, type SeenPart } from './branch-parts.js';
import { branchView, type BranchWritten } from './branch-view.js';

const FINGERPRINT_DIGITS = 16;
const SHOWN_END = 4;

/** On which account a branch is to charge cards: the service's, or its own, by its own keys or by the service's. */
export type CardProcessingInput =
  | { readonly mode: 'platform' }
  | { readonly mode: 'keys'; readonly secretKey: string; readonly publishableKey: string }
  | { readonly mode: 'connect'; readonly account: string };

/** Lets the branch take cards. */
export class SetUpCardProcessing extends Command<BranchWritten> {
  constructor(
    readonly input: { readonly branchId: string; readonly seen?: SeenPart } & CardProcessingInput,
    readonly context: CommandContext,
  ) {
    super();
  }
}

/**
 * What opens an account is tried first, then kept, and only then named by the event: a crash in between leaves a secret that nobody
 * uses, and never an event whose secret is missing.
 */
@CommandHandler(SetUpCardProcessing)
export class SetUpCardProcessingHandler implements ICommandHandler<SetUpCardProcessing> {
  private readonly endpoints: NoticeEndpoints;

  constructor(
    private readonly executor: Execute,
    private readonly processor: CardProcessor,
    private readonly secrets: BranchSecrets,
    publicUrl: PublicUrl,
  ) {
    this.endpoints = new NoticeEndpoints(executor, processor, secrets, publicUrl);
  }

  async execute({ input, context }: SetUpCardProcessing): Promise<BranchWritten> {
    const { branchId, seen } = input;
    const { state, events, position } = await this.executor.load(branchDecider, branchStream(branchId));
    if (state.status === 'absent') throw new DomainError('branch_not_found', { branchId });
    const wanted = wantedProcessing(input, !this.processor.testMode);
    if (isRepeat(events, { type: 'SetUpCardProcessing', processing: wanted }, context)) {
      return { branch: branchView(state), position };
    }
    // Refused before anything is tried and kept; what changes in the meantime is seen when the event is written.
    if (seen) guardSeen(events, seen)(state);
    await this.tried(input);
    const account = processorAccount(branchId, wanted);
    if (wanted.mode === 'platform' || account.mode === 'platform') return this.write(branchId, wanted, context, seen);
    if (account.mode === 'keys' && input.mode === 'keys') await this.secrets.keepKey(account, input.secretKey);
    const endpoint = await this.endpoints.register(branchId, account, context);
    try {
      const processing = { ...wanted, ...(endpoint && { webhookEndpointId: endpoint.endpointId }) };
      return await this.write(branchId, processing, context, seen);
    } catch (error) {
      // Where the log gave no answer, the event that names it may be there.
      if (error instanceof DomainError && endpoint?.isNew === true) {
        await this.endpoints.withdrawUnlessNamed(branchId, account, endpoint.endpointId);
      }
      throw error;
    }
  }

  private write(
    branchId: string,
    processing: CardProcessing,
    context: CommandContext,
    seen: SeenPart | undefined,
  ): Promise<BranchWritten> {
    return runOnBranch(this.executor, branchId, { type: 'SetUpCardProcessing', processing }, context, seen);
  }

  private async tried(input: CardProcessingInput): Promise<void> {
    switch (input.mode) {
      case 'platform':
        return;
      case 'keys': {
        const { secretKey, publishableKey } = input;
        await orRefused('secretKey', () => this.processor.tryKey(secretKey));
        return this.assertPair({ secretKey, publishableKey });
      }
      case 'connect': {
        const account = { mode: input.mode, accountId: input.account };
        await orRefused('account', () => this.processor.describeAccount(account));
      }
    }
  }

  /** Else the first customer would find out: a card that is typed in under one account is not there for another. */
  private async assertPair(keys: KeyPair): Promise<void> {
    const tried = await this.processor.tryPair(keys);
    if (tried.outcome === 'two_accounts') {
      refuse(
        'publishableKey',
        "It is of another account than the secret key. Take both from the same page of Stripe's dashboard.",
      );
    }
    if (tried.outcome !== 'refused') return;
    if (tried.key === 'publishableKey') refuse(tried.key, `Stripe did not let this key in (${tried.code}).`);
    refuse(
      tried.key,
      `Stripe did not let this key make a setup intent (${tried.code}), by which is seen that both keys are of one account. ` +
        'Let a restricted key write setup intents.',
    );
  }
}

/** What is asked for, as an event has it: without the key itself, and without the endpoint, which is yet to be found. */
function wantedProcessing(input: CardProcessingInput, live: boolean): CardProcessing {
  switch (input.mode) {
    case 'platform':
      return { mode: input.mode };
    case 'keys': {
      const { mode, secretKey, publishableKey } = input;
      checkKeys({ secretKey, publishableKey }, live);
      const secretFingerprint = createHash('sha256').update(secretKey).digest('hex').slice(0, FINGERPRINT_DIGITS);
      return { mode, publishableKey, secretFingerprint, secretEndsWith: secretKey.slice(-SHOWN_END) };
    }
    case 'connect':
      checkConnectedAccount(input.account);
      return { mode: input.mode, accountId: input.account };
  }
}

/** What the processor says of a key or an account is said beside its field. Its code, since its words may quote the key. */
async function orRefused(
  field: 'secretKey' | 'account',
  ask: () => Promise<ProcessorAccountState>,
): Promise<ProcessorAccountState> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof ProcessorRefused)) throw error;
    const what = field === 'secretKey' ? 'this key' : 'the service at this account';
    return refuse(field, `Stripe did not let ${what} in (${error.code}).`);
  }
}
