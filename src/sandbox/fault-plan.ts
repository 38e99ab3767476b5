import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { readBody, sendJson } from './handler.js';
import type { Handler } from './handler.js';

const count = z.int().min(0).max(1_000_000).default(0);

/** What a test can ask a stand-in to get wrong. Everything is off unless asked for. */
const faultSchema = z.strictObject({
  /** How long every answer is held back, in milliseconds. */
  delayMs: z.int().min(0).max(600_000).default(0),
  /** The next so many messages are refused for good. */
  refuseNext: count,
  /** The provider's code of those refusals. */
  refuseCode: z.int().min(400).max(99_999).optional(),
  /** The next so many messages meet an error inside the provider: nothing is kept. */
  errorNext: count,
  /** The next so many messages are kept, and the connection is dropped before the answer. */
  lostAnswerNext: count,
  /** Recipients that are always refused: mailboxes that do not exist, numbers that opted out. */
  refuseRecipients: z.array(z.string()).max(10_000).default([]),
  /** Recipients whose messages are taken and never arrive. */
  undeliverable: z.array(z.string()).max(10_000).default([]),
});

type Faults = z.output<typeof faultSchema>;

type Counter = 'refuseNext' | 'errorNext' | 'lostAnswerNext';

/** The faults that are asked of one stand-in. Kept in memory: a restart is well again. */
export class FaultPlan {
  private faults: Faults = faultSchema.parse({});

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
    return this.faults.refuseRecipients.some((refused) => refused.toLowerCase() === recipient.toLowerCase());
  }

  loses(recipient: string): boolean {
    return this.faults.undeliverable.includes(recipient);
  }

  async delay(): Promise<void> {
    if (this.faults.delayMs > 0) await sleep(this.faults.delayMs);
  }

  /** `GET` shows what is left of the plan at this path; `POST` replaces it, and `{}` ends all faults. */
  handler(path: string): Handler {
    return async (request, response, url) => {
      if (url.pathname !== path) return false;
      if (request.method === 'POST') {
        // Only a declared JSON body: a page of another origin cannot send one without being asked first.
        const declared = (request.headers['content-type'] ?? '').startsWith('application/json');
        const asked = declared ? parseFaults(await readBody(request, 1_000_000)) : 'Send JSON as application/json.';
        if (typeof asked === 'string') {
          sendJson(response, 400, { error: asked });
          return true;
        }
        this.faults = asked;
      }
      sendJson(response, 200, this.faults);
      return true;
    };
  }
}

function parseFaults(body: string): Faults | string {
  try {
    const result = faultSchema.safeParse(JSON.parse(body === '' ? '{}' : body));
    return result.success ? result.data : z.prettifyError(result.error);
  } catch {
    return 'The body is not JSON.';
  }
}
