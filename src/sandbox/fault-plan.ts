import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { readBody, sendJson } from './handler.js';
import type { Handler } from './handler.js';

const count = z.int().min(0).max(1_000_000).default(0);

/** Milliseconds that something is held back. */
export const pause = z.int().min(0).max(600_000).default(0);

/** Recipients that a fault strikes whenever they are written to. */
export const recipients = z.array(z.string()).max(20_000).default([]);

/** What a test can ask every provider of messages to get wrong. Everything is off unless asked for. */
export const messageFaults = z.strictObject({
  /** How long every answer is held back. */
  delayMs: pause,
  /** The next so many messages are refused for good. */
  refuseNext: count,
  /** The provider's code of those refusals. */
  refuseCode: z.int().min(400).max(99_999).optional(),
  /** Recipients that are always refused: mailboxes that do not exist, numbers that opted out. */
  refuseRecipients: recipients,
  /** The next so many messages meet an error inside the provider: nothing is kept. */
  errorNext: count,
  /** Every so manieth message meets such an error. */
  errorEvery: count,
  /** The next so many messages are kept, and the connection is dropped before the answer. */
  lostAnswerNext: count,
});

type MessageFaults = z.output<typeof messageFaults>;

type Counter = 'refuseNext' | 'errorNext' | 'lostAnswerNext';

/** The faults that are asked of one stand-in. Kept in memory: a restart is well again. */
export abstract class FaultPlan<Faults extends MessageFaults> {
  protected faults: Faults;
  private refused: ReadonlySet<string> = new Set();
  private messages = 0;

  protected constructor(private readonly schema: z.ZodType<Faults>) {
    this.faults = schema.parse({});
  }

  get refuseCode(): number | undefined {
    return this.faults.refuseCode;
  }

  /** Uses up one of the next so many. */
  take(counter: Counter): boolean {
    if (this.faults[counter] === 0) return false;
    this.faults = { ...this.faults, [counter]: this.faults[counter] - 1 };
    return true;
  }

  refuses(recipient: string): boolean {
    return this.refused.has(recipient.toLowerCase());
  }

  /** To be asked once a message: whether this one meets an error inside the provider. */
  stumbles(): boolean {
    this.messages += 1;
    return this.take('errorNext') || (this.faults.errorEvery > 0 && this.messages % this.faults.errorEvery === 0);
  }

  async delay(): Promise<void> {
    if (this.faults.delayMs > 0) await sleep(this.faults.delayMs);
  }

  /** `GET` shows what is left of the plan at this path; `POST` replaces it, and `{}` ends all faults. */
  handler(path: string): Handler {
    return async (request, response, url) => {
      if (url.pathname !== path) return false;
      if (request.method === 'POST') {
        const asked = await readDeclaredJson(request, this.schema);
        if (typeof asked === 'string') {
          sendJson(response, 400, { error: asked });
          return true;
        }
        this.adopt(asked.value);
      }
      sendJson(response, 200, this.faults);
      return true;
    };
  }

  private adopt(faults: Faults): void {
    this.faults = faults;
    this.refused = new Set(faults.refuseRecipients.map((recipient) => recipient.toLowerCase()));
    this.messages = 0;
  }
}

/**
 * Reads a JSON body that says it is one: a page of another origin cannot send that without being asked first.
 *
 * @returns the value, or what is wrong with the body
 */
export async function readDeclaredJson<T>(
  request: Parameters<typeof readBody>[0],
  schema: z.ZodType<T>,
): Promise<{ value: T } | string> {
  if (!(request.headers['content-type'] ?? '').startsWith('application/json')) return 'Send JSON as application/json.';
  const body = await readBody(request, 1_000_000);
  try {
    const result = schema.safeParse(JSON.parse(body === '' ? '{}' : body));
    return result.success ? { value: result.data } : z.prettifyError(result.error);
  } catch {
    return 'The body is not JSON.';
  }
}

/** What strikes the first try only, so that whoever tries again gets through. */
export class FirstTries {
  private readonly seen = new Set<string>();

  /** True when this has not been tried since the stand-in was started. */
  isFirst(what: string): boolean {
    if (this.seen.has(what)) return false;
    this.seen.add(what);
    return true;
  }
}
