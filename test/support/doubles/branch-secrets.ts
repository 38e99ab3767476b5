import { BranchSecrets, type NoticeSecret } from '../../../src/application/branch-secrets.js';
import type { BranchKeys } from '../../../src/application/ports.js';

/** Secrets of branches in memory. */
export class MemoryBranchSecrets extends BranchSecrets {
  /** By branch and fingerprint, the latest last. */
  private readonly keys = new Map<string, Map<string, string>>();
  /** The latest last. */
  private readonly notices = new Map<string, Map<string, NoticeSecret>>();

  /** The rows of a branch are gone. */
  lose(branchId: string): void {
    this.keys.delete(branchId);
    this.notices.delete(branchId);
  }

  override async keepKey(keys: BranchKeys, secretKey: string): Promise<void> {
    await Promise.resolve();
    const { branchId, secretFingerprint } = keys;
    const kept = this.keys.get(branchId) ?? new Map<string, string>();
    kept.delete(secretFingerprint);
    this.keys.set(branchId, kept.set(secretFingerprint, secretKey));
  }

  override async key(keys: BranchKeys): Promise<string | undefined> {
    await Promise.resolve();
    return this.keys.get(keys.branchId)?.get(keys.secretFingerprint);
  }

  override async latestKey(branchId: string): Promise<BranchKeys | undefined> {
    await Promise.resolve();
    const secretFingerprint = [...(this.keys.get(branchId)?.keys() ?? [])].at(-1);
    return secretFingerprint === undefined ? undefined : { mode: 'keys', branchId, secretFingerprint };
  }

  override async keepNoticeSecret(branchId: string, secret: NoticeSecret): Promise<void> {
    await Promise.resolve();
    const kept = this.notices.get(branchId) ?? new Map<string, NoticeSecret>();
    const name = JSON.stringify([secret.account, secret.endpointId]);
    kept.delete(name);
    this.notices.set(branchId, kept.set(name, secret));
  }

  override async noticeSecrets(branchId: string): Promise<readonly NoticeSecret[]> {
    await Promise.resolve();
    return [...(this.notices.get(branchId)?.values() ?? [])].reverse();
  }
}
