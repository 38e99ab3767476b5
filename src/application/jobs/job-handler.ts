/** A job: what a worker does outside, once or more often, with the same effect. It asks the stream first whether it is done. */
import type { JsonObject } from '../../domain/json.js';

export abstract class JobHandler {
  /** As in `job-names.ts`. */
  abstract readonly name: string;
  /** @throws RetryLater when it should be tried again; any other error is retried too and ends as a dead letter. */
  abstract run(payload: JsonObject, info?: { readonly attempt: number }): Promise<void>;
}

/** A field of a payload that must be there. */
export function field(payload: JsonObject, name: string): string {
  const value = payload[name];
  if (typeof value !== 'string') throw new Error(`The job's payload has no ${name}`);
  return value;
}
