// @ts-check
/**
 * The stand-in of stripe.js: its payment element, which is the card form in its frame.
 *
 * @typedef {import('@stripe/stripe-js').StripePaymentElementOptions} ElementOptions
 */
import { Frame, IntegrationError } from './frame.js';

/** @typedef {import('./stripe.js').Elements} Elements */
/** @typedef {import('./frame.js').Message} Message */

const LOAD_TIMEOUT_MS = 15_000;
const FIRST_HEIGHT_PX = 252;
const RING_PX = 5;

/** `elements.create('payment')`: the card form. */
export class PaymentElement {
  /**
   * @param {Elements} elements
   * @param {ElementOptions} options
   */
  constructor(elements, options) {
    this.elements = elements;
    this.options = options;
    /** @type {Map<string, Set<(event: any) => unknown>>} */
    this.handlers = new Map();
    /** @type {Frame | undefined} */
    this.frame = undefined;
    this.isReady = false;
  }

  /** @param {string} type @param {(event: any) => unknown} handler */
  on(type, handler) {
    const known = this.handlers.get(type) ?? new Set();
    this.handlers.set(type, known.add(handler));
    return this;
  }

  /** @param {string} type @param {(event: any) => unknown} handler */
  once(type, handler) {
    const once = (/** @type {unknown} */ event) => {
      this.off(type, once);
      handler(event);
    };
    return this.on(type, once);
  }

  /** @param {string} type @param {(event: any) => unknown} [handler] */
  off(type, handler) {
    if (handler === undefined) this.handlers.delete(type);
    else this.handlers.get(type)?.delete(handler);
    return this;
  }

  /** @param {string} type @param {object} [more] */
  emit(type, more = {}) {
    for (const handler of [...(this.handlers.get(type) ?? [])]) handler({ elementType: 'payment', ...more });
  }

  /** @param {string | HTMLElement} where */
  mount(where) {
    const parent = typeof where === 'string' ? document.querySelector(where) : where;
    if (parent === null) throw new IntegrationError(`Nothing on the page matches ${String(where)}.`);
    if (this.frame !== undefined) this.unmount();
    this.frame = new Frame('/endive/elements.html', 'Secure card form', (message) => this.heard(message));
    // The form stands in by as much as its focus rings stand out, and the frame out by the same.
    const outwards = { margin: `-${RING_PX}px`, width: `calc(100% + ${2 * RING_PX}px)`, maxWidth: 'none' };
    Object.assign(this.frame.element.style, outwards, { height: `${FIRST_HEIGHT_PX}px` });
    this.dress();
    parent.replaceChildren(this.frame.element);
    this.emit('loaderstart');
    this.timer = setTimeout(() => this.fail(), LOAD_TIMEOUT_MS);
  }

  fail() {
    if (this.isReady) return;
    this.emit('loaderror', {
      error: { type: 'api_connection_error', message: 'The card form could not be loaded.' },
    });
  }

  /** A frame is see-through only where its scheme is that of the page around it. */
  dress() {
    const { appearance } = this.elements.options;
    if (this.frame) this.frame.element.style.colorScheme = appearance?.theme === 'night' ? 'dark' : 'light';
  }

  /** What stands behind the form, so that tools that measure contrast inside the frame measure what people see. */
  background() {
    for (let at = this.frame?.element.parentElement; at; at = at.parentElement) {
      const { backgroundColor, backgroundImage } = getComputedStyle(at);
      if (backgroundImage !== 'none') return undefined;
      if (/^(rgb|color|oklch|oklab|lab|lch)\([^/,]*(,[^,]*){0,2}\)$/.test(backgroundColor)) return backgroundColor;
    }
    return undefined;
  }

  /** @param {Message} message */
  heard(message) {
    if (message.type === 'hello') this.tell('init');
    if (message.type === 'height' && this.frame) this.frame.element.style.height = `${Number(message['height'])}px`;
    if (message.type === 'ready') {
      this.isReady = true;
      clearTimeout(this.timer);
      this.emit('ready');
    }
    if (message.type === 'change') {
      this.elements.isSubmitted = false;
      this.emit('change', { collapsed: false, value: { type: 'card' }, ...Object(message['change']) });
    }
    if (message.type === 'focus' || message.type === 'blur' || message.type === 'escape') this.emit(message.type);
  }

  /** @param {'init' | 'update'} type */
  tell(type) {
    const { appearance } = this.elements.options;
    this.dress();
    // Handlers and other functions cannot be sent, and nothing in the frame would have a use for them.
    const settings = JSON.parse(JSON.stringify({ appearance, options: this.options }));
    this.frame?.tell({
      type,
      key: this.elements.key,
      account: this.elements.account,
      background: this.background(),
      ...settings,
    });
  }

  /** @param {ElementOptions} options */
  update(options) {
    this.options = { ...this.options, ...options };
    this.tell('update');
    return this;
  }

  focus() {
    this.frame?.element.focus();
    this.frame?.tell({ type: 'focus' });
  }

  blur() {
    this.frame?.tell({ type: 'blur' });
  }

  clear() {
    this.frame?.tell({ type: 'clear' });
  }

  unmount() {
    clearTimeout(this.timer);
    this.isReady = false;
    this.frame?.remove();
    this.frame = undefined;
  }

  destroy() {
    this.unmount();
    this.handlers.clear();
    this.elements.payment = null;
  }
}
