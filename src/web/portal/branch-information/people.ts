import { Injectable } from '@nestjs/common';
import { UserList } from '../../../projections/users.js';

const USER = /^staff:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Names of those who did something, as the portal says them. */
@Injectable()
export class People {
  constructor(private readonly users: UserList) {}

  async nameOf(actor: string): Promise<string> {
    const userId = USER.exec(actor)?.[1];
    if (userId !== undefined) return (await this.users.byId(userId))?.name ?? 'A key of the API';
    if (actor.startsWith('staff:')) return "The administrator's key of the API";
    return 'The service itself';
  }

  /** By actor. */
  async namesOf(actors: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const names = new Map<string, string>();
    for (const actor of new Set(actors)) names.set(actor, await this.nameOf(actor));
    return names;
  }
}
