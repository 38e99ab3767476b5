/** What a notice of the text provider leads to. Done again it leads to nothing new. */
import { Injectable } from '@nestjs/common';
import { keywordOf, type Keyword } from '../../domain/contact/keywords.js';
import { withoutCardNumbers } from '../../domain/free-text.js';
import { invoiceDecider } from '../../domain/invoice/decider.js';
import type { InvoiceCommand } from '../../domain/invoice/commands.js';
import { systemContext } from '../command-context.js';
import { Contacts } from '../contact/contacts.js';
import { BranchMail } from '../documents.js';
import { Execute } from '../execute.js';
import { invoiceStream } from '../ids.js';
import { invoiceDocument, loadInvoice } from '../invoice/invoice-view.js';
import { MessageDelivery } from '../jobs/message-delivery.js';
import { LinkUrls } from '../link-urls.js';
import { TextDirectory, TextNotices, type InboundText, type NoticeOutcome, type TextNotice } from './text-notices.js';

const E164 = /^\+[1-9]\d{6,14}$/;

@Injectable()
export class TextNoticeWork {
  constructor(
    private readonly notices: TextNotices,
    private readonly directory: TextDirectory,
    private readonly executor: Execute,
    private readonly contacts: Contacts,
    private readonly branchMail: BranchMail,
    private readonly messages: MessageDelivery,
    private readonly urls: LinkUrls,
  ) {}

  /** Answers false where the text that it is about is not known yet: its own news may be on the way. */
  async settle(noticeId: string): Promise<boolean> {
    const kept = await this.notices.read(noticeId);
    if (!kept) return true;
    const { notice } = kept;
    const at = kept.receivedAt.toISOString();
    const outcome =
      notice.kind === 'status' ? await this.status(noticeId, notice, at) : await this.inbound(noticeId, notice, at);
    if (outcome === undefined) return false;
    await this.notices.finish(noticeId, outcome);
    return true;
  }

  /** The text is in no stream, and waited for long enough: it is not one of ours. */
  async giveUp(noticeId: string): Promise<void> {
    await this.notices.finish(noticeId, 'unknown_message');
  }

  private async status(
    noticeId: string,
    notice: Extract<TextNotice, { kind: 'status' }>,
    at: string,
  ): Promise<NoticeOutcome | undefined> {
    const { providerId, number, code, reason, recipient, means } = notice;
    const context = systemContext('text-notices', noticeId, providerId);
    if (recipient !== undefined && E164.test(number)) {
      const command =
        recipient === 'opted_out'
          ? ({ type: 'OptOut', data: { channel: 'sms', source: 'carrier', at } } as const)
          : ({ type: 'RecordUnreachable', data: { channel: 'sms', code, reason, at } } as const);
      await this.contacts.record(number, command, context);
    }
    const text = await this.directory.byProviderId(providerId);
    if (!text) return undefined;
    const { invoiceId, linkId } = text;
    if (linkId === null) return 'done';
    const command: InvoiceCommand =
      means === 'delivered'
        ? { type: 'RecordLinkDelivered', linkId, providerId, at }
        : { type: 'RecordLinkBounced', linkId, code, reason, at };
    await this.executor.run({ decider: invoiceDecider, stream: invoiceStream(invoiceId), command, context });
    return 'done';
  }

  private async inbound(noticeId: string, notice: InboundText, at: string): Promise<NoticeOutcome> {
    const keyword = keywordOf(notice.text);
    if (!E164.test(notice.number)) return 'unknown_sender';
    if (keyword !== undefined) return this.keyword(keyword, noticeId, notice, at);
    const last = await this.directory.lastTo(notice.number);
    if (!last) return 'unknown_sender';
    const { invoiceId, linkId } = last;
    const { providerId } = notice;
    const text = withoutCardNumbers(notice.text);
    await this.executor.run({
      decider: invoiceDecider,
      stream: invoiceStream(invoiceId),
      command: { type: 'RecordCustomerReply', reply: { linkId, providerId, text, receivedAt: at } },
      context: systemContext('text-notices', noticeId, providerId),
    });
    await this.forward(invoiceId, providerId, text);
    return 'done';
  }

  private async keyword(
    keyword: Keyword,
    noticeId: string,
    { number, providerId }: InboundText,
    at: string,
  ): Promise<NoticeOutcome> {
    if (keyword === 'help') return 'done';
    const data = { channel: 'sms', source: 'keyword', at } as const;
    const command = keyword === 'opt_out' ? ({ type: 'OptOut', data } as const) : ({ type: 'OptIn', data } as const);
    await this.contacts.record(number, command, systemContext('text-notices', noticeId, providerId));
    return 'done';
  }

  /** People answer texts, and somebody has to read it: it goes to where the branch reads its mail. */
  private async forward(invoiceId: string, providerId: string, text: string): Promise<void> {
    const loaded = await loadInvoice(this.executor, invoiceId);
    const { branch } = loaded;
    const to = branch.details.replyTo;
    if (to === undefined) return;
    const content = this.branchMail.customerReply({ invoice: invoiceDocument(loaded), text });
    await this.messages.email(
      { messageId: `reply.${providerId}@${this.urls.host}`, to, branch: branch.details },
      content,
    );
  }
}
