import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { CommandContext } from '../../application/command-context.js';
import { Randomness } from '../../application/ports.js';
import { staffOf } from '../auth/caller.js';
import { traceOf } from '../request-trace.js';
import { formText } from './sign-in/form-text.js';

const CAUSE = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * Who asks and why, of a form: its hidden field `cause`, within the user and the address, makes a double submit one command.
 */
@Injectable()
export class FormContexts {
  constructor(private readonly randomness: Randomness) {}

  /** What a form that is shown now carries as `cause`. */
  freshCause(): string {
    return this.randomness.uuid();
  }

  of(request: Request): CommandContext {
    const { keyId } = staffOf(request);
    const field = formText(request, 'cause');
    const isCause = CAUSE.test(field);
    // A bare UUID would promise that nobody else appends under it, and a form can be sent twice at once.
    const cause = isCause ? `form:${keyId}:${request.path}:${field}` : this.randomness.uuid();
    return { actor: `staff:${keyId}`, cause, causeIsChosen: isCause, ...traceOf(request) };
  }
}
