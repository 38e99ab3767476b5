import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { BrowserSessions } from '../../application/staff/browser-sessions.js';
import { sessionSecret } from './staff-cookie.js';

/** Tells the browsers of staff from those of customers. */
@Injectable()
export class StaffBrowser {
  constructor(private readonly sessions: BrowserSessions) {}

  /**
   * Whether staff sit before this browser: it has a session of the portal, if only as far as the password. Costs customers nothing,
   * who have no such cookie.
   */
  async isStaffs(request: Request): Promise<boolean> {
    return (await this.sessions.find(sessionSecret(request), { isUse: false })) !== undefined;
  }
}
