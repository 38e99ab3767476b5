/** What forms of the portal have in common: who asks, why, and what is said when it was done or refused. */
import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { CommandContext } from '../../application/command-context.js';
import { Randomness } from '../../application/ports.js';
import { DomainError } from '../../domain/errors.js';
import { staffOf } from '../auth/caller.js';
import { HttpProblem } from '../http-problem.js';
import { setPrivateHeaders } from '../pay/page-headers.js';
import { describeProblem } from '../problem-details.js';
import { traceOf } from '../request-trace.js';

const CAUSE = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What can be done about what was done. */
interface Offer {
  readonly word: string;
  readonly href?: string;
  /** The address that a press of the button posts to. */
  readonly post?: string;
}

/** What a script is told when a form was done. */
export interface Done {
  readonly said: string;
  readonly offers: readonly Offer[];
  /** The list that follows waits for this. */
  readonly position: bigint;
}

/** What is wrong with a form. Without a field it concerns the whole. */
export interface Mistake {
  readonly field: string | undefined;
  readonly words: string;
}

@Injectable()
export class PortalForms {
  constructor(private readonly randomness: Randomness) {}

  /** For the hidden field `cause` of a form: however often it is sent, it is one command. */
  newCause(): string {
    return this.randomness.uuid();
  }

  /**
   * Who asks and why.
   * @throws HttpProblem where the form has lost its cause
   */
  context(request: Request): CommandContext {
    const cause = textOf(request, 'cause') ?? '';
    if (!CAUSE.test(cause)) {
      throw new HttpProblem('malformed_request', { detail: 'The form is incomplete. Load the page again.' });
    }
    const { keyId } = staffOf(request);
    // The caller chose it, as an Idempotency-Key is chosen: within the user it stands for one thing only.
    return { actor: `staff:${keyId}`, cause: `form:${keyId}:${cause}`, causeIsChosen: true, ...traceOf(request) };
  }
}

/** A field of a form as text; absent where it was left empty. Nobody but a program sends a field twice. */
export function textOf(request: Request, name: string): string | undefined {
  const value = (request.body as Readonly<Record<string, unknown>> | undefined)?.[name];
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** A script asks for JSON; a form that was sent without one expects a page. */
export function wantsJson(request: Request): boolean {
  return request.accepts(['html', 'json']) === 'json';
}

export function answerDone(response: Response, { said, offers, position }: Done): void {
  setPrivateHeaders(response);
  response.json({ said, offers, position: String(position) });
}

/**
 * What a refusal means for the form that was sent, told beside its field and with status 422 or what the refusal has.
 * @param fields the form's field for each code, where there is one
 * @throws whatever is no refusal of what was typed
 */
export function mistakeOf(error: unknown, fields: Readonly<Record<string, string>>): Mistake & { status: number } {
  if (!(error instanceof DomainError)) throw error;
  const { status, title } = describeProblem(error);
  const reason = error.details['reason'];
  return { status, field: fields[error.code], words: typeof reason === 'string' ? reason : title };
}

/** A mistake as a script is told of it. */
export function answerMistake(response: Response, { status, field, words }: Mistake & { status: number }): void {
  answerMistakes(response, { status, mistakes: [{ field, words }] });
}

/**
 * Several of them, the first first.
 * @param refusal `isStale` where the form itself is of yesterday, so that it must not be kept for another try
 */
export function answerMistakes(
  response: Response,
  refusal: { readonly status: number; readonly mistakes: readonly Mistake[]; readonly isStale?: boolean },
): void {
  const { status, mistakes, isStale = false } = refusal;
  setPrivateHeaders(response);
  const errors = mistakes.map(({ field, words }) => ({ path: field ?? '', message: words }));
  const words = mistakes[0]?.words;
  response
    .status(status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', title: words, status, detail: words, errors, isStale }));
}
