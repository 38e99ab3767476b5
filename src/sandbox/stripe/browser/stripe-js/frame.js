// @ts-check
/**
 * The stand-in of stripe.js: its frames. It makes the calls of a pay page, in the shapes of `@stripe/stripe-js`. The card
 * form and the bank's step are frames of the stand-in's own origin, as in the original, so that the page never sees a card
 * number. Styles are set through the CSSOM alone, because a careful page forbids every other inline style.
 *
 * @typedef {{ type: string, request?: number, [more: string]: unknown }} Message
 */
const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
if (script === null) throw new Error('stripe.js must be loaded by a script element of its own.');
/** The stand-in's origin, which is where this script came from. */
export const ORIGIN = new URL(script.src).origin;

/** The page uses the library in a way in which it cannot work. */
export class IntegrationError extends Error {
  /** @override */
  name = 'IntegrationError';
}

/** A frame of the stand-in's origin. It hears and tells that origin only. */
export class Frame {
  /**
   * @param {string} path
   * @param {string} title
   * @param {(message: Message) => void} heard
   */
  constructor(path, title, heard) {
    this.heard = heard;
    /** @type {Map<number, (message: Message) => void>} */
    this.waiting = new Map();
    this.element = document.createElement('iframe');
    this.element.src = ORIGIN + path;
    this.element.title = title;
    Object.assign(this.element.style, { display: 'block', width: '100%', border: '0', margin: '0' });
    this.listener = (/** @type {MessageEvent} */ event) => this.hear(event);
    window.addEventListener('message', this.listener);
  }

  /** @param {MessageEvent} event */
  hear(event) {
    if (event.origin !== ORIGIN || event.source !== this.element.contentWindow) return;
    const message = /** @type {Message} */ (event.data);
    const answer = message.type === 'reply' ? this.waiting.get(message.request ?? -1) : undefined;
    if (answer === undefined) return this.heard(message);
    this.waiting.delete(message.request ?? -1);
    answer(message);
  }

  /** @param {Message} message */
  tell(message) {
    this.element.contentWindow?.postMessage(message, ORIGIN);
  }

  /**
   * @param {Message} message
   * @returns {Promise<any>}
   */
  ask(message) {
    return new Promise((resolve) => {
      const request = Math.floor(Math.random() * Number.MAX_SAFE_INTEGER);
      this.waiting.set(request, (reply) => resolve(reply['result']));
      this.tell({ ...message, request });
    });
  }

  remove() {
    window.removeEventListener('message', this.listener);
    this.element.remove();
  }
}
