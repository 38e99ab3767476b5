import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { BrowserSessions } from '../../application/staff/browser-sessions.js';
import { UserList } from '../../projections/users.js';
import type { StaffCaller } from './caller.js';
import { sessionSecret } from './staff-cookie.js';

/** Asked again and again by pages that stay open: the guard looked only once, when they were opened. */
@Injectable()
export class StillSignedIn {
  constructor(
    private readonly sessions: BrowserSessions,
    private readonly users: UserList,
  ) {}

  /** Whether the session holds, and its user may do what they might then. Counts as no sign of life of theirs. */
  async check(request: Request, { keyId, role, branchIds }: StaffCaller): Promise<boolean> {
    const session = await this.sessions.find(sessionSecret(request), { isUse: false });
    const user = session?.userId === keyId && !session.waitsForCode ? await this.users.byId(keyId) : undefined;
    if (user?.status !== 'active' || user.role !== role) return false;
    return JSON.stringify(user.branchIds ?? undefined) === JSON.stringify(branchIds);
  }
}
