import { Get, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { Randomness } from '../../../application/ports.js';
import { ProvenAsAnother, ProviderAway, ProviderRefused } from '../../../application/staff/identity-provider.js';
import {
  BeginProviderSignIn,
  FinishProviderSignIn,
  FLOW_LIMIT_MS,
} from '../../../application/staff/sign-in-with-provider.js';
import { StaffSettings } from '../../../application/staff/staff-settings.js';
import { pathWithin } from '../../auth/same-site-path.js';
import { clearFlow, flowState, grantFlow } from '../../auth/staff-cookie.js';
import { traceOf } from '../../request-trace.js';
import { setPrivateHeaders } from '../../pay/page-headers.js';
import { OpenPortalController } from '../portal-controller.js';
import { PortalPages } from '../portal-pages.js';
import { PortalRedirect } from '../portal-redirect.js';
import { START, StaffBrowsers } from './staff-browsers.js';

/** Signing in where another provider looks after it. */
@OpenPortalController('sign-in/provider')
export class ProviderController {
  constructor(
    private readonly commands: CommandBus,
    private readonly browsers: StaffBrowsers,
    private readonly pages: PortalPages,
    private readonly settings: StaffSettings,
    private readonly randomness: Randomness,
  ) {}

  @Get()
  async begin(@Query('next') next: unknown, @Query('anew') anew: unknown, @Res() response: Response): Promise<void> {
    this.assertProvider();
    try {
      const input = { next: pathWithin(next), isAnew: anew === '1' };
      const { url, state } = await this.commands.execute(new BeginProviderSignIn(input));
      setPrivateHeaders(response);
      grantFlow(response, state, FLOW_LIMIT_MS);
      response.redirect(303, url);
    } catch (error) {
      this.explain(response, error);
    }
  }

  /** Only the browser that began has the state in its cookie: nobody can be signed in as somebody else by a link. */
  @Get('callback')
  async finish(@Req() request: Request, @Res() response: Response): Promise<void> {
    this.assertProvider();
    const state = flowState(request) ?? '';
    const context = { actor: 'system:sign-in', cause: this.randomness.uuid(), ...traceOf(request) };
    const query = new URL(request.originalUrl, 'http://localhost').search;
    clearFlow(response);
    try {
      const { secret, next } = await this.commands.execute(new FinishProviderSignIn({ state, query }, context));
      await this.browsers.begin(request, response, secret);
      throw new PortalRedirect(pathWithin(next) ?? START);
    } catch (error) {
      this.explain(response, error);
    }
  }

  private assertProvider(): void {
    if (!this.settings.withProvider) throw new PortalRedirect('/staff/sign-in');
  }

  private explain(response: Response, error: unknown): void {
    const isAway = error instanceof ProviderAway;
    if (!isAway && !(error instanceof ProviderRefused)) throw error;
    const heading = isAway ? 'The sign-in is away for a moment' : 'You were not signed in';
    const text = wordsOf(error);
    const link = { href: '/staff/sign-in', word: 'Try again' };
    this.pages.renderBare(response, {
      title: heading,
      template: 'portal/views/message-page',
      status: isAway ? 503 : 403,
      view: { heading, text, link },
    });
  }
}

function wordsOf(error: ProviderAway | ProviderRefused): string {
  if (error instanceof ProviderAway) {
    return 'The service that looks after the sign-in of your organisation does not answer. Try again in a minute.';
  }
  if (error instanceof ProvenAsAnother) {
    return (
      'Your organisation says that this address belongs to somebody else than who has signed in with it before. Ask an administrator: ' +
      'once your user was disabled and let in again, you can sign in.'
    );
  }
  return 'Your organisation did not confirm the sign-in, or nobody has invited this address yet. Ask an administrator.';
}
