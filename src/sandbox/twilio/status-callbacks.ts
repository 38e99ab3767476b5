import { createHmac } from 'node:crypto';
import type { DueCallback, MessageTable } from './message-table.js';

const BATCH = 20;
const ANSWER_LIMIT_MS = 5000;
const LONGEST_SLEEP_MS = 60_000;

/** The signature of a callback: HMAC-SHA1 over the address and the sorted parameters, each name followed by its value. */
function signCallback(authToken: string, url: string, parameters: Readonly<Record<string, string>>): string {
  const sorted = Object.keys(parameters)
    .sort()
    .map((name) => name + (parameters[name] ?? ''))
    .join('');
  return createHmac('sha1', authToken)
    .update(url + sorted, 'utf8')
    .digest('base64');
}

export interface CallbackOptions {
  readonly table: MessageTable;
  readonly accountSid: string;
  readonly authToken: string;
  readonly now: () => Date;
}

/** Reports how messages fare to those who asked, a few times where nobody answers. What is owed survives a restart. */
export class StatusCallbacks {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private wokenMeanwhile = false;
  private stopped = false;

  constructor(private readonly options: CallbackOptions) {}

  /** To be called when something may be owed: at the start, and after a message that asked for callbacks. */
  wake(): void {
    this.wokenMeanwhile = this.running !== undefined;
    if (this.stopped || this.running) return;
    clearTimeout(this.timer);
    this.running = this.work()
      .catch(() => LONGEST_SLEEP_MS)
      .then((sleepMs) => {
        this.running = undefined;
        if (this.wokenMeanwhile) return this.wake();
        if (this.stopped || sleepMs === undefined) return;
        this.timer = setTimeout(() => this.wake(), sleepMs);
        this.timer.unref();
      });
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** Delivers what is due and answers how long to sleep until the next, or `undefined` when nothing is owed. */
  private async work(): Promise<number | undefined> {
    const { table, now } = this.options;
    while (!this.stopped) {
      const due = await table.dueCallbacks(now(), BATCH);
      if (due.length === 0) {
        const next = await table.nextCallbackAt();
        return next && Math.min(LONGEST_SLEEP_MS, Math.max(10, next.getTime() - now().getTime()));
      }
      await Promise.all(
        due.map(async (callback) => table.settleCallback(callback, await this.deliver(callback), now())),
      );
    }
    return undefined;
  }

  private async deliver(callback: DueCallback): Promise<boolean> {
    const { accountSid, authToken } = this.options;
    const parameters = {
      AccountSid: accountSid,
      ApiVersion: '2010-04-01',
      From: callback.sender,
      MessageSid: callback.sid,
      MessageStatus: callback.status,
      SmsSid: callback.sid,
      SmsStatus: callback.status,
      To: callback.recipient,
      ...(callback.status === 'undelivered' ? { ErrorCode: '30003' } : {}),
    };
    try {
      const answer = await fetch(callback.url, {
        method: 'POST',
        headers: { 'x-twilio-signature': signCallback(authToken, callback.url, parameters) },
        body: new URLSearchParams(parameters),
        redirect: 'manual',
        signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
      });
      await answer.body?.cancel();
      return answer.ok;
    } catch {
      return false;
    }
  }
}
