/** A fault that strikes the next `count` requests whose path contains `path`. */
interface PathFault {
  readonly path: string;
  count: number;
}

export interface WebhookFaults {
  /** Every webhook is sent twice. */
  readonly doubled: boolean;
  /** Webhooks are held for a moment and sent the last one first. */
  readonly reordered: boolean;
  /** Webhooks are never sent. */
  readonly dropped: boolean;
  /** Webhooks are sent this much later. */
  readonly delayMs: number;
}

/** What went wrong with one request. */
export type Fault = 'fail500' | 'lost_answer' | undefined;

const NO_WEBHOOK_FAULTS: WebhookFaults = { doubled: false, reordered: false, dropped: false, delayMs: 0 };
const MAX_DELAY_MS = 120_000;
const MAX_COUNT = 10_000;

/** The request for faults is not one that can be carried out. */
export class FaultRequestError extends Error {
  override readonly name = 'FaultRequestError';
}

/**
 * Faults that a test has asked for. They live in memory: a restart heals them, so that no data folder is left behind with
 * a stand-in that misbehaves for a reason that nobody remembers.
 */
export class Faults {
  private delayMs = 0;
  private fail500: PathFault | undefined;
  private lostAnswer: PathFault | undefined;
  private webhookFaults: WebhookFaults = NO_WEBHOOK_FAULTS;

  get webhooks(): WebhookFaults {
    return this.webhookFaults;
  }

  get answerDelayMs(): number {
    return this.delayMs;
  }

  /** Takes the whole set of faults: what is not named is healed, and `{}` heals all. */
  set(request: unknown): void {
    const wanted = record(request, 'the body');
    refuseUnknown(wanted, ['delayMs', 'fail500', 'lostAnswer', 'webhooks']);
    const webhooks = wanted['webhooks'] === undefined ? {} : record(wanted['webhooks'], 'webhooks');
    refuseUnknown(webhooks, ['doubled', 'reordered', 'dropped', 'delayMs']);
    const next = {
      delayMs: wholeNumber(wanted['delayMs'], 'delayMs', MAX_DELAY_MS),
      fail500: pathFault(wanted['fail500'], 'fail500'),
      lostAnswer: pathFault(wanted['lostAnswer'], 'lostAnswer'),
      webhooks: {
        doubled: flag(webhooks['doubled'], 'webhooks.doubled'),
        reordered: flag(webhooks['reordered'], 'webhooks.reordered'),
        dropped: flag(webhooks['dropped'], 'webhooks.dropped'),
        delayMs: wholeNumber(webhooks['delayMs'], 'webhooks.delayMs', MAX_DELAY_MS),
      },
    };
    this.delayMs = next.delayMs;
    this.fail500 = next.fail500;
    this.lostAnswer = next.lostAnswer;
    this.webhookFaults = next.webhooks;
  }

  /** The faults that are still to come, in the form in which they are asked for. */
  describe(): object {
    return {
      delayMs: this.delayMs,
      ...(this.fail500 === undefined ? {} : { fail500: { ...this.fail500 } }),
      ...(this.lostAnswer === undefined ? {} : { lostAnswer: { ...this.lostAnswer } }),
      webhooks: this.webhookFaults,
    };
  }

  /** Which fault strikes this request; each one asked for is used up by the requests that it strikes. */
  strike(path: string): Fault {
    if (strikes(this.fail500, path)) return 'fail500';
    if (strikes(this.lostAnswer, path)) return 'lost_answer';
    return undefined;
  }
}

function strikes(fault: PathFault | undefined, path: string): boolean {
  if (fault === undefined || fault.count <= 0 || !path.includes(fault.path)) return false;
  fault.count -= 1;
  return true;
}

function record(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new FaultRequestError(`${name} must be a JSON object`);
  }
  return value as Record<string, unknown>;
}

function refuseUnknown(value: Record<string, unknown>, known: readonly string[]): void {
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new FaultRequestError(`unknown fault: ${unknown.slice(0, 40)}`);
}

function pathFault(value: unknown, name: string): PathFault | undefined {
  if (value === undefined) return undefined;
  const fault = record(value, name);
  refuseUnknown(fault, ['path', 'count']);
  const { path } = fault;
  if (typeof path !== 'string' || path === '') throw new FaultRequestError(`${name}.path must be a part of a path`);
  return { path, count: wholeNumber(fault['count'] ?? 1, `${name}.count`, MAX_COUNT) };
}

function wholeNumber(value: unknown, name: string, max: number): number {
  if (value === undefined) return 0;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > max) {
    throw new FaultRequestError(`${name} must be a whole number from 0 to ${max}`);
  }
  return value;
}

function flag(value: unknown, name: string): boolean {
  if (value === undefined) return false;
  if (typeof value !== 'boolean') throw new FaultRequestError(`${name} must be true or false`);
  return value;
}
