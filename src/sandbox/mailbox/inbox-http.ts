import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody, sendJson } from '../handler.js';
import type { Handler } from '../handler.js';
import { lookOf } from './email-look.js';
import { emailView } from './email-view.js';
import type { EmailChoices } from './email-view.js';
import { inboxList, inboxPage } from './inbox-page.js';
import type { InboxFilter, OpenedView } from './inbox-page.js';
import type { InboxQueries } from './inbox-queries.js';
import type { KeptMessage, MessageStore } from './message-store.js';
import type { RecipientBook } from './recipient-book.js';
import { conversation, partiesOf, telephoneView } from './telephone-view.js';

const LIST_SIZE = 50;
const TEXT_LIMIT = 1600;

/** What a telephone needs of the provider of texts. */
export interface Telephones {
  receive(text: { from: string; to: string; body: string }): Promise<string>;
  isOptedOut(service: string, phone: string): Promise<boolean>;
}

export interface InboxOptions {
  readonly store: MessageStore;
  readonly queries: InboxQueries;
  readonly recipients: RecipientBook;
  /** Absent where texts are not the stand-in's. */
  readonly telephones: Telephones | undefined;
}

/** The inbox at `/` and below `/inbox`, where somebody reads as the recipient and acts as one. */
export function createInboxHandler(options: InboxOptions): Handler {
  const pages = new InboxPages(options);
  return async (request, response, url) => {
    const [, first, id, act, ...rest] = url.pathname.split('/');
    const mine = (first === '' && id === undefined) || first === 'inbox';
    if (!mine || rest.length > 0) return false;
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (isRead && act === undefined) await pages.show(response, url, first === 'inbox' ? id : undefined);
    else if (request.method === 'POST' && id !== undefined && act !== undefined) {
      await pages.act(request, response, id, act);
    } else sendJson(response, 405, { error: 'This can only be read.' });
    return true;
  };
}

/** `+` in a query means a space; no recipient begins with one, so a number may be written as it is. */
export function recipientOf(url: URL): string | undefined {
  const to = url.searchParams.get('to');
  return to ? to.replace(/^ /, '+').trim() : undefined;
}

class InboxPages {
  constructor(private readonly options: InboxOptions) {}

  async show(response: ServerResponse, url: URL, id: string | undefined): Promise<void> {
    const filter = filterOf(url);
    const message = id === undefined ? undefined : await this.options.store.find(id);
    const part = url.searchParams.get('part');
    if (part === 'talk' && message?.thread) {
      return sendPage(response, 200, conversation(await this.options.queries.thread(message.thread)).text);
    }
    const found = await this.options.queries.entries({
      to: filter.to,
      search: filter.search,
      beforeSeq: filter.before,
      limit: LIST_SIZE + 1,
    });
    const opened = message && (await this.open(message, url, filter));
    const view = { entries: found.slice(0, LIST_SIZE), more: found.length > LIST_SIZE, filter, opened };
    const status = id !== undefined && !message ? 404 : 200;
    if (part === 'list') return sendPage(response, status, inboxList(view).text);
    const nonce = randomBytes(16).toString('base64');
    sendPage(response, status, inboxPage({ ...view, nonce }), nonce);
  }

  private async open(message: KeptMessage, url: URL, filter: InboxFilter): Promise<OpenedView> {
    const { queries, recipients, telephones, store } = this.options;
    if (message.thread !== null) {
      const { phone, service } = partiesOf(message.thread);
      return telephoneView({ id: message.id, thread: message.thread }, await queries.thread(message.thread), {
        canReply: telephones !== undefined,
        isOff: recipients.isUnreachable(phone),
        isOptedOut: (await telephones?.isOptedOut(service, phone)) ?? false,
      });
    }
    const choices = choicesOf(url, message);
    const raw = choices.part === 'headers' ? await store.findRaw(message.id) : undefined;
    const headers = raw?.toString('utf8').split(/\r?\n\r?\n/, 1)[0] ?? '';
    return emailView(message, { choices, filter, headers, isClosed: recipients.isUnreachable(message.to) });
  }

  /** What the recipient does; then the page is shown again. Only the inbox's own forms may ask for it. */
  async act(request: IncomingMessage, response: ServerResponse, id: string, act: string): Promise<void> {
    if (!isOwnForm(request)) return sendJson(response, 403, { error: 'Only a form of the inbox can do this.' });
    const message = await this.options.store.find(id);
    if (!message) return sendJson(response, 404, { error: 'There is no such message.' });
    const form = new URLSearchParams(await readBody(request, 20_000));
    const next = await this.perform(message, act, form);
    if (next === undefined) return sendJson(response, 400, { error: 'This cannot be done with the message.' });
    response.writeHead(303, { location: next, 'cache-control': 'no-store' });
    response.end();
  }

  /** Answers where to go on, or nothing where it cannot be done. */
  private async perform(message: KeptMessage, act: string, form: URLSearchParams): Promise<string | undefined> {
    const { queries, recipients, telephones } = this.options;
    const parties = message.thread === null ? undefined : partiesOf(message.thread);
    if (act === 'remove' && !parties) {
      await queries.remove(message.id);
      return '/';
    }
    if (act === 'reachable') {
      await recipients.setUnreachable(parties?.phone ?? message.to, form.get('reachable') === 'no');
      return `/inbox/${message.id}`;
    }
    const text = form.get('text')?.trim() ?? '';
    if (act !== 'reply' || !parties || !telephones || text === '' || text.length > TEXT_LIMIT) return undefined;
    return `/inbox/${await telephones.receive({ from: parties.phone, to: parties.service, body: text })}`;
  }
}

function filterOf(url: URL): InboxFilter {
  const before = url.searchParams.get('before');
  return {
    to: recipientOf(url),
    search: url.searchParams.get('q')?.trim().slice(0, 200) || undefined,
    before: before !== null && /^\d{1,18}$/.test(before) ? before : undefined,
  };
}

function choicesOf(url: URL, { html }: KeptMessage): EmailChoices {
  const view = url.searchParams.get('view');
  return {
    part: view === 'headers' ? 'headers' : view === 'text' || html === null ? 'text' : 'html',
    look: lookOf(url.searchParams.get('look')),
  };
}

function isOwnForm({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  return site === undefined ? headers.origin === `http://${headers.host ?? ''}` : site === 'same-origin';
}

function sendPage(response: ServerResponse, status: number, page: string, nonce = ''): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy':
      `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'; ` +
      `frame-src 'self'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
  });
  response.end(page);
}
