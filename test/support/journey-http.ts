import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_PAUSE_MS = 150;
const LONGEST_PAUSE_MS = 1_500;
const FIRST_LOOK_MS = 500;
const LATER_LOOKS_MS = 4_000;
const ANSWER_LIMIT_MS = 20_000;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/**
 * HTTP as a patient person uses it: where nobody answers, the connection breaks or the service says 503, the same request is
 * made again, until the deadline.
 */
export class PatientClient {
  /** How often a request had to be made again. */
  repeats = 0;

  constructor(private readonly deadline: number) {}

  async send(url: string, request: RequestInit = {}): Promise<Answer> {
    let pauseMs = FIRST_PAUSE_MS;
    for (;;) {
      const answer = await this.once(url, request);
      if (typeof answer !== 'string' && answer.status !== 503) return answer;
      if (Date.now() > this.deadline) {
        const said = typeof answer === 'string' ? answer : `503 ${answer.text}`;
        throw new Error(`${request.method ?? 'GET'} ${url} came to nothing, at last: ${said}`);
      }
      this.repeats += 1;
      await sleep(pauseMs);
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 1.5);
    }
  }

  /** Looks again and again, less often as time goes by, until there is something to find. */
  async until<T>(find: () => Promise<T | undefined>, what: string): Promise<T> {
    for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(LATER_LOOKS_MS, pauseMs * 1.4)) {
      const found = await find();
      if (found !== undefined) return found;
      if (Date.now() > this.deadline) throw new Error(`Waited in vain for ${what}`);
      await sleep(pauseMs);
    }
  }

  /** The answer, whole, or why there is none. */
  private async once(url: string, request: RequestInit): Promise<Answer | string> {
    try {
      const response = await fetch(url, {
        redirect: 'manual',
        signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
        ...request,
      });
      return { status: response.status, headers: response.headers, text: await response.text() };
    } catch (error) {
      return error instanceof Error
        ? `${error.message} ${error.cause instanceof Error ? error.cause.message : ''}`
        : String(error);
    }
  }
}
