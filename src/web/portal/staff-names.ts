import { Injectable } from '@nestjs/common';
import { ApiKeyList } from '../../projections/api-keys.js';
import { UserList } from '../../projections/users.js';

const STAFF = 'staff:';
const USER = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Who did something, as the portal says it: people by their names, programs by their keys'. */
@Injectable()
export class StaffNames {
  constructor(
    private readonly users: UserList,
    private readonly keys: ApiKeyList,
  ) {}

  /** @returns what each of these actors of events is called */
  async of(actors: readonly string[]): Promise<(actor: string) => string> {
    const ids = [...new Set(actors)].filter((actor) => actor.startsWith(STAFF)).map(idOf);
    const names = new Map([['admin', 'The first API key']]);
    for (const id of ids.filter((each) => USER.test(each))) {
      const user = await this.users.byId(id);
      if (user) names.set(id, user.name);
    }
    if (ids.some((id) => !names.has(id))) {
      for (const { keyId, name } of await this.keys.find()) names.set(keyId, `${name} (API key)`);
    }
    return (actor) => {
      if (actor.startsWith('customer:')) return 'Customer';
      if (actor.startsWith('system:')) return 'System';
      return names.get(idOf(actor)) ?? 'Somebody who is no longer known';
    };
  }
}

function idOf(actor: string): string {
  return actor.slice(STAFF.length);
}
