import { Get, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { PublicUrl } from '../../../application/ports.js';
import { BrowserSessions } from '../../../application/staff/browser-sessions.js';
import { SignInByLink } from '../../../application/staff/sign-in-by-link.js';
import { TriesUsedUp } from '../../../application/staff/sign-in-tries.js';
import { SignIn, type SignedIn } from '../../../application/staff/sign-in.js';
import { assertCsrf, assertSameOrigin } from '../../auth/portal-guard.js';
import { pathWithin } from '../../auth/same-site-path.js';
import { sessionSecret } from '../../auth/staff-cookie.js';
import { StaffSettings } from '../../../application/staff/staff-settings.js';
import { networkAddress } from '../../pay/pay-requests.js';
import { OpenPortalController } from '../portal-controller.js';
import { PortalPages } from '../portal-pages.js';
import { PortalRedirect } from '../portal-redirect.js';
import { START, StaffBrowsers } from './staff-browsers.js';
import { formText } from './form-text.js';
import { isThisMachine } from './this-machine.js';

/** What a mistake says. Which of address and password it was is nobody's business. */
const REFUSED = 'The email address and the password do not belong together. Check both, or ask for a new password.';

/** Signing in and out. */
@OpenPortalController('')
export class SignInController {
  constructor(
    private readonly commands: CommandBus,
    private readonly sessions: BrowserSessions,
    private readonly browsers: StaffBrowsers,
    private readonly pages: PortalPages,
    private readonly publicUrl: PublicUrl,
    private readonly settings: StaffSettings,
  ) {}

  @Get('sign-in')
  async form(
    @Query('next') next: unknown,
    @Query('once') once: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    if (typeof once === 'string') return this.byPrintedLink(once, request, response);
    const session = await this.sessions.find(sessionSecret(request));
    if (session && !session.waitsForCode) throw new PortalRedirect(pathWithin(next) ?? START);
    this.show(response, { next: pathWithin(next), email: '' });
  }

  @Post('sign-in')
  async signIn(@Req() request: Request, @Res() response: Response): Promise<void> {
    assertSameOrigin(request, this.publicUrl.base);
    const next = pathWithin(formText(request, 'next'));
    const email = formText(request, 'email').slice(0, 254);
    if (this.settings.withProvider) throw new PortalRedirect('/staff/sign-in');
    const signedIn = await this.tryPassword(request, response, email, next);
    if (!signedIn) return;
    if (signedIn.outcome === 'refused') {
      this.show(response, { next, email, status: 422, mistake: REFUSED });
      return;
    }
    await this.browsers.begin(request, response, signedIn.secret);
    const code = next === undefined ? '/staff/sign-in/code' : `/staff/sign-in/code?next=${encodeURIComponent(next)}`;
    throw new PortalRedirect(signedIn.outcome === 'code_needed' ? code : (next ?? START));
  }

  @Post('sign-out')
  async signOut(@Req() request: Request, @Res() response: Response): Promise<void> {
    assertSameOrigin(request, this.publicUrl.base);
    const session = await this.sessions.find(sessionSecret(request));
    if (session) assertCsrf(session, request.get('x-csrf-token') ?? formText(request, '_csrf'));
    await this.browsers.end(request, response);
    throw new PortalRedirect('/staff/sign-in');
  }

  private async tryPassword(
    request: Request,
    response: Response,
    email: string,
    next: string | undefined,
  ): Promise<SignedIn | undefined> {
    const password = formText(request, 'password');
    try {
      return await this.commands.execute(new SignIn({ email, password, address: networkAddress(request) }));
    } catch (error) {
      if (!(error instanceof TriesUsedUp)) throw error;
      response.set('Retry-After', String(error.retryAfterSeconds));
      this.show(response, { next, email, status: 429, mistake: pauseWords(error.retryAfterSeconds) });
      return undefined;
    }
  }

  /** Only where the browser sits on this very machine: the link stands on a screen, and perhaps in a log. */
  private async byPrintedLink(token: string, request: Request, response: Response): Promise<void> {
    const isTaken = this.settings.localSignIn && isThisMachine(request);
    const secret = isTaken ? await this.commands.execute(new SignInByLink({ token })) : undefined;
    if (secret !== undefined) {
      await this.browsers.begin(request, response, secret);
      throw new PortalRedirect(START);
    }
    const session = await this.sessions.find(sessionSecret(request));
    if (session && !session.waitsForCode) throw new PortalRedirect(START);
    const mistake =
      'This sign-in works once, on the machine that printed it. Sign in with the password printed beside it.';
    this.show(response, { next: undefined, email: '', status: 403, mistake });
  }

  private show(
    response: Response,
    form: { next: string | undefined; email: string; status?: number; mistake?: string },
  ): void {
    const { next, email, status = 200, mistake } = form;
    const provider = next === undefined ? '' : `?next=${encodeURIComponent(next)}`;
    this.pages.renderBare(response, {
      title: 'Sign in',
      template: 'portal/sign-in/views/sign-in',
      status,
      view: {
        next,
        email,
        mistake,
        provider: this.settings.withProvider ? `/staff/sign-in/provider${provider}` : undefined,
      },
    });
  }
}

/** How long a pause is, in words that need no counting. */
export function pauseWords(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  return `There were too many tries. Wait ${minutes === 1 ? 'a minute' : `${minutes} minutes`}, then try again.`;
}
