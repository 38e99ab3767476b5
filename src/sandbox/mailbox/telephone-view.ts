import { inboxAddress, shownTime } from './inbox-page.js';
import type { OpenedView } from './inbox-page.js';
import { linkify, markup } from './markup.js';
import type { Markup } from './markup.js';
import type { KeptMessage } from './message-store.js';

export interface TelephoneState {
  /** Texts can be answered, because the provider is the stand-in. */
  readonly canReply: boolean;
  readonly isOff: boolean;
  readonly isOptedOut: boolean;
}

/** The number of a conversation's telephone, and that of the service. */
export function partiesOf(thread: string): { phone: string; service: string } {
  const [phone = '', service = ''] = thread.split('|');
  return { phone, service };
}

/** A conversation as the telephone that has it shows it. */
export function telephoneView(
  { id, thread }: { readonly id: string; readonly thread: string },
  texts: readonly KeptMessage[],
  state: TelephoneState,
): OpenedView {
  const { phone, service } = partiesOf(thread);
  const title = `Texts to ${phone}`;
  const content = markup`<div class="desk">
    <h2>Telephone <a href="${inboxAddress(undefined, { to: phone })}">${phone}</a></h2>
    <div class="phone">
      <p class="caller">${service}</p>
      <div class="talk" role="log" aria-label="Conversation" tabindex="0">${conversation(texts)}</div>
      ${state.canReply ? composer(id) : undefined}
    </div>
    ${stateLine(state)} ${state.canReply ? actions(id, state) : undefined}
  </div>`;
  return { id, thread, title, content };
}

/** The bubbles alone, which the page asks for again and again. */
export function conversation(texts: readonly KeptMessage[]): Markup {
  const bubbles = texts.map(
    ({ inbound, text, sentAt }) =>
      markup`<li class="${inbound ? 'mine' : 'theirs'}">
        <p class="bubble">${linkify(text)}</p>
        <span class="when">${inbound ? 'You, ' : ''}${shownTime(sentAt)}</span>
      </li>`,
  );
  return markup`<ol>
    ${bubbles}
  </ol>`;
}

function composer(id: string): Markup {
  return markup`<form class="composer" method="post" action="/inbox/${id}/reply">
    <label for="reply">Reply</label>
    <input id="reply" name="text" required maxlength="1600" autocomplete="off" placeholder="Text message" aria-keyshortcuts="r" />
    <button>Send</button>
  </form>`;
}

function stateLine({ isOff, isOptedOut }: TelephoneState): Markup | undefined {
  if (!isOff && !isOptedOut) return undefined;
  return markup`<p class="state">
    ${isOptedOut ? 'Opted out: texts to it are refused (21610) until it replies START. ' : ''}${
      isOff ? 'Switched off: texts to it come back as undelivered (30003).' : ''
    }
  </p>`;
}

function actions(id: string, { isOff }: TelephoneState): Markup {
  const words = ['STOP', 'START', 'HELP'].map((word) => markup`<button name="text" value="${word}">${word}</button>`);
  return markup`<div class="actions">
    <form method="post" action="/inbox/${id}/reply" aria-label="Reply with one word">${words}</form>
    <form method="post" action="/inbox/${id}/reachable">
      <button name="reachable" value="${isOff ? 'yes' : 'no'}">
        ${isOff ? 'Switch this phone on' : 'Switch this phone off'}
      </button>
    </form>
  </div>`;
}
