import type { BranchKeys, ProcessorAccount } from './ports.js';

/** An endpoint at the processor by which notices come to a branch. */
export interface NoticeSecret {
  /** The processor's id. */
  readonly endpointId: string;
  /** The account that the endpoint was made for. */
  readonly account: Exclude<ProcessorAccount, { mode: 'platform' }>;
  readonly signingSecret: string;
}

/**
 * Secrets of branches at the card processor, encrypted where they are kept. Written before the event that names them, and never
 * removed: a payment that began under a former key is settled under it.
 */
export abstract class BranchSecrets {
  /** Durable when resolved; a repeat makes it the latest again, and readable where it was not any more, and changes nothing else. */
  abstract keepKey(keys: BranchKeys, secretKey: string): Promise<void>;
  /** `undefined` where it was never kept, or does not open any more. */
  abstract key(keys: BranchKeys): Promise<string | undefined>;
  /** The key that was kept last. */
  abstract latestKey(branchId: string): Promise<BranchKeys | undefined>;
  /** As `keepKey`. An endpoint can be kept for several accounts: it stays when a key takes another's place. */
  abstract keepNoticeSecret(branchId: string, secret: NoticeSecret): Promise<void>;
  /** Those that open. The latest first: what an endpoint tells is asked for by the key in use, as former ones may have been taken back. */
  abstract noticeSecrets(branchId: string): Promise<readonly NoticeSecret[]>;
}
