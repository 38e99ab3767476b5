import type { Request } from 'express';
import type { CommandContext } from '../../application/command-context.js';
import type { Randomness } from '../../application/ports.js';
import { staffOf } from '../auth/caller.js';
import { traceOf } from '../request-trace.js';

/** Who asks, for what is the same however often it is asked for: a second submit finds nothing left to do. */
export function freshContext(request: Request, randomness: Randomness): CommandContext {
  return { actor: `staff:${staffOf(request).keyId}`, cause: randomness.uuid(), ...traceOf(request) };
}
