import { createHmac, timingSafeEqual } from 'node:crypto';
import { ForbiddenException, Injectable } from '@nestjs/common';
import { parse } from 'cookie';
import type { Request, Response } from 'express';
import { LinkTokens, PublicUrl } from '../../application/ports.js';
import { isSameOrigin } from '../auth/same-origin.js';

const COOKIE_LIFETIME_MS = 24 * 60 * 60 * 1000;

/** The cookie of a link is missing, ran out or was made up. */
export class LinkNotProven extends Error {
  override readonly name = 'LinkNotProven';
}

/**
 * How a browser proves that it came by a link: the token travels once in the address and from then on in a cookie of this link's
 * own, so that two invoices in two tabs stay apart. The server keeps neither.
 */
@Injectable()
export class LinkAccess {
  constructor(
    private readonly tokens: LinkTokens,
    private readonly publicUrl: PublicUrl,
  ) {}

  /** Hands the proof to the browser, for a day. */
  grant(response: Response, linkId: string, token: string): void {
    response.cookie(cookieName(linkId), token, {
      secure: true,
      httpOnly: true,
      sameSite: 'lax',
      path: '/',
      maxAge: COOKIE_LIFETIME_MS,
    });
  }

  /**
   * The token in this link's cookie.
   * @throws LinkNotProven where there is none, or it is another link's
   */
  prove(request: Request, linkId: string): string {
    const token = parse(request.headers.cookie ?? '')[cookieName(linkId)];
    if (token === undefined || this.tokens.verify('pay', token) !== linkId) throw new LinkNotProven(linkId);
    return token;
  }

  /** What a state change has to carry beside the cookie. Only a page of ours, rendered with the cookie, knows it. */
  csrfToken(linkId: string, token: string): string {
    return createHmac('sha256', token).update(`csrf ${linkId}`).digest('base64url');
  }

  /**
   * Checks that a state change comes from the pay page of this link.
   * @throws LinkNotProven without the cookie, ForbiddenException for everything else
   */
  proveStateChange(request: Request, linkId: string): void {
    this.proveForm(request, linkId, this.prove(request, linkId));
  }

  /**
   * Checks that a state change comes from a page of ours that was rendered for the holder of this token.
   * @throws ForbiddenException
   */
  proveForm(request: Request, linkId: string, token: string): void {
    if (!isSameOrigin(request, this.publicUrl.base)) throw new ForbiddenException({ code: 'not_from_this_page' });
    const given = Buffer.from(request.get('x-csrf-token') ?? formField(request, '_csrf') ?? '');
    const expected = Buffer.from(this.csrfToken(linkId, token));
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw new ForbiddenException({ code: 'not_from_this_page' });
    }
  }
}

/** What a form without a script sends. */
function formField(request: Request, name: string): string | undefined {
  const body: unknown = request.body;
  if (typeof body !== 'object' || body === null) return undefined;
  const value: unknown = Object.getOwnPropertyDescriptor(body, name)?.value;
  return typeof value === 'string' ? value : undefined;
}

function cookieName(linkId: string): string {
  return `__Host-pay-${linkId}`;
}
