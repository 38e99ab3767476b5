import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { describeProblem, ProblemDetailsFilter } from '../problem-details.js';
import { PortalPages } from './portal-pages.js';

const AWAY = 503;

/**
 * What went wrong on a page of the portal, as a page with a next step; and on what a page's script asks for (it accepts JSON), as a
 * problem (RFC 9457).
 */
@Catch()
export class PortalErrors implements ExceptionFilter {
  private readonly problems = new ProblemDetailsFilter();

  constructor(private readonly pages: PortalPages) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    if (response.headersSent || wantsJson(request)) {
      this.problems.catch(error, host);
      return;
    }
    const answer = describeProblem(error);
    if (answer.status >= 500) Object.assign(response, { err: error });
    response.set(answer.headers);
    this.pages.renderBare(response, {
      status: answer.status,
      title: answer.title,
      template: 'portal/views/message-page',
      view: { heading: headingFor(answer), text: wordsOf(answer), link: nextStep(answer, request) },
    });
  }
}

/** A script says so, or fetches what is no page; a browser that goes to a page accepts HTML first. */
function wantsJson(request: Request): boolean {
  const mode = request.get('sec-fetch-mode');
  if (mode !== undefined && mode !== 'navigate') return true;
  return request.accepts(['html', 'json', 'text/event-stream']) !== 'html';
}

function headingFor({ status, code, title }: { status: number; code: string; title: string }): string {
  if (code === 'session_changed') return title;
  if (status === 403) return 'This is not among your rights';
  if (status === 404) return 'There is nothing here';
  return title;
}

function wordsOf({ status, detail }: { status: number; detail: string }): string {
  if (status === 413) return `${detail} Nothing was saved. Go back: what you typed is still there, to be shortened.`;
  return detail;
}

function nextStep({ status }: { status: number }, request: Request): { href: string; word: string } {
  return status === AWAY && request.method === 'GET'
    ? { href: request.originalUrl, word: 'Try again' }
    : { href: '/staff', word: 'To the start' };
}
