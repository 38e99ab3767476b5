import { INBOX_SCRIPT, INBOX_STYLE } from './inbox-style.js';
import { Markup, linkify, markup } from './markup.js';
import type { KeptMessage } from './message-store.js';

export interface InboxView {
  /** The newest ones, newest first. */
  readonly messages: readonly KeptMessage[];
  readonly opened: KeptMessage | undefined;
  /** Shows only messages to this recipient. */
  readonly to: string | undefined;
  /** There are older ones than those shown. */
  readonly more: boolean;
  /** For the one script and the one style of the page. */
  readonly nonce: string;
}

/** The whole page. */
export function inboxPage(view: InboxView): string {
  const title = view.opened ? headline(view.opened) : 'Inbox';
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Paylink sandbox</title>
        <link rel="icon" href="data:," />
        <style nonce="${view.nonce}">
          ${new Markup(INBOX_STYLE)}
        </style>
      </head>
      <body>
        <header>
          <h1><a href="/">Inbox</a></h1>
          <p>Every email and text that was sent ends here. Nothing reaches anyone.</p>
        </header>
        <main class="${view.opened ? 'reading' : ''}">
          <nav class="list" aria-label="Messages">${inboxList(view)}</nav>
          ${view.opened ? openedMessage(view.opened) : nothingOpened(view)}
        </main>
        <script nonce="${view.nonce}">
          ${new Markup(INBOX_SCRIPT)}
        </script>
      </body>
    </html>`.text;
}

/** The list alone, which the page asks for again and again. */
export function inboxList({ messages, opened, to, more }: Omit<InboxView, 'nonce'>): Markup {
  if (messages.length === 0) return markup`<p class="none">No messages yet.</p>`;
  const query = to === undefined ? '' : `?to=${encodeURIComponent(to)}`;
  const rows = messages.map(
    (message) =>
      markup`<li>
        <a
          href="/inbox/${message.id}${query}"
          ${message.id === opened?.id ? new Markup(' aria-current="true"') : undefined}
        >
          <span class="row"><b>${message.to}</b>${shownTime(message.sentAt)}</span>
          <div class="subject">
            <span class="tag">${message.channel === 'email' ? 'Email' : 'Text'}</span>${headline(message)}
          </div>
          ${message.channel === 'email' ? markup`<div class="peek">${message.text.slice(0, 120)}</div>` : undefined}
        </a>
      </li>`,
  );
  return markup`<ol>
      ${rows}
    </ol>
    ${more ? markup`<p class="more">Older messages are at <a href="/messages">/messages</a>.</p>` : undefined}`;
}

function headline(message: KeptMessage): string {
  if (message.channel === 'email') return message.subject || '(no subject)';
  return message.text.length > 80 ? `${message.text.slice(0, 79)}…` : message.text;
}

function shownTime(at: Date): Markup {
  const iso = at.toISOString();
  return markup`<time datetime="${iso}" title="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC</time>`;
}

function nothingOpened({ messages }: InboxView): Markup {
  return messages.length === 0
    ? markup`<article>
        <div class="empty">
          <h2>Nothing has been sent yet</h2>
          <p>Send an invoice link, and its email or text appears here by itself.</p>
        </div>
      </article>`
    : markup`<article>
        <div class="empty">
          <h2>Choose a message</h2>
          <p>Its links and buttons work as they would in a real inbox.</p>
        </div>
      </article>`;
}

function openedMessage(message: KeptMessage): Markup {
  const sender = message.fromName ? `${message.fromName} <${message.from}>` : message.from;
  return markup`<article>
    <h2>${message.channel === 'email' ? headline(message) : `Text to ${message.to}`}</h2>
    <dl>
      <dt>From</dt>
      <dd>${sender}</dd>
      <dt>To</dt>
      <dd><a href="/?to=${encodeURIComponent(message.to)}">${message.to}</a></dd>
      ${
        message.replyTo
          ? markup`<dt>Reply to</dt>
              <dd>${message.replyTo}</dd>`
          : undefined
      }
      <dt>Sent</dt>
      <dd>${shownTime(message.sentAt)}</dd>
    </dl>
    ${attachments(message)} ${body(message)}
  </article>`;
}

function attachments(message: KeptMessage): Markup | undefined {
  if (message.attachments.length === 0) return undefined;
  const items = message.attachments.map(
    ({ n, filename, size }) =>
      markup`<li>
        <a href="/messages/${message.id}/attachments/${n}" download="${filename}">${filename} (${shownSize(size)})</a>
      </li>`,
  );
  return markup`<ul class="files" aria-label="Attachments">
    ${items}
  </ul>`;
}

function shownSize(bytes: number): string {
  return bytes < 1000 ? `${bytes} bytes` : `${Math.ceil(bytes / 1000)} kB`;
}

/** An email runs in a frame that has no origin and no scripts; its links open beside the inbox. */
function body(message: KeptMessage): Markup {
  if (message.channel === 'sms') return markup`<p class="bubble">${linkify(message.text)}</p>`;
  if (message.html === null) return markup`<pre class="plain">${linkify(message.text)}</pre>`;
  return markup`<iframe
      title="Email"
      src="/messages/${message.id}/html"
      sandbox="allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
    ></iframe>
    <details>
      <summary>Plain text</summary>
      <pre class="plain">${linkify(message.text)}</pre>
    </details>`;
}
