import { MessageSettings } from '../../../src/application/messages/message-settings.js';
import { MessageUses, type MessageUse } from '../../../src/application/messages/message-uses.js';
import type { Clock } from '../../../src/application/ports.js';
import { BranchMail } from '../../../src/application/documents.js';
import { TextDirectory, TextNotices, type TextNotice } from '../../../src/application/texts/text-notices.js';
import type { InMemoryEventStore } from '../in-memory-event-store.js';

/** Caps as they are by default, and a night of eleven hours. */
export class DefaultMessageSettings extends MessageSettings {
  override textSender: string | undefined = '+12125550199';
  override quietHours = { from: '21:00', to: '08:00' };
  override caps = { numberPerDay: 5, invoicePerDay: 10, staffPerHour: 200 };
  override textSegmentsPerDay = 1_000;
}

export class MemoryMessageUses extends MessageUses {
  readonly uses = new Map<string, MessageUse>();
  readonly spent = new Map<string, number>();

  override async add(use: MessageUse): Promise<boolean> {
    await Promise.resolve();
    if (this.uses.has(use.messageId)) return false;
    this.uses.set(use.messageId, use);
    return true;
  }

  override async remove(messageId: string): Promise<void> {
    await Promise.resolve();
    this.uses.delete(messageId);
  }

  override async nthNewest(query: Parameters<MessageUses['nthNewest']>[0]): Promise<Date | undefined> {
    await Promise.resolve();
    const { dimension, value, since, nth, except } = query;
    const valueOf = (use: MessageUse) => ({ number: use.number, invoice: use.invoiceId, actor: use.actor })[dimension];
    return [...this.uses.values()]
      .filter((use) => valueOf(use) === value && use.at > since && use.messageId !== except)
      .map(({ at }) => at)
      .sort((a, b) => b.getTime() - a.getTime())[nth - 1];
  }

  override async spend(day: string, segments: number, limit: number): Promise<boolean> {
    const after = (await this.spentOn(day)) + segments;
    if (after > limit) return false;
    this.spent.set(day, after);
    return true;
  }

  override async spentOn(day: string): Promise<number> {
    await Promise.resolve();
    return this.spent.get(day) ?? 0;
  }

  override async forgetBefore(before: Date): Promise<void> {
    await Promise.resolve();
    for (const [id, { at }] of this.uses) if (at < before) this.uses.delete(id);
  }
}

export class MemoryTextNotices extends TextNotices {
  readonly kept = new Map<string, { notice: TextNotice | undefined; receivedAt: Date; outcome: string | undefined }>();

  constructor(private readonly clock: Clock) {
    super();
  }

  override async keep(noticeId: string, notice: TextNotice): Promise<boolean> {
    await Promise.resolve();
    const kept = this.kept.get(noticeId);
    if (!kept) this.kept.set(noticeId, { notice, receivedAt: this.clock.now(), outcome: undefined });
    return kept?.outcome === undefined;
  }

  override async read(noticeId: string): Promise<{ notice: TextNotice; receivedAt: Date } | undefined> {
    await Promise.resolve();
    const { notice, receivedAt } = this.kept.get(noticeId) ?? {};
    return notice && { notice, receivedAt: receivedAt! };
  }

  override async finish(noticeId: string, outcome: string): Promise<void> {
    await Promise.resolve();
    this.kept.set(noticeId, { ...this.kept.get(noticeId)!, notice: undefined, outcome });
  }

  override async waiting(olderThan: Date): Promise<readonly string[]> {
    await Promise.resolve();
    return [...this.kept]
      .filter(([, { outcome, receivedAt }]) => outcome === undefined && receivedAt < olderThan)
      .map(([id]) => id);
  }
}

/** Looks into the log itself; what `behind` names is not shown yet. */
export class LogTextDirectory extends TextDirectory {
  isBehind = false;

  constructor(private readonly store: InMemoryEventStore) {
    super();
  }

  override async byProviderId(providerId: string): Promise<{ invoiceId: string; linkId: string | null } | undefined> {
    await Promise.resolve();
    if (this.isBehind) return undefined;
    const found = this.store
      .all()
      .find(({ type, data }) => /^(LinkSent|ReceiptSent)$/.test(type) && data['providerId'] === providerId);
    if (!found) return undefined;
    const linkId = found.type === 'LinkSent' ? (found.data['linkId'] as string) : null;
    return { invoiceId: found.stream.slice('invoice-'.length), linkId };
  }

  /** Recipients are ciphertext in the log: every text that was sent is the one. */
  override async lastTo(): Promise<{ invoiceId: string; linkId: string } | undefined> {
    await Promise.resolve();
    const issued = this.store.all().filter(({ type, data }) => type === 'LinkIssued' && data['channel'] === 'sms');
    const last = issued.at(-1);
    return last && { invoiceId: last.stream.slice('invoice-'.length), linkId: last.data['linkId'] as string };
  }
}

export class PlainBranchMail extends BranchMail {
  override customerReply({ invoice, text }: Parameters<BranchMail['customerReply']>[0]) {
    return { subject: `Answer about ${invoice.number}`, text, html: `<p>${text}</p>` };
  }

  override freshLinkAsked({ invoice, why }: Parameters<BranchMail['freshLinkAsked']>[0]) {
    return { subject: `Fresh link to ${invoice.number} asked for`, text: why, html: `<p>${why}</p>` };
  }
}
