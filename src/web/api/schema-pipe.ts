import { Injectable } from '@nestjs/common';
import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import { HttpProblem } from '../http-problem.js';
import type { ProblemIssue } from '../http-problem.js';

/** Marks the refusal of a schema that is not about form. */
export const CARD_NUMBER_ISSUE = 'card_number_in_text';

const MAX_ISSUES = 20;
const MAX_NAME = 60;

/** Checks what a route was given by the schema of its parameter. A refusal names every field and never repeats a value. */
@Injectable()
export class SchemaPipe implements PipeTransform {
  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    const schema = metadata.schema as unknown as z.ZodType | undefined;
    if (!schema || metadata.type === 'custom') return value;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    if (metadata.type === 'body' && value === undefined) {
      throw new HttpProblem('malformed_request', { detail: 'A JSON body is needed.' });
    }
    const card = result.error.issues.find(
      (issue) => issue.code === 'custom' && issue.params?.['code'] === CARD_NUMBER_ISSUE,
    );
    if (card) {
      throw new DomainError('card_number_in_text', { field: card.path.join('.'), reason: 'contains a card number' });
    }
    throw new HttpProblem('malformed_request', { errors: issuesOf(result.error).slice(0, MAX_ISSUES) });
  }
}

/** What a schema complains of, field by field. */
export function issuesOf(error: z.ZodError): readonly ProblemIssue[] {
  return error.issues.flatMap(describe);
}

function describe(issue: z.core.$ZodIssue): ProblemIssue[] {
  const path = issue.path.map((part) => String(part).slice(0, MAX_NAME));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key.slice(0, MAX_NAME)].join('.'),
      message: 'is not known here',
    }));
  }
  if (issue.code === 'invalid_value' && issue.message.startsWith('Invalid option')) {
    return [{ path: path.join('.'), message: `must be one of ${issue.values.join(', ')}` }];
  }
  const message = issue.message.endsWith('received undefined') ? 'is required' : issue.message;
  return [{ path: path.join('.'), message: message.replace(/^Invalid input: /, '') }];
}
