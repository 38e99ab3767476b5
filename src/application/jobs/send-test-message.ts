import { Injectable } from '@nestjs/common';
import { branchDecider } from '../../domain/branch/decider.js';
import type { MessageCommand } from '../../domain/branch/messages.js';
import type { JsonObject } from '../../domain/json.js';
import { loadBranch } from '../branch/branch-view.js';
import { MessageSamples } from '../branch/message-samples.js';
import { systemContext } from '../command-context.js';
import { Execute } from '../execute.js';
import { branchStream, testLinkId } from '../ids.js';
import { LinkUrls } from '../link-urls.js';
import { Clock } from '../ports.js';
import { field, JobHandler } from './job-handler.js';
import { SEND_TEST_MESSAGE } from './job-names.js';
import { MessageDelivery, type Delivered } from './message-delivery.js';

/** A text that is this old was not the one that is looked for. */
const LOOK_BACK_MS = 24 * 60 * 60_000;

/**
 * Sends a message that staff want to see as it arrives. Its link opens nothing, and is the message's own, so that a text of
 * unknown outcome is found again.
 */
@Injectable()
export class SendTestMessageJob extends JobHandler {
  override readonly name = SEND_TEST_MESSAGE;

  constructor(
    private readonly executor: Execute,
    private readonly samples: MessageSamples,
    private readonly urls: LinkUrls,
    private readonly messages: MessageDelivery,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async run(payload: JsonObject): Promise<void> {
    const branchId = field(payload, 'branchId');
    const branch = await loadBranch(this.executor, branchId);
    const request = branch.messages.tests.get(field(payload, 'requestId'));
    if (!request) return;
    const { requestId, kind, language, message, channel, recipient: to } = request;
    const reference = testLinkId(requestId);
    const url = this.urls.payPage(reference);
    const rendered = await this.samples.render({ branch, kind, language, message, url, isTest: true });
    const messageId = `test.${requestId}@${this.urls.host}`;
    const sentSince = new Date(this.clock.now().getTime() - LOOK_BACK_MS);
    const delivered =
      channel === 'sms'
        ? await this.messages.text({ ...rendered.sms, to, reference, sentSince, branch: branch.details })
        : await this.messages.email({ messageId, to, branch: branch.details }, rendered.email);
    await this.executor.run({
      decider: branchDecider,
      stream: branchStream(branchId),
      command: report(requestId, messageId, delivered),
      context: systemContext('test-messages', field(payload, 'cause'), requestId),
    });
  }
}

function report(requestId: string, messageId: string, delivered: Delivered): MessageCommand {
  if (delivered.outcome === 'sent') {
    return { type: 'RecordTestMessageSent', requestId, messageId, providerId: delivered.providerId };
  }
  return { type: 'RecordTestMessageFailed', requestId, code: delivered.code, reason: delivered.reason };
}
