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
  /** Durable when resolved; a repeat changes nothing. */
  abstract keepKey(keys: BranchKeys, secretKey: string): Promise<void>;
  abstract key(keys: BranchKeys): Promise<string | undefined>;
  abstract keepNoticeSecret(branchId: string, secret: NoticeSecret): Promise<void>;
  abstract noticeSecrets(branchId: string): Promise<readonly NoticeSecret[]>;
}
