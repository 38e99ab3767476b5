import { Get, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { toDataURL } from 'qrcode';
import { BrowserSessions } from '../../../application/staff/browser-sessions.js';
import { ChangePassword } from '../../../application/staff/change-password.js';
import {
  BeginSecondFactor,
  ConfirmSecondFactor,
  RemoveSecondFactor,
} from '../../../application/staff/enrol-second-factor.js';
import { SecondFactors } from '../../../application/staff/second-factors.js';
import { TriesUsedUp } from '../../../application/staff/sign-in-tries.js';
import { StaffSettings } from '../../../application/staff/staff-settings.js';
import { DomainError } from '../../../domain/errors.js';
import { staffOf } from '../../auth/caller.js';
import { pathWithin } from '../../auth/same-site-path.js';
import { sessionSecret } from '../../auth/staff-cookie.js';
import { networkAddress } from '../../pay/pay-requests.js';
import { PortalController } from '../portal-controller.js';
import { PortalPages } from '../portal-pages.js';
import { PortalRedirect } from '../portal-redirect.js';
import { PortalRoute } from '../portal-route.js';
import { formText } from '../sign-in/form-text.js';
import { pauseWords } from '../sign-in/sign-in.controller.js';

const QR_SIZE = 240;

interface AccountForm {
  readonly status?: number;
  readonly mistake?: string;
  readonly done?: string;
}

/** What somebody looks after for themselves: their password and their second factor. */
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

  @Get('second-factor')
  @PortalRoute({ right: 'own_account' })
  async enrol(@Query('next') next: unknown, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.showEnrolment(request, response, { next: pathWithin(next) });
  }

  @Post('second-factor')
  @PortalRoute({ right: 'own_account' })
  async confirm(@Req() request: Request, @Res() response: Response): Promise<void> {
    const next = pathWithin(formText(request, 'next'));
    const codes = await this.tryEnrol(request, response, next);
    if (!codes) return;
    await this.pages.render(request, response, {
      title: 'Recovery codes',
      template: 'portal/account/views/recovery-codes',
      view: { codes, next: next ?? '/staff/account' },
    });
  }

  @Post('second-factor/remove')
  @PortalRoute({ right: 'own_account', fresh: true })
  async remove(@Req() request: Request): Promise<never> {
    await this.commands.execute(new RemoveSecondFactor({ userId: staffOf(request).keyId }));
    throw new PortalRedirect('/staff/account?done=removed');
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

  private async tryEnrol(
    request: Request,
    response: Response,
    next: string | undefined,
  ): Promise<readonly string[] | undefined> {
    const sessionHash = await this.sessionHash(request);
    const code = formText(request, 'code').slice(0, 16);
    const input = { userId: staffOf(request).keyId, sessionHash, code, address: networkAddress(request) };
    try {
      const codes = await this.commands.execute(new ConfirmSecondFactor(input));
      const mistake = 'This code is not right. Wait for the next one; the telephone must show the right time.';
      if (!codes) await this.showEnrolment(request, response, { next, status: 422, mistake });
      return codes;
    } catch (error) {
      if (!(error instanceof TriesUsedUp)) throw error;
      await this.showEnrolment(request, response, { next, status: 429, mistake: pauseWords(error.retryAfterSeconds) });
      return undefined;
    }
  }

  private async showEnrolment(
    request: Request,
    response: Response,
    form: { next: string | undefined; status?: number; mistake?: string },
  ): Promise<void> {
    const { keyId: userId, email } = staffOf(request);
    const { next, status = 200, mistake } = form;
    const begun = await this.commands.execute(new BeginSecondFactor({ userId, email }));
    if (!begun) throw new PortalRedirect('/staff/account');
    await this.pages.render(request, response, {
      title: 'Set up a second factor',
      template: 'portal/account/views/second-factor',
      status,
      view: {
        picture: await toDataURL(begun.address, { width: QR_SIZE, margin: 2 }),
        size: QR_SIZE,
        secret: begun.secret.replaceAll(/(.{4})(?=.)/g, '$1 '),
        csrf: staffOf(request).csrf,
        next,
        mistake,
      },
    });
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
