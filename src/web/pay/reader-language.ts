/**
 * The language of the last invoice that this browser was shown, for pages on which no invoice is known: the cookie of a link has
 * run out, or the service cannot look. What the browser says of itself (`Accept-Language`) is not asked: the customer and the
 * branch decide.
 */
import { parse } from 'cookie';
import type { Request, Response } from 'express';
import { wordsFor, type Words } from '../../application/words/words.js';

const COOKIE = '__Host-pay-language';
const LIFETIME_MS = 180 * 24 * 60 * 60 * 1000;

export function rememberLanguage(response: Response, locale: string): void {
  response.cookie(COOKIE, wordsFor(locale).language, {
    secure: true,
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    maxAge: LIFETIME_MS,
  });
}

/** English for a browser that was shown nothing yet. */
export function rememberedWords(request: Request): Words {
  const language = parse(request.headers.cookie ?? '')[COOKIE] ?? '';
  return wordsFor(/^[a-z]{2}$/.test(language) ? language : 'en');
}
