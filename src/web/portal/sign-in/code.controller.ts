import { Get, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { PublicUrl } from '../../../application/ports.js';
import { BrowserSessions, type OpenSession } from '../../../application/staff/browser-sessions.js';
import { GiveSecondFactor } from '../../../application/staff/give-second-factor.js';
import { TriesUsedUp } from '../../../application/staff/sign-in-tries.js';
import { assertCsrf, assertSameOrigin } from '../../auth/portal-guard.js';
import { pathWithin } from '../../auth/same-site-path.js';
import { sessionSecret } from '../../auth/staff-cookie.js';
import { networkAddress } from '../../pay/pay-requests.js';
import { OpenPortalController } from '../portal-controller.js';
import { PortalPages } from '../portal-pages.js';
import { PortalRedirect } from '../portal-redirect.js';
import { formText } from './form-text.js';
import { pauseWords } from './sign-in.controller.js';
import { START, StaffBrowsers } from './staff-browsers.js';

const WRONG = 'This code is not right, or it was used before. Wait for the next one, or use a recovery code.';

/** Asks for the second factor: to finish signing in, and before what needs it freshly. */
@OpenPortalController('')
export class CodeController {
  constructor(
    private readonly commands: CommandBus,
    private readonly sessions: BrowserSessions,
    private readonly browsers: StaffBrowsers,
    private readonly pages: PortalPages,
    private readonly publicUrl: PublicUrl,
  ) {}

  @Get(['sign-in/code', 'confirm'])
  async form(@Query('next') next: unknown, @Req() request: Request, @Res() response: Response): Promise<void> {
    const session = await this.session(request);
    this.show(response, session, { next: pathWithin(next) });
  }

  @Post(['sign-in/code', 'confirm'])
  async give(@Req() request: Request, @Res() response: Response): Promise<void> {
    assertSameOrigin(request, this.publicUrl.base);
    const session = await this.session(request);
    assertCsrf(session, formText(request, '_csrf'));
    const next = pathWithin(formText(request, 'next'));
    const secret = await this.tryCode(request, response, session, next);
    if (secret === undefined) return;
    await this.browsers.begin(request, response, secret);
    throw new PortalRedirect(next ?? START);
  }

  private async tryCode(
    request: Request,
    response: Response,
    session: OpenSession,
    next: string | undefined,
  ): Promise<string | undefined> {
    const input = { session, code: formText(request, 'code').slice(0, 64), address: networkAddress(request) };
    try {
      const secret = await this.commands.execute(new GiveSecondFactor(input));
      if (secret === undefined) this.show(response, session, { next, status: 422, mistake: WRONG });
      return secret;
    } catch (error) {
      if (!(error instanceof TriesUsedUp)) throw error;
      response.set('Retry-After', String(error.retryAfterSeconds));
      this.show(response, session, { next, status: 429, mistake: pauseWords(error.retryAfterSeconds) });
      return undefined;
    }
  }

  private async session(request: Request): Promise<OpenSession> {
    const session = await this.sessions.find(sessionSecret(request));
    if (!session) throw new PortalRedirect('/staff/sign-in');
    return session;
  }

  private show(
    response: Response,
    session: OpenSession,
    form: { next: string | undefined; status?: number; mistake?: string },
  ): void {
    const { next, status = 200, mistake } = form;
    this.pages.renderBare(response, {
      title: 'Second factor',
      template: 'portal/sign-in/views/code',
      status,
      view: {
        action: session.waitsForCode ? '/staff/sign-in/code' : '/staff/confirm',
        isSignIn: session.waitsForCode,
        csrf: session.csrf,
        next,
        mistake,
      },
    });
  }
}
