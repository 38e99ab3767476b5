import { BranchSecrets, type NoticeSecret } from '../../../src/application/branch-secrets.js';
import type { BranchKeys } from '../../../src/application/ports.js';

/** Secrets of branches in memory. */
export class MemoryBranchSecrets extends BranchSecrets {
  private readonly keys = new Map<string, string>();
  private readonly notices = new Map<string, Map<string, NoticeSecret>>();

  override async keepKey(keys: BranchKeys, secretKey: string): Promise<void> {
    await Promise.resolve();
    this.keys.set(`${keys.branchId}/${keys.secretFingerprint}`, secretKey);
  }

  override async key(keys: BranchKeys): Promise<string | undefined> {
    await Promise.resolve();
    return this.keys.get(`${keys.branchId}/${keys.secretFingerprint}`);
  }

  override async keepNoticeSecret(branchId: string, secret: NoticeSecret): Promise<void> {
    await Promise.resolve();
    const kept = this.notices.get(branchId) ?? new Map<string, NoticeSecret>();
    this.notices.set(branchId, kept.set(secret.endpointId, secret));
  }

  override async noticeSecrets(branchId: string): Promise<readonly NoticeSecret[]> {
    await Promise.resolve();
    return [...(this.notices.get(branchId)?.values() ?? [])];
  }
}
