import { expect } from '@jest/globals';
import { fold, type Decider, type DomainEvent } from '../../src/domain/decider.js';
import { DomainError, type DomainErrorCode } from '../../src/domain/errors.js';

/** A command that must be refused, and the fields of its details that must be there. */
export interface Refused {
  readonly code: DomainErrorCode;
  readonly details: Readonly<Record<string, unknown>>;
}

export const refused = (code: DomainErrorCode, details: Refused['details'] = {}): Refused => ({ code, details });

/** The command finds its work done. */
export const nothing: readonly [] = [];

/**
 * The one form of a decider's test: given what happened, when this is asked, then exactly these events in this order, or a refusal,
 * or nothing. What is decided is folded in too, so that an event that the state cannot take fails here.
 */
export function given<State, Command, Event extends DomainEvent>(
  decider: Decider<State, Command, Event>,
  events: readonly Event[],
) {
  const recorded = events.map((event, index) => ({ event, revision: BigInt(index) }));
  const state = fold(decider, recorded);
  return {
    when: (command: Command) => ({
      then(expected: readonly Event[] | Refused): void {
        if ('code' in expected) {
          expect(refusalOf(() => decider.decide(command, state))).toMatchObject(expected);
          return;
        }
        const decided = decider.decide(command, state);
        expect(decided).toEqual(expected);
        decided.reduce((folded, event, index) => decider.evolve(folded, event, BigInt(events.length + index)), state);
      },
    }),
  };
}

function refusalOf(decide: () => unknown): DomainError {
  let decided: unknown;
  try {
    decided = decide();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error(`Not refused, but decided: ${JSON.stringify(decided)}`);
}
