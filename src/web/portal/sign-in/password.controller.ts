import { Get, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { PublicUrl, Randomness } from '../../../application/ports.js';
import { RequestPasswordReset } from '../../../application/staff/request-password-reset.js';
import { SetPassword, ViewPasswordLink } from '../../../application/staff/set-password.js';
import { TriesUsedUp } from '../../../application/staff/sign-in-tries.js';
import { StaffSettings } from '../../../application/staff/staff-settings.js';
import { DomainError } from '../../../domain/errors.js';
import { assertSameOrigin } from '../../auth/portal-guard.js';
import { networkAddress } from '../../pay/pay-requests.js';
import { traceOf } from '../../request-trace.js';
import { OpenPortalController } from '../portal-controller.js';
import { PortalPages } from '../portal-pages.js';
import { PortalRedirect } from '../portal-redirect.js';
import { formText } from './form-text.js';
import { pauseWords } from './sign-in.controller.js';
import { START, StaffBrowsers } from './staff-browsers.js';

/** What is said whoever asked: whether somebody has an account is nobody's business. */
const ON_ITS_WAY =
  'If there is an account with this address, an email is on its way to it. Its link works once, for one hour.';

/** Choosing a password: after an invitation, or because the former one is lost. */
@OpenPortalController('')
export class PasswordController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly browsers: StaffBrowsers,
    private readonly pages: PortalPages,
    private readonly publicUrl: PublicUrl,
    private readonly settings: StaffSettings,
    private readonly randomness: Randomness,
  ) {}

  @Get('forgotten-password')
  forgotten(@Res() response: Response): void {
    this.assertPasswords();
    this.showForgotten(response, { email: '' });
  }

  @Post('forgotten-password')
  async reset(@Req() request: Request, @Res() response: Response): Promise<void> {
    assertSameOrigin(request, this.publicUrl.base);
    this.assertPasswords();
    const email = formText(request, 'email').slice(0, 254);
    try {
      await this.commands.execute(new RequestPasswordReset({ email, address: networkAddress(request) }));
      this.message(response, 200, 'Look into your mailbox', ON_ITS_WAY);
    } catch (error) {
      if (error instanceof TriesUsedUp) {
        response.set('Retry-After', String(error.retryAfterSeconds));
        this.showForgotten(response, { email, status: 429, mistake: pauseWords(error.retryAfterSeconds) });
      } else if (error instanceof DomainError && error.code === 'invalid_recipient') {
        this.showForgotten(response, { email, status: 422, mistake: String(error.details['reason']) });
      } else throw error;
    }
  }

  /** A look at the page uses nothing up: mail scanners follow links too. */
  @Get('password/:token')
  async choose(@Param('token') token: string, @Res() response: Response): Promise<void> {
    this.assertPasswords();
    await this.showChoose(response, { token });
  }

  @Post('password/:token')
  async set(@Param('token') token: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    assertSameOrigin(request, this.publicUrl.base);
    this.assertPasswords();
    const password = formText(request, 'password');
    if (password !== formText(request, 'again')) {
      await this.showChoose(response, { token, status: 422, mistake: 'The two are not the same. Type both again.' });
      return;
    }
    const context = { actor: 'system:invitation', cause: this.randomness.uuid(), ...traceOf(request) };
    try {
      const signedIn = await this.commands.execute(new SetPassword({ token, password }, context));
      await this.browsers.begin(request, response, signedIn.secret);
      throw new PortalRedirect(signedIn.outcome === 'code_needed' ? '/staff/sign-in/code' : START);
    } catch (error) {
      if (error instanceof DomainError && error.code === 'password_refused') {
        const mistake = `The password ${String(error.details['reason'])}.`;
        await this.showChoose(response, { token, status: 422, mistake });
      } else if (isGone(error)) this.gone(response);
      else throw error;
    }
  }

  private assertPasswords(): void {
    if (this.settings.withProvider) throw new PortalRedirect('/staff/sign-in');
  }

  private async showChoose(
    response: Response,
    form: { token: string; status?: number; mistake?: string },
  ): Promise<void> {
    const { token, status = 200, mistake } = form;
    try {
      const { email, isInvitation } = await this.queries.execute(new ViewPasswordLink({ token }));
      this.pages.renderBare(response, {
        title: 'Choose a password',
        template: 'portal/sign-in/views/choose-password',
        status,
        view: { token, email, isInvitation, mistake },
      });
    } catch (error) {
      if (!isGone(error)) throw error;
      this.gone(response);
    }
  }

  private gone(response: Response): void {
    this.message(
      response,
      404,
      'This link does not work any more',
      'It was used before, or its time is over. Ask for a new password, or ask whoever invited you for a new invitation.',
      { href: '/staff/forgotten-password', word: 'Ask for a new password' },
    );
  }

  private message(
    response: Response,
    status: number,
    heading: string,
    text: string,
    link = { href: '/staff/sign-in', word: 'To the sign-in' },
  ): void {
    const view = { heading, text, link };
    this.pages.renderBare(response, { title: heading, template: 'portal/views/message-page', status, view });
  }

  private showForgotten(response: Response, form: { email: string; status?: number; mistake?: string }): void {
    const { email, status = 200, mistake } = form;
    this.pages.renderBare(response, {
      title: 'Forgotten password',
      template: 'portal/sign-in/views/forgotten-password',
      status,
      view: { email, mistake },
    });
  }
}

function isGone(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'staff_link_not_found';
}
