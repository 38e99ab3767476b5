import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { keywordOf } from '../../domain/contact/keywords.js';
import { TAKE_TEXT_NOTICE } from '../jobs/job-names.js';
import { Execute } from '../execute.js';
import { loadInvoice } from '../invoice/invoice-view.js';
import { JobQueue } from '../ports.js';
import { noticeIdOf, TextDirectory, TextNotices, type InboundText, type TextNotice } from './text-notices.js';
import { TextNoticeWork } from './text-notice-work.js';

/** Keeps what the provider tells and has it dealt with. Durable when it resolves; `answer` is texted back to the customer. */
export class ReceiveTextNotice extends Command<{ readonly answer: string | undefined }> {
  constructor(readonly notice: TextNotice) {
    super();
  }
}

@CommandHandler(ReceiveTextNotice)
export class ReceiveTextNoticeHandler implements ICommandHandler<ReceiveTextNotice> {
  constructor(
    private readonly notices: TextNotices,
    private readonly work: TextNoticeWork,
    private readonly directory: TextDirectory,
    private readonly executor: Execute,
    private readonly queue: JobQueue,
  ) {}

  async execute({ notice }: ReceiveTextNotice): Promise<{ answer: string | undefined }> {
    if (notice.kind === 'status') {
      if (notice.means !== 'under_way') await this.keep(notice);
      return { answer: undefined };
    }
    await this.keep(notice);
    return { answer: keywordOf(notice.text) === 'help' ? await this.help(notice) : undefined };
  }

  private async keep(notice: TextNotice): Promise<void> {
    const noticeId = noticeIdOf(notice);
    if (!(await this.notices.keep(noticeId, notice))) return;
    // A STOP holds from the moment that it is answered; what cannot be done now is a job's.
    if (notice.kind === 'inbound' && (await this.workedAtOnce(noticeId))) return;
    const id = `${TAKE_TEXT_NOTICE}-${noticeId}`;
    await this.queue.enqueue([{ name: TAKE_TEXT_NOTICE, id, payload: { noticeId, round: 0 }, delayMs: 0 }]);
  }

  private async workedAtOnce(noticeId: string): Promise<boolean> {
    try {
      return await this.work.settle(noticeId);
    } catch {
      return false;
    }
  }

  /** Who texts, how to reach them, and how to stop it. To a number that was never texted there is nobody to speak for. */
  private async help({ number }: InboundText): Promise<string | undefined> {
    const last = await this.directory.lastTo(number);
    if (!last) return undefined;
    const { name, telephone, replyTo } = (await loadInvoice(this.executor, last.invoiceId)).branch.details;
    const reach = telephone ?? replyTo;
    return `${name}: texts about your invoices.${reach === undefined ? '' : ` Questions? ${reach}.`} Reply STOP to opt out.`;
  }
}
