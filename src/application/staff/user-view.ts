import { Injectable } from '@nestjs/common';
import { DomainError } from '../../domain/errors.js';
import { normaliseEmail } from '../../domain/recipient.js';
import { userDecider } from '../../domain/user/decider.js';
import type { UserFacts } from '../../domain/user/events.js';
import { Execute } from '../execute.js';
import { userId, userStream } from '../ids.js';
import { ContactDigest } from '../ports.js';

/** Finds users where the truth is, in their streams. */
@Injectable()
export class Users {
  constructor(
    private readonly executor: Execute,
    private readonly digest: ContactDigest,
  ) {}

  /** The id that this address has or would have. @throws DomainError `invalid_recipient` */
  idOf(email: string): string {
    return userId(this.digest.of(staffEmail(email)));
  }

  /** Nothing where the address is none. */
  idIfAny(email: string): string | undefined {
    try {
      return this.idOf(email);
    } catch (error) {
      if (error instanceof DomainError) return undefined;
      throw error;
    }
  }

  /** Nothing where the address is none, or nobody's. */
  async byEmail(email: string): Promise<UserFacts | undefined> {
    const id = this.idIfAny(email);
    return id === undefined ? undefined : this.byId(id);
  }

  async byId(id: string): Promise<UserFacts | undefined> {
    const { state } = await this.executor.load(userDecider, userStream(id));
    return state.known ? state.facts : undefined;
  }
}

/** People type their address in any case; mail servers that tell cases apart are history. */
export function staffEmail(email: string): string {
  return normaliseEmail(email).toLowerCase();
}
