import { Injectable } from '@nestjs/common';
import { ApiKeyList } from '../../projections/api-keys.js';
import { UserList } from '../../projections/users.js';

const USER = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What those are called by whose hands things were done: people by their names, programs by their keys'. */
@Injectable()
export class StaffNames {
  constructor(
    private readonly users: UserList,
    private readonly keys: ApiKeyList,
  ) {}

  /** @param actors of events; all but `staff:…` are nobody's name */
  async of(actors: readonly string[]): Promise<(actorId: string) => string | undefined> {
    const prefix = 'staff:';
    const ids = [...new Set(actors)]
      .filter((actor) => actor.startsWith(prefix))
      .map((actor) => actor.slice(prefix.length));
    const names = new Map<string, string>();
    for (const id of ids.filter((each) => USER.test(each))) {
      const user = await this.users.byId(id);
      if (user) names.set(id, user.name);
    }
    if (ids.some((id) => !names.has(id) && id !== 'admin')) {
      for (const { keyId, name } of await this.keys.find()) names.set(keyId, `${name} (API key)`);
    }
    return (actorId) => names.get(actorId);
  }
}
