import { createHash } from 'node:crypto';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { checkConnectedAccount, checkKeys, refuse } from '../../domain/branch/card-processing.js';
import type { CardProcessing } from '../../domain/branch/events.js';
import { BranchSecrets, type NoticeSecret } from '../branch-secrets.js';
import type { CommandContext } from '../command-context.js';
import { Execute } from '../execute.js';
import {
  CardProcessor,
  ProcessorRefused,
  PublicUrl,
  type BranchKeys,
  type KeyPair,
  type ProcessorAccountState,
} from '../ports.js';
import { runOnBranch } from './branch-commands.js';
import { loadBranch, type BranchWritten } from './branch-view.js';
import { noticeAddress } from './notice-address.js';

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
    readonly input: { readonly branchId: string } & CardProcessingInput,
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
  constructor(
    private readonly executor: Execute,
    private readonly processor: CardProcessor,
    private readonly secrets: BranchSecrets,
    private readonly publicUrl: PublicUrl,
  ) {}

  async execute({ input, context }: SetUpCardProcessing): Promise<BranchWritten> {
    const { branchId } = await loadBranch(this.executor, input.branchId);
    const processing = await this.prepared(branchId, input, context);
    return runOnBranch(this.executor, branchId, { type: 'SetUpCardProcessing', processing }, context);
  }

  private prepared(branchId: string, input: CardProcessingInput, context: CommandContext): Promise<CardProcessing> {
    switch (input.mode) {
      case 'platform':
        return Promise.resolve({ mode: input.mode });
      case 'keys':
        return this.withKeys(branchId, input, context);
      case 'connect':
        return this.connected(branchId, input.account, context);
    }
  }

  private async withKeys(
    branchId: string,
    { mode, secretKey, publishableKey }: Extract<CardProcessingInput, { mode: 'keys' }>,
    context: CommandContext,
  ): Promise<CardProcessing> {
    checkKeys({ secretKey, publishableKey }, !this.processor.testMode);
    await orRefused('secretKey', () => this.processor.tryKey(secretKey));
    await this.assertPair({ secretKey, publishableKey });
    const secretFingerprint = createHash('sha256').update(secretKey).digest('hex').slice(0, FINGERPRINT_DIGITS);
    const keys: BranchKeys = { mode, branchId, secretFingerprint };
    await this.secrets.keepKey(keys, secretKey);
    const notices = await this.notices(branchId, keys, context);
    return { mode, publishableKey, secretFingerprint, secretEndsWith: secretKey.slice(-SHOWN_END), ...notices };
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

  private async connected(branchId: string, accountId: string, context: CommandContext): Promise<CardProcessing> {
    checkConnectedAccount(accountId);
    const account = { mode: 'connect', accountId } as const;
    await orRefused('account', () => this.processor.describeAccount(account));
    return { ...account, ...(await this.notices(branchId, account, context)) };
  }

  /**
   * Without notices payments are settled all the same, by the return to the page and by the sweep. A key that may not register an
   * endpoint, or an account that has too many, is therefore no reason to refuse.
   */
  private async notices(
    branchId: string,
    account: NoticeSecret['account'],
    { cause }: CommandContext,
  ): Promise<{ webhookEndpointId?: string }> {
    const url = noticeAddress(this.publicUrl.base, branchId);
    if (url === undefined) return {};
    // An account's own endpoint hears nothing of accounts that are connected to it.
    const kept = (await this.secrets.noticeSecrets(branchId)).filter((each) => each.account.mode === account.mode);
    const known = new Map(kept.map((each) => [each.endpointId, each.signingSecret]));
    try {
      const { endpointId, signingSecret = known.get(endpointId) } = await this.processor.registerNotices(account, {
        url,
        keptEndpointIds: [...known.keys()],
        idempotencyKey: cause,
      });
      // One that stays is kept for this account as well: the former key may be taken back, and what it told be asked for by nobody.
      if (signingSecret !== undefined) {
        await this.secrets.keepNoticeSecret(branchId, { endpointId, account, signingSecret });
      }
      return { webhookEndpointId: endpointId };
    } catch (error) {
      if (error instanceof ProcessorRefused) return {};
      throw error;
    }
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
