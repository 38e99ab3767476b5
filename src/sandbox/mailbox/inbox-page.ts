import { INBOX_SCRIPT } from './inbox-script.js';
import type { InboxEntry } from './inbox-queries.js';
import { INBOX_STYLE } from './inbox-style.js';
import { Markup, markup } from './markup.js';

/** What the list was narrowed down to; it stays while messages are opened. */
export interface InboxFilter {
  readonly to: string | undefined;
  readonly search: string | undefined;
  readonly before: string | undefined;
}

/** An email or a conversation that is open. */
export interface OpenedView {
  readonly id: string;
  readonly thread: string | null;
  readonly title: string;
  readonly content: Markup;
}

export interface InboxView {
  /** Newest first. */
  readonly entries: readonly InboxEntry[];
  readonly filter: InboxFilter;
  /** There are older ones than those shown. */
  readonly more: boolean;
  readonly opened: OpenedView | undefined;
  /** For the one script and the one style of the page. */
  readonly nonce: string;
}

/** The address of a page of the inbox under a filter. */
export function inboxAddress(id: string | undefined, filter: Partial<InboxFilter>, more: object = {}): string {
  const query = new URLSearchParams();
  if (filter.to !== undefined) query.set('to', filter.to);
  if (filter.search !== undefined) query.set('q', filter.search);
  if (filter.before !== undefined) query.set('before', filter.before);
  for (const [name, value] of Object.entries(more)) query.set(name, String(value));
  const path = id === undefined ? '/' : `/inbox/${id}`;
  return query.size === 0 ? path : `${path}?${query}`;
}

/** The whole page. */
export function inboxPage(view: InboxView): string {
  const { opened, filter, nonce } = view;
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${opened?.title ?? 'Inbox'} · Paylink sandbox</title>
        <link rel="icon" href="data:," />
        <style nonce="${nonce}">
          ${new Markup(INBOX_STYLE)}
        </style>
      </head>
      <body class="${opened ? 'reading' : ''}">
        <header>
          <h1><a href="/">Inbox</a></h1>
          <p>Every email and text that was sent ends here. Nothing reaches anyone. Times are UTC.</p>
        </header>
        <main>
          <section class="side" aria-label="All messages">
            ${searchForm(filter)}
            <nav class="list" aria-label="Messages">${inboxList(view)}</nav>
          </section>
          <article>
            ${opened ? markup`<a class="back" href="${inboxAddress(undefined, filter)}">All messages</a>` : undefined}
            ${opened?.content ?? nothingOpened(view)}
          </article>
        </main>
        <script nonce="${nonce}">
          ${new Markup(INBOX_SCRIPT)}
        </script>
      </body>
    </html>`.text;
}

function searchForm({ to, search }: InboxFilter): Markup {
  return markup`<form class="search" role="search" action="/">
    <label for="q">Search</label>
    <input id="q" type="search" name="q" value="${search}" placeholder="Address or words" aria-keyshortcuts="/" />
    ${
      to === undefined
        ? undefined
        : markup`<input type="hidden" name="to" value="${to}" />
            <p class="chip">Only ${to} <a href="${inboxAddress(undefined, { search })}">show all</a></p>`
    }
  </form>`;
}

/** The list alone, which the page asks for again and again. */
export function inboxList({ entries, opened, filter, more }: Omit<InboxView, 'nonce'>): Markup {
  const isNarrowed = Object.values(filter).some((value) => value !== undefined);
  if (entries.length === 0) return markup`<p class="none">${isNarrowed ? 'Nothing matches.' : 'No messages yet.'}</p>`;
  const last = entries.at(-1)?.seq;
  return markup`<ol>
      ${entries.map((entry) => listRow(entry, opened, filter))}
    </ol>
    ${
      more || filter.before !== undefined
        ? markup`<p class="pages">
            ${filter.before === undefined ? undefined : markup`<a href="${inboxAddress(undefined, { ...filter, before: undefined })}">Newest</a>`}
            ${more ? markup`<a href="${inboxAddress(undefined, { ...filter, before: last })}">Older</a>` : undefined}
          </p>`
        : undefined
    }`;
}

function listRow(entry: InboxEntry, opened: OpenedView | undefined, filter: InboxFilter): Markup {
  const isOpen = entry.id === opened?.id || (entry.thread !== null && entry.thread === opened?.thread);
  const isEmail = entry.channel === 'email';
  const kind = isEmail ? 'Email' : entry.texts === 1 ? 'Text' : `${entry.texts} texts`;
  const peek = entry.inbound ? `You: ${entry.text}` : entry.text;
  return markup`<li>
    <a href="${inboxAddress(entry.id, filter)}" ${isOpen ? new Markup('aria-current="true"') : undefined}>
      <span class="row"><b>${entry.owner}</b>${shownTime(entry.sentAt)}</span>
      <span class="subject"><span class="tag">${kind}</span> ${isEmail ? subjectOf(entry) : peek}</span>
      ${isEmail ? markup`<span class="peek">${entry.hasFiles ? 'With attachment. ' : ''}${peek}</span>` : undefined}
    </a>
  </li>`;
}

/** The subject of an email, which may have none. */
export function subjectOf({ subject }: { readonly subject: string | null }): string {
  return subject || '(no subject)';
}

/** A time by the day and the minute, with the exact one for who asks. */
export function shownTime(at: Date): Markup {
  const iso = at.toISOString();
  const day = at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
  return markup`<time datetime="${iso}" title="${iso}">${day} ${iso.slice(11, 16)}</time>`;
}

function nothingOpened({ entries }: InboxView): Markup {
  return markup`<div class="empty">
    ${
      entries.length === 0
        ? markup`<h2>Nothing has been sent yet</h2>
            <p>Send an invoice link, and its email or text appears here by itself.</p>`
        : markup`<h2>Choose a message</h2>
            <p>Its links work as they would in a real inbox, and you can answer texts.</p>`
    }
    <p class="keys"><kbd>/</kbd> search <kbd>j</kbd> <kbd>k</kbd> next, last <kbd>r</kbd> reply</p>
  </div>`;
}
