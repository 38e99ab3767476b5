import { Get, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { BrowserSessions } from '../../../application/staff/browser-sessions.js';
import { ChangePassword } from '../../../application/staff/change-password.js';
import { SecondFactors } from '../../../application/staff/second-factors.js';
import { TriesUsedUp } from '../../../application/staff/sign-in-tries.js';
import { StaffSettings } from '../../../application/staff/staff-settings.js';
import { DomainError } from '../../../domain/errors.js';
import { staffOf } from '../../auth/caller.js';
import { sessionSecret } from '../../auth/staff-cookie.js';
import { networkAddress } from '../../pay/pay-requests.js';
import { PortalController } from '../portal-controller.js';
import { PortalPages } from '../portal-pages.js';
import { PortalRedirect } from '../portal-redirect.js';
import { PortalRoute } from '../portal-route.js';
import { formText } from '../sign-in/form-text.js';
import { pauseWords } from '../sign-in/sign-in.controller.js';

interface AccountForm {
  readonly status?: number;
  readonly mistake?: string;
  readonly done?: string;
}

/** What somebody looks after for themselves: their password, and whether they have a second factor. */
@PortalController('account')
export class AccountController {
  constructor(
    private readonly commands: CommandBus,
    private readonly sessions: BrowserSessions,
    private readonly factors: SecondFactors,
    private readonly pages: PortalPages,
    private readonly settings: StaffSettings,
  ) {}

  @Get()
  @PortalRoute({ right: 'own_account' })
  async show(@Query('done') done: unknown, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.render(request, response, done === 'removed' ? { done: 'The second factor was taken away.' } : {});
  }

  @Post('password')
  @PortalRoute({ right: 'own_account' })
  async password(@Req() request: Request, @Res() response: Response): Promise<void> {
    if (this.settings.withProvider) throw new PortalRedirect('/staff/account');
    const password = formText(request, 'password');
    if (password !== formText(request, 'again')) {
      await this.render(request, response, {
        status: 422,
        mistake: 'The two new ones are not the same. Type both again.',
      });
      return;
    }
    await this.render(request, response, await this.changePassword(request, password));
  }

  private async changePassword(request: Request, password: string): Promise<AccountForm> {
    const { keyId: userId, email } = staffOf(request);
    const sessionHash = await this.sessionHash(request);
    const present = formText(request, 'present');
    const input = { userId, email, present, password, sessionHash, address: networkAddress(request) };
    try {
      const isRight = await this.commands.execute(new ChangePassword(input));
      return isRight
        ? { done: 'The password was changed. Other browsers have to sign in again.' }
        : { status: 422, mistake: 'The present password is not right.' };
    } catch (error) {
      if (error instanceof TriesUsedUp) return { status: 429, mistake: pauseWords(error.retryAfterSeconds) };
      if (!(error instanceof DomainError) || error.code !== 'password_refused') throw error;
      return { status: 422, mistake: `The new password ${String(error.details['reason'])}.` };
    }
  }

  private async render(request: Request, response: Response, form: AccountForm): Promise<void> {
    const { keyId, csrf, email } = staffOf(request);
    const { status = 200, mistake, done } = form;
    await this.pages.render(request, response, {
      title: 'Your account',
      template: 'portal/account/views/account',
      status,
      view: {
        email,
        csrf,
        mistake,
        done,
        hasPassword: !this.settings.withProvider,
        hasFactor: (await this.factors.find(keyId))?.isConfirmed ?? false,
      },
    });
  }

  private async sessionHash(request: Request): Promise<string> {
    const session = await this.sessions.find(sessionSecret(request));
    if (!session) throw new PortalRedirect('/staff/sign-in');
    return session.hash;
  }
}
