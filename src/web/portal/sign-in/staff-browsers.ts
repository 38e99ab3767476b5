import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { BrowserSessions, SESSION_LIMIT_MS } from '../../../application/staff/browser-sessions.js';
import { clearSession, grantSession, sessionSecret } from '../../auth/staff-cookie.js';

/** Where somebody who signed in begins. */
export const START = '/staff';

/** Begins and ends what a browser may do. */
@Injectable()
export class StaffBrowsers {
  constructor(private readonly sessions: BrowserSessions) {}

  /** The session that the browser came with is over: nobody can have planted the new one. */
  async begin(request: Request, response: Response, secret: string): Promise<void> {
    await this.sessions.end(sessionSecret(request));
    grantSession(response, secret, SESSION_LIMIT_MS);
  }

  async end(request: Request, response: Response): Promise<void> {
    await this.sessions.end(sessionSecret(request));
    clearSession(response);
  }
}
