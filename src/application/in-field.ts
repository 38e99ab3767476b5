import { DomainError } from '../domain/errors.js';

/**
 * Names the field of a refusal, as the request calls it: the domain knows what is wrong with an address, not where it was written.
 * @throws DomainError what `work` refuses, with `field`
 */
export function inField<Value>(field: string, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new DomainError(error.code, { ...error.details, field });
  }
}
