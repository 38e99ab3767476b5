import { createHmac } from 'node:crypto';
import type { OwedCall, OwedCalls } from './owed-calls.js';

const BATCH = 64;
const ANSWER_LIMIT_MS = 15_000;
const ANSWER_LIMIT_CHARACTERS = 65_536;
const LONGEST_SLEEP_MS = 60_000;

/** The signature of a call: HMAC-SHA1 over the address and the sorted parameters, each name followed by its value. */
function sign(authToken: string, url: string, parameters: Readonly<Record<string, string>>): string {
  const sorted = Object.keys(parameters)
    .sort()
    .map((name) => name + (parameters[name] ?? ''))
    .join('');
  return createHmac('sha1', authToken)
    .update(url + sorted, 'utf8')
    .digest('base64');
}

export interface CallerOptions {
  readonly calls: OwedCalls;
  readonly authToken: string;
  readonly now: () => Date;
  /** Does what the answer to a text that came in asks for, and settles the call with it. */
  readonly onAnswer: (call: OwedCall, answer: string) => Promise<void>;
}

/** Makes the calls that are owed, a few times where nobody answers. What is owed survives a restart. */
export class Caller {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private wokenMeanwhile = false;
  private stopped = false;

  constructor(private readonly options: CallerOptions) {}

  /** To be called when something may be owed: at the start, and after what asked for a call. */
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

  /** Makes the calls that are due and answers how long to sleep until the next, or `undefined` when none is owed. */
  private async work(): Promise<number | undefined> {
    const { calls, now } = this.options;
    while (!this.stopped) {
      const due = await calls.due(now(), BATCH);
      if (due.length === 0) {
        const next = await calls.nextAt();
        return next && Math.min(LONGEST_SLEEP_MS, Math.max(10, next.getTime() - now().getTime()));
      }
      const made = await Promise.all(due.map(async (call) => ({ call, taken: await this.make(call) })));
      await calls.conclude(made, now());
    }
    return undefined;
  }

  private async make(call: OwedCall): Promise<boolean> {
    try {
      const answer = await fetch(call.url, {
        method: 'POST',
        headers: { 'x-twilio-signature': sign(this.options.authToken, call.url, call.parameters) },
        body: new URLSearchParams(call.parameters),
        redirect: 'manual',
        signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
      });
      const text = await answer.text();
      if (answer.ok && call.answerTo !== null) {
        await this.options.onAnswer(call, text.slice(0, ANSWER_LIMIT_CHARACTERS));
      }
      return answer.ok;
    } catch {
      return false;
    }
  }
}
