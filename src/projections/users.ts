/** Who may sign in, and what may they do? */
import type { Role } from '../domain/administration/events.js';
import type { UserEvent, UserStatus } from '../domain/user/events.js';
import { projectionOf, type ProjectedRow, type Projection } from './projection.js';
import type { Sql } from './sql.js';
import { columnsOf, rowOf, type Table } from './table.js';

export interface UserRow extends ProjectedRow {
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** Null: every branch. */
  readonly branchIds: readonly string[] | null;
  readonly status: UserStatus;
  readonly invitedAt: string;
  readonly changedAt: string;
}

const users: Table<UserRow> = {
  name: 'users',
  key: 'userId',
  columns: {
    userId: 'uuid',
    email: 'text',
    name: 'text',
    role: 'text',
    branchIds: 'json',
    status: 'text',
    invitedAt: 'instant',
    changedAt: 'instant',
    revision: 'position',
  },
};

export const usersProjection: Projection = projectionOf<UserEvent>()({
  name: 'users',
  streamPrefix: 'user-',
  tables: { users: { table: users, keyOf: ({ event }) => event.data.userId } },
  handlers: {
    UserChanged: (rows, { event: { data }, metadata: { occurredAt }, revision }) => {
      const { userId, email, name, role, branchIds = null, status } = data;
      const now = { email, name, role, branchIds, status, changedAt: occurredAt };
      rows.users.upsert(userId, revision, { userId, ...now, invitedAt: occurredAt, revision: '-1' }, () => now);
    },
  },
});

export class UserList {
  constructor(private readonly sql: Sql) {}

  async byId(userId: string): Promise<UserRow | undefined> {
    const [found] = await this.sql.query(`SELECT ${columnsOf(users, 'u')} FROM users u WHERE u.user_id = $1`, [userId]);
    return found && rowOf(users, found);
  }

  /** All users by name; those who are disabled last. */
  async find(): Promise<readonly UserRow[]> {
    const found = await this.sql.query(
      `SELECT ${columnsOf(users, 'u')} FROM users u ORDER BY u.status = 'disabled', lower(u.name), u.user_id`,
    );
    return found.map((row) => rowOf(users, row));
  }

  /** Whether somebody else who can sign in may administer every branch. */
  async hasOtherAdmin(userId: string): Promise<boolean> {
    const [found] = await this.sql.query<{ readonly some: boolean }>(
      `SELECT EXISTS (SELECT FROM users u WHERE u.role = 'admin' AND u.status = 'active' AND u.branch_ids IS NULL
                        AND u.user_id <> $1) AS some`,
      [userId],
    );
    return found?.some ?? false;
  }
}
