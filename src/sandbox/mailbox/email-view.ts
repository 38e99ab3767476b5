import type { Look } from './email-look.js';
import { inboxAddress, shownTime, subjectOf } from './inbox-page.js';
import type { InboxFilter, OpenedView } from './inbox-page.js';
import { linkify, markup } from './markup.js';
import type { Markup } from './markup.js';
import type { KeptMessage } from './message-store.js';

export interface EmailChoices {
  /** The source's head lines are shown where they were asked for. */
  readonly part: 'html' | 'text' | 'headers';
  /** How the email is looked at; as the machine is where nothing was chosen. */
  readonly look: Look | undefined;
}

/** An email as a mail program shows it. */
export function emailView(
  message: KeptMessage,
  options: {
    readonly choices: EmailChoices;
    readonly filter: InboxFilter;
    /** The head of the email's source. */
    readonly headers: string;
    readonly isClosed: boolean;
  },
): OpenedView {
  const { choices, filter } = options;
  const content = markup`<div class="mail">
    <h2>${subjectOf(message)}</h2>
    ${envelope(message)} ${attachments(message)} ${views(message, choices, filter)} ${body(message, options)}
    ${actions(message, options.isClosed)}
  </div>`;
  return { id: message.id, thread: null, title: subjectOf(message), content };
}

function envelope(message: KeptMessage): Markup {
  const sender = message.fromName ? `${message.fromName} <${message.from}>` : message.from;
  return markup`<dl>
    <dt>From</dt>
    <dd>${sender}</dd>
    <dt>To</dt>
    <dd><a href="${inboxAddress(undefined, { to: message.to })}">${message.to}</a></dd>
    ${
      message.replyTo
        ? markup`<dt>Reply to</dt>
            <dd>${message.replyTo}</dd>`
        : undefined
    }
    <dt>Sent</dt>
    <dd>${shownTime(message.sentAt)}</dd>
  </dl>`;
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

function views(message: KeptMessage, { part, look }: EmailChoices, filter: InboxFilter): Markup {
  const link = (name: string, isChosen: boolean, choices: object): Markup =>
    markup`<a href="${inboxAddress(message.id, filter, choices)}" aria-current="${String(isChosen)}">${name}</a>`;
  const parts = [
    ...(message.html === null ? [] : [link('Formatted', part === 'html', {})]),
    link('Plain text', part === 'text', { view: 'text' }),
    link('Headers', part === 'headers', { view: 'headers' }),
  ];
  const looks = [
    link('As this device', look === undefined, {}),
    link('Light', look === 'light', { look: 'light' }),
    link('Dark', look === 'dark', { look: 'dark' }),
  ];
  return markup`<div class="bars">
    <nav class="bar" aria-label="Parts of the email">${parts}</nav>
    ${part === 'html' ? markup`<nav class="bar" aria-label="Light or dark">${looks}</nav>` : undefined}
  </div>`;
}

/** An email runs in a frame that has no origin and no scripts; its links open beside the inbox. */
function body(message: KeptMessage, { choices, headers }: { choices: EmailChoices; headers: string }): Markup {
  if (choices.part === 'headers') return markup`<pre class="plain source" tabindex="0">${headers}</pre>`;
  if (choices.part === 'text') return markup`<pre class="plain">${linkify(message.text)}</pre>`;
  return markup`<iframe
    title="Email"
    src="/messages/${message.id}/html${choices.look === undefined ? '' : `?look=${choices.look}`}"
    sandbox="allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
  ></iframe>`;
}

function actions(message: KeptMessage, isClosed: boolean): Markup {
  return markup`<div class="actions">
    ${
      isClosed
        ? markup`<p class="state">This mailbox is closed: every email to it is refused (550), which the sender sees as a bounce.</p>`
        : undefined
    }
    <form method="post" action="/inbox/${message.id}/reachable">
      <button name="reachable" value="${isClosed ? 'yes' : 'no'}">
        ${isClosed ? 'Open this mailbox again' : 'Close this mailbox'}
      </button>
    </form>
    <form method="post" action="/inbox/${message.id}/remove">
      <button>Bounce this email</button>
      <span class="hint">It comes back after it was taken: it goes from here, and the sender is not told.</span>
    </form>
  </div>`;
}
