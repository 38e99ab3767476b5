import { Get, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { toDataURL } from 'qrcode';
import { Clock } from '../../../application/ports.js';
import { BrowserSessions, type OpenSession } from '../../../application/staff/browser-sessions.js';
import {
  BeginSecondFactor,
  ConfirmSecondFactor,
  RemoveSecondFactor,
  wasAskedJustNow,
  type Enrolment,
} from '../../../application/staff/enrol-second-factor.js';
import { SecondFactors } from '../../../application/staff/second-factors.js';
import { TriesUsedUp } from '../../../application/staff/sign-in-tries.js';
import { StaffSettings } from '../../../application/staff/staff-settings.js';
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
const PATH = '/staff/account/second-factor';
const WRONG_CODE = 'This code is not right. Wait for the next one; the telephone must show the right time.';
const OVER = 'It took longer than ten minutes, so that the key is worth nothing any more. Begin again.';

/** A form, with what is wrong about what was sent. */
interface Form {
  readonly next: string | undefined;
  readonly status?: number;
  readonly mistake?: string;
}

/** One's own second factor: begun with the password, put in force with its first code, taken away. */
@PortalController('account/second-factor')
export class SecondFactorController {
  constructor(
    private readonly commands: CommandBus,
    private readonly sessions: BrowserSessions,
    private readonly factors: SecondFactors,
    private readonly pages: PortalPages,
    private readonly settings: StaffSettings,
    private readonly clock: Clock,
  ) {}

  @Get()
  @PortalRoute({ right: 'own_account' })
  async ask(@Query('next') next: unknown, @Req() request: Request, @Res() response: Response): Promise<void> {
    if ((await this.factors.find(staffOf(request).keyId))?.isConfirmed) throw new PortalRedirect('/staff/account');
    await this.showStart(request, response, { next: pathWithin(next) });
  }

  @Post('begin')
  @PortalRoute({ right: 'own_account' })
  async begin(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { keyId: userId, email } = staffOf(request);
    const next = pathWithin(formText(request, 'next'));
    const { createdAt: signedInAt, isProvenAnew } = await this.session(request);
    const input = {
      userId,
      email,
      present: formText(request, 'present'),
      signedInAt,
      isProvenAnew,
      address: networkAddress(request),
    };
    const begun = await this.unlessPaused(() => this.commands.execute(new BeginSecondFactor(input)));
    if (begun === 'in_force') throw new PortalRedirect('/staff/account');
    if (begun instanceof TriesUsedUp) {
      await this.showStart(request, response, { next, ...paused(begun) });
    } else if (begun === 'refused') {
      if (this.settings.withProvider) throw new PortalRedirect(startPath(next));
      await this.showStart(request, response, { next, status: 422, mistake: 'The password is not right.' });
    } else {
      await this.showCode(request, response, { next }, begun);
    }
  }

  @Post()
  @PortalRoute({ right: 'own_account' })
  async confirm(@Req() request: Request, @Res() response: Response): Promise<void> {
    const next = pathWithin(formText(request, 'next'));
    const { hash: sessionHash } = await this.session(request);
    const code = formText(request, 'code').slice(0, 16);
    const input = { userId: staffOf(request).keyId, sessionHash, code, address: networkAddress(request) };
    const codes = await this.unlessPaused(() => this.commands.execute(new ConfirmSecondFactor(input)));
    if (codes instanceof TriesUsedUp) {
      await this.showCode(request, response, { next, ...paused(codes) });
    } else if (codes === 'wrong') {
      await this.showCode(request, response, { next, status: 422, mistake: WRONG_CODE });
    } else if (codes === 'over') {
      await this.showStart(request, response, { next, status: 422, mistake: OVER });
    } else {
      await this.pages.render(request, response, {
        title: 'Recovery codes',
        template: 'portal/account/views/recovery-codes',
        view: { codes, next: next ?? '/staff/account' },
      });
    }
  }

  @Post('remove')
  @PortalRoute({ right: 'own_account', fresh: true })
  async remove(@Req() request: Request): Promise<never> {
    await this.commands.execute(new RemoveSecondFactor({ userId: staffOf(request).keyId }));
    throw new PortalRedirect('/staff/account?done=removed');
  }

  private async unlessPaused<Outcome>(act: () => Promise<Outcome>): Promise<Outcome | TriesUsedUp> {
    try {
      return await act();
    } catch (error) {
      if (error instanceof TriesUsedUp) return error;
      throw error;
    }
  }

  private async showStart(request: Request, response: Response, { next, status = 200, mistake }: Form): Promise<void> {
    const { csrf, email } = staffOf(request);
    const hasPassword = !this.settings.withProvider;
    const signInAgain = hasPassword ? undefined : await this.signInAgain(request, next);
    await this.pages.render(request, response, {
      title: 'Set up a second factor',
      template: 'portal/account/views/second-factor-start',
      status,
      view: { path: PATH, csrf, email, next, mistake, hasPassword, signInAgain },
    });
  }

  /** The secret is shown in the one answer to the password, never to a session alone: a code that was wrong gets no second look. */
  private async showCode(
    request: Request,
    response: Response,
    { next, status = 200, mistake }: Form,
    begun?: Enrolment,
  ): Promise<void> {
    await this.pages.render(request, response, {
      title: 'Set up a second factor',
      template: 'portal/account/views/second-factor',
      status,
      view: {
        path: PATH,
        picture: begun && (await toDataURL(begun.address, { width: QR_SIZE, margin: 2 })),
        size: QR_SIZE,
        secret: begun?.secret.replaceAll(/(.{4})(?=.)/g, '$1 '),
        again: startPath(next),
        csrf: staffOf(request).csrf,
        next,
        mistake,
      },
    });
  }

  /** Where the provider asks who it is: a link, since a browser does not follow a form of ours to another site. */
  private async signInAgain(request: Request, next: string | undefined): Promise<string | undefined> {
    const { createdAt: signedInAt, isProvenAnew } = await this.session(request);
    if (wasAskedJustNow({ signedInAt, isProvenAnew }, this.clock.now())) return undefined;
    return `/staff/sign-in/provider?anew=1&next=${encodeURIComponent(startPath(next))}`;
  }

  private async session(request: Request): Promise<OpenSession> {
    const session = await this.sessions.find(sessionSecret(request));
    if (!session) throw new PortalRedirect('/staff/sign-in');
    return session;
  }
}

function startPath(next: string | undefined): string {
  return next === undefined ? PATH : `${PATH}?next=${encodeURIComponent(next)}`;
}

function paused({ retryAfterSeconds }: TriesUsedUp): { status: number; mistake: string } {
  return { status: 429, mistake: pauseWords(retryAfterSeconds) };
}
