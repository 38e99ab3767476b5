import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../../domain/json.js';
import { JobQueue } from '../ports.js';
import { TextNoticeWork } from '../texts/text-notice-work.js';
import { field, JobHandler } from './job-handler.js';
import { TAKE_TEXT_NOTICE } from './job-names.js';

const FIRST_PAUSE_MS = 1_000;
/** The pauses double: after the last of them some eight minutes have passed. */
const ROUNDS = 9;

/** Deals with a notice of the text provider; one about a text that no list shows yet is looked at again, for some minutes. */
@Injectable()
export class TakeTextNoticeJob extends JobHandler {
  override readonly name = TAKE_TEXT_NOTICE;

  constructor(
    private readonly work: TextNoticeWork,
    private readonly queue: JobQueue,
  ) {
    super();
  }

  override async run(payload: JsonObject): Promise<void> {
    const noticeId = field(payload, 'noticeId');
    if (await this.work.settle(noticeId)) return;
    const round = Number(payload['round'] ?? 0) + 1;
    if (round > ROUNDS) {
      await this.work.giveUp(noticeId);
      return;
    }
    const id = `${TAKE_TEXT_NOTICE}-${noticeId}-${round}`;
    const delayMs = FIRST_PAUSE_MS * 2 ** (round - 1);
    await this.queue.enqueue([{ name: TAKE_TEXT_NOTICE, id, payload: { noticeId, round }, delayMs }]);
  }
}
