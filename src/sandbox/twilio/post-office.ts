import type { OwedCall, OwedCalls, NewCall } from './owed-calls.js';
import { reportedSteps } from './course.js';
import type { Step } from './course.js';
import { STANDARD_REPLIES, keywordOf } from './keywords.js';
import type { MessageTable, NewText } from './message-table.js';
import { countSegments } from './segments.js';
import type { TwilioFaults } from './twilio-faults.js';
import { messagesOf } from './twiml.js';

export interface PostOfficeOptions {
  readonly table: MessageTable;
  readonly calls: OwedCalls;
  readonly faults: TwilioFaults;
  readonly accountSid: string;
  /** The address that the account's numbers have for texts that come in. */
  readonly smsUrl: string;
  readonly now: () => Date;
  readonly newId: () => string;
}

/** A text that somebody sends to a number of the account. */
export interface IncomingText {
  readonly from: string;
  readonly to: string;
  readonly body: string;
}

/** Takes in texts from both sides, and tells the service what became of its own and what came in. */
export class PostOffice {
  constructor(private readonly options: PostOfficeOptions) {}

  /** Keeps a text of the service's, which asked for reports at the given address or for none. */
  async send(text: NewText, statusCallback: string | null): Promise<void> {
    await this.options.table.add(text, statusCallback === null ? [] : this.reports(text, statusCallback));
  }

  /**
   * Keeps a text that came in. A keyword works whether or not the service can be reached; the service hears of it as of
   * any other text.
   */
  async receive({ from, to, body }: IncomingText): Promise<string> {
    const { table, calls, faults, now } = this.options;
    const text = this.newText('inbound', from, to, body);
    const keyword = keywordOf(body);
    await table.atOnce(async (client) => {
      await table.insert(client, text);
      const wasOptedOut = await table.isOptedOut(to, from, client);
      if (keyword === 'stop' || keyword === 'start') await table.setOptedOut(client, to, from, keyword === 'stop');
      const isNews = keyword === 'help' ? faults.answersHelp && !wasOptedOut : wasOptedOut === (keyword === 'start');
      if (keyword !== undefined && isNews) {
        await table.insert(client, this.newText('outbound-reply', to, from, STANDARD_REPLIES[keyword]));
      }
      const parameters = this.parametersOf(text, 'received', { Body: body, NumMedia: '0', SmsMessageSid: text.sid });
      const call = { url: this.options.smsUrl, parameters, answerTo: text.sid, dueAt: now() };
      await calls.owe(client, this.spoilt([call]));
    });
    return text.sid;
  }

  /** Sends what the service answered to a text that came in, and settles the call with it. */
  async answer(call: OwedCall, answer: string): Promise<void> {
    const { table, calls } = this.options;
    const asked = call.answerTo === null ? undefined : await table.find(call.answerTo);
    await table.atOnce(async (client) => {
      await calls.settle(client, [call]);
      if (!asked || (await table.isOptedOut(asked.recipient, asked.sender, client))) return;
      for (const body of messagesOf(answer)) {
        await table.insert(client, this.newText('outbound-reply', asked.recipient, asked.sender, body));
      }
    });
  }

  private newText(direction: NewText['direction'], sender: string, recipient: string, body: string): NewText {
    const [sid, createdAt] = [`SM${this.options.newId()}`, this.options.now()];
    const segments = countSegments(body);
    return { sid, direction, sender, recipient, serviceSid: null, body, segments, errorCode: null, createdAt };
  }

  private reports(text: NewText, url: string): NewCall[] {
    const steps = reportedSteps({ ...text, viaService: text.serviceSid !== null });
    const parametersAt = ({ status }: Step): Record<string, string> => {
      const failed = status === 'undelivered' || status === 'failed';
      return this.parametersOf(text, status, failed ? { ErrorCode: String(text.errorCode) } : {});
    };
    return this.spoilt(steps.map((step) => ({ url, parameters: parametersAt(step), answerTo: null, dueAt: step.at })));
  }

  private parametersOf(text: NewText, status: string, more: Record<string, string>): Record<string, string> {
    return {
      AccountSid: this.options.accountSid,
      ApiVersion: '2010-04-01',
      From: text.sender,
      MessageSid: text.sid,
      SmsSid: text.sid,
      SmsStatus: status,
      To: text.recipient,
      // Of a text that came in the original tells the status under the older name only, and how long it is.
      ...(text.direction === 'inbound' ? { NumSegments: String(text.segments) } : { MessageStatus: status }),
      ...(text.serviceSid === null ? {} : { MessagingServiceSid: text.serviceSid }),
      ...more,
    };
  }

  /** The calls as the faults that were asked for leave them. */
  private spoilt(calls: readonly NewCall[]): NewCall[] {
    const { dropped, reordered, doubled, delayMs } = this.options.faults.callbacks;
    if (dropped) return [];
    const times = calls.map(({ dueAt }) => new Date(dueAt.getTime() + delayMs));
    if (reordered) times.reverse();
    const timed = calls.map((call, index) => ({ ...call, dueAt: times[index] ?? call.dueAt }));
    return doubled ? [...timed, ...timed] : timed;
  }
}
