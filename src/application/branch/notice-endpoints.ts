/** Endpoints at the processor by which a branch hears of its payments. */
import { branchDecider } from '../../domain/branch/decider.js';
import type { BranchSecrets, NoticeSecret } from '../branch-secrets.js';
import type { CommandContext } from '../command-context.js';
import type { Execute } from '../execute.js';
import { branchStream } from '../ids.js';
import { ProcessorRefused, type CardProcessor, type PublicUrl } from '../ports.js';
import { noticeAddress } from './notice-address.js';

type Account = NoticeSecret['account'];

/** Where a branch hears of an account from now on. */
interface NoticesHere {
  readonly endpointId: string;
  /** Made just now, and named by no setting yet. */
  readonly isNew: boolean;
}

export class NoticeEndpoints {
  constructor(
    private readonly executor: Execute,
    private readonly processor: CardProcessor,
    private readonly secrets: BranchSecrets,
    private readonly publicUrl: PublicUrl,
  ) {}

  /**
   * Without notices payments are settled all the same, by the return to the page and by the sweep. A key that may not register an
   * endpoint, or an account that has too many, is therefore no reason to refuse.
   */
  async register(branchId: string, account: Account, { cause }: CommandContext): Promise<NoticesHere | undefined> {
    const url = noticeAddress(this.publicUrl.base, branchId);
    if (url === undefined) return undefined;
    // An account's own endpoint hears nothing of accounts that are connected to it.
    const kept = (await this.secrets.noticeSecrets(branchId)).filter((each) => each.account.mode === account.mode);
    const known = new Map(kept.map((each) => [each.endpointId, each.signingSecret]));
    try {
      const { endpointId, signingSecret } = await this.processor.registerNotices(account, {
        url,
        keptEndpointIds: [...known.keys()],
        idempotencyKey: cause,
      });
      // One that stays is kept for this account as well: the former key may be taken back, and what it told be asked for by nobody.
      const secret = signingSecret ?? known.get(endpointId);
      if (secret !== undefined) {
        await this.secrets.keepNoticeSecret(branchId, { endpointId, account, signingSecret: secret });
      }
      return { endpointId, isNew: signingSecret !== undefined };
    } catch (error) {
      if (error instanceof ProcessorRefused) return undefined;
      throw error;
    }
  }

  /**
   * Takes back an endpoint that a set-up made and that the branch does not name: another set-up was faster, whose own is left alone.
   * Where it cannot be taken back it does no harm: what it tells is told twice.
   */
  async withdrawUnlessNamed(branchId: string, account: Account, endpointId: string): Promise<void> {
    const { state } = await this.executor.load(branchDecider, branchStream(branchId));
    const named = state.status === 'absent' ? undefined : state.cardProcessing;
    if (named && 'webhookEndpointId' in named && named.webhookEndpointId === endpointId) return;
    await this.processor.withdrawNotices(account, endpointId).catch(() => undefined);
  }
}
