/** Fields of the forms of a branch, as one partial shows them. */
import type { Request } from 'express';
import type { z } from 'zod';
import { DomainError } from '../../../domain/errors.js';
import { issuesOf } from '../../api/schema-pipe.js';
import { DOMAIN_PROBLEMS } from '../../domain-problems.js';
import { describeProblem } from '../../problem-details.js';
import { formText } from '../sign-in/form-text.js';

/** How a field looks and what is said of it. */
export interface FieldLook {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  /** Of an `input`; `textarea` has rows. */
  readonly type?: 'text' | 'email' | 'tel' | 'url' | 'date' | 'time' | 'password' | 'textarea';
  readonly rows?: number;
  readonly required?: true;
  readonly readonly?: boolean;
  /** The id of a list of proposals. */
  readonly list?: string;
  readonly max?: number;
  readonly mono?: true;
}

export interface FieldView {
  readonly name: string;
  readonly label: string;
  readonly hint: string | undefined;
  readonly type: string;
  readonly isArea: boolean;
  readonly rows: number | undefined;
  readonly required: boolean;
  readonly readonly: boolean;
  readonly list: string | undefined;
  readonly max: number | undefined;
  readonly mono: boolean;
  /** No password manager is to put one of its own into a secret. */
  readonly autocomplete: 'off' | 'new-password';
  readonly value: string;
  readonly mistake: string | undefined;
}

/** What was typed, by field. */
export type Typed = Readonly<Record<string, string>>;

/** What is wrong, by field; under `form` what concerns the whole. */
export type Mistakes = Readonly<Record<string, string>>;

export const NO_MISTAKES: Mistakes = {};

/** What a form was read as. */
export type Read<Value> = { readonly value: Value } | { readonly mistakes: Mistakes };

export function fieldView(look: FieldLook, typed: Typed, mistakes: Mistakes): FieldView {
  const { name, label, hint, type = 'text', rows, list, max } = look;
  return {
    ...{ name, label, hint, type, rows, list, max },
    isArea: type === 'textarea',
    required: look.required ?? false,
    readonly: look.readonly ?? false,
    mono: look.mono ?? false,
    autocomplete: type === 'password' ? 'new-password' : 'off',
    value: typed[name] ?? '',
    mistake: mistakes[name],
  };
}

/** Names of fields as a template reaches them. */
export function fieldViews(
  looks: readonly FieldLook[],
  typed: Typed,
  mistakes: Mistakes,
): Readonly<Record<string, FieldView>> {
  return Object.fromEntries(looks.map((look) => [look.name, fieldView(look, typed, mistakes)]));
}

export function readTyped(request: Request, names: readonly string[]): Typed {
  return Object.fromEntries(names.map((name) => [name, formText(request, name).replaceAll('\r\n', '\n')]));
}

/**
 * What a schema complains of, a sentence a field; of an element (`address.2`) beside its list.
 * @param fieldOf the form's field for a path, where it has another name
 */
export function mistakesIn(error: z.ZodError, fieldOf: (path: string) => string = firstPart): Mistakes {
  const mistakes: Record<string, string> = {};
  for (const { path, message } of issuesOf(error)) mistakes[fieldOf(path)] ??= `It ${message}.`;
  return mistakes;
}

/** @param fieldOf as with `mistakesIn` */
export function readAs<Value>(result: z.ZodSafeParseResult<Value>, fieldOf?: (path: string) => string): Read<Value> {
  return result.success ? { value: result.data } : { mistakes: mistakesIn(result.error, fieldOf) };
}

function firstPart(path: string): string {
  return path.split('.')[0]!;
}

/**
 * A refusal of the domain as a sentence beside its field.
 * @throws whatever is no refusal of what was typed
 */
export function refusalIn(error: unknown): Mistakes {
  if (!(error instanceof DomainError)) throw error;
  const { status, title } = describeProblem(error);
  if (status === 404) throw error;
  if (error.code === 'idempotency_key_reused') return { form: SENT_BEFORE };
  const { field, part, reason, line } = error.details;
  const words = reason === undefined ? title : sentence(String(reason));
  const where = line === undefined || line === 1 ? '' : `Line ${line}: `;
  return { [String(field ?? part ?? DOMAIN_PROBLEMS[error.code].field ?? 'form')]: `${where}${words}` };
}

/** Whoever goes back in the browser has the form in hand that they have sent. */
const SENT_BEFORE =
  'This form has been sent before, with something else in it, and that was saved. What you typed now is not saved yet: look at it and save again.';

function sentence(reason: string): string {
  if (/^[A-Z]/.test(reason)) return reason;
  return `It ${/^(must|is|are|contains|has)\b/.test(reason) ? '' : 'cannot be used: '}${reason}.`;
}
