// @ts-check
/**
 * The stand-in of stripe.js: what the page calls.
 *
 * @typedef {import('@stripe/stripe-js').StripeElementsOptionsMode} ElementsOptions
 * @typedef {import('@stripe/stripe-js').StripeError} StripeError
 * @typedef {import('@stripe/stripe-js').PaymentIntent} PaymentIntent
 * @typedef {import('./payment-element.js').ElementOptions} ElementOptions
 */
import { Frame, IntegrationError, ORIGIN } from './frame.js';
import { PaymentElement } from './payment-element.js';

/** `stripe.elements({ mode: 'payment', … })`. */
export class Elements {
  /**
   * @param {string} key
   * @param {string | undefined} account
   * @param {ElementsOptions} options
   */
  constructor(key, account, options) {
    this.key = key;
    this.account = account;
    this.options = options;
    this.isSubmitted = false;
    /** @type {PaymentElement | null} */
    this.payment = null;
  }

  /** @param {string} type @param {ElementOptions} [options] */
  create(type, options = {}) {
    if (type !== 'payment') throw new IntegrationError(`This stand-in has no element of the type ${type}.`);
    if (this.payment !== null) throw new IntegrationError('Only one payment element can be made at a time.');
    this.payment = new PaymentElement(this, options);
    return this.payment;
  }

  /** @param {string} type */
  getElement(type) {
    return type === 'payment' ? this.payment : null;
  }

  /** @param {Partial<ElementsOptions>} options */
  async update(options) {
    this.options = /** @type {ElementsOptions} */ ({ ...this.options, ...options });
    this.payment?.tell('update');
  }

  /**
   * Checks what was typed, and moves the focus to what is wrong.
   * @returns {Promise<{ error?: StripeError, selectedPaymentMethod?: string }>}
   */
  async submit() {
    const { frame } = mounted(this);
    const { error } = await frame.ask({ type: 'validate' });
    this.isSubmitted = error === undefined;
    return error === undefined ? { selectedPaymentMethod: 'card' } : { error };
  }
}

/** @param {Elements} elements @returns {{ frame: Frame }} */
function mounted(elements) {
  const frame = elements.payment?.frame;
  if (frame === undefined) throw new IntegrationError('The payment element is not mounted.');
  return { frame };
}

/** @param {string} clientSecret */
function intentIdOf(clientSecret) {
  const [id, secret] = String(clientSecret).split('_secret_');
  if (!id?.startsWith('pi_') || !secret)
    throw new IntegrationError('That is not the client secret of a payment intent.');
  return id;
}

/**
 * The bank's step in a dialog over the page, until it has been completed or failed.
 * @param {string} clientSecret
 * @returns {Promise<PaymentIntent>}
 */
function showBankStep(clientSecret) {
  const before = document.activeElement;
  const dialog = document.createElement('dialog');
  dialog.setAttribute('aria-label', 'Confirmation by your bank');
  // Only the bank's own buttons end its step: Escape would leave the payment neither made nor refused.
  dialog.addEventListener('cancel', (event) => event.preventDefault());
  const hash = new URLSearchParams({ payment_intent: intentIdOf(clientSecret), client_secret: clientSecret });
  return new Promise((resolve) => {
    const frame = new Frame(`/endive/three-d-secure.html#${hash}`, 'Confirmation by your bank', (message) => {
      if (message.type === 'hello') return frame.tell({ type: 'init' });
      if (message.type !== 'settled') return;
      dialog.close();
      frame.remove();
      dialog.remove();
      if (before instanceof HTMLElement) before.focus();
      resolve(/** @type {PaymentIntent} */ (message['paymentIntent']));
    });
    const whole = { width: '100vw', height: '100dvh', maxWidth: 'none', maxHeight: 'none', margin: '0', border: '0' };
    const centred = { display: 'grid', placeItems: 'center', padding: '16px', boxSizing: 'border-box' };
    Object.assign(dialog.style, { ...whole, ...centred, background: 'rgb(0 0 0 / 60%)' });
    const card = {
      width: 'min(440px, 100%)',
      height: 'min(420px, 100%)',
      borderRadius: '12px',
      colorScheme: 'normal',
    };
    Object.assign(frame.element.style, card);
    dialog.append(frame.element);
    document.body.append(dialog);
    dialog.showModal();
    frame.element.focus();
  });
}

/** One object for one publishable key, as `Stripe('pk_…')` makes it. */
class Stripe {
  /**
   * @param {string} key
   * @param {{ stripeAccount?: string }} [options] `stripeAccount`: the connected account in whose name the key is used
   */
  constructor(key, { stripeAccount } = {}) {
    if (!/^pk_test_\w+$/.test(key))
      throw new IntegrationError('This stand-in takes publishable test keys (pk_test_…).');
    this.key = key;
    this.account = stripeAccount;
  }

  /** @param {ElementsOptions} options */
  elements(options) {
    if (options?.mode !== 'payment' || options.paymentMethodCreation !== 'manual') {
      throw new IntegrationError(
        "This stand-in makes elements with mode 'payment' and paymentMethodCreation 'manual'.",
      );
    }
    return new Elements(this.key, this.account, options);
  }

  /**
   * @param {{ elements: Elements, params?: object }} request
   * @returns {Promise<import('@stripe/stripe-js').ConfirmationTokenResult>}
   */
  async createConfirmationToken({ elements, params = {} }) {
    if (!elements.isSubmitted) throw new IntegrationError('Call elements.submit() before createConfirmationToken().');
    return mounted(elements).frame.ask({ type: 'token', params: JSON.parse(JSON.stringify(params)) });
  }

  /**
   * @param {string} clientSecret
   * @returns {Promise<import('@stripe/stripe-js').PaymentIntentResult>}
   */
  async retrievePaymentIntent(clientSecret) {
    const query = new URLSearchParams({ key: this.key, client_secret: clientSecret });
    if (this.account !== undefined) query.set('_stripe_account', this.account);
    try {
      const response = await fetch(`${ORIGIN}/v1/payment_intents/${intentIdOf(clientSecret)}?${query}`);
      const body = await response.json();
      return response.ok ? { paymentIntent: body } : { error: body.error };
    } catch (error) {
      if (error instanceof IntegrationError) throw error;
      return { error: { type: 'api_connection_error', message: 'The card processor could not be reached.' } };
    }
  }

  /**
   * @param {{ clientSecret: string }} request
   * @returns {Promise<import('@stripe/stripe-js').PaymentIntentResult>}
   */
  async handleNextAction({ clientSecret }) {
    const before = await this.retrievePaymentIntent(clientSecret);
    if (before.paymentIntent?.status !== 'requires_action') return before;
    const after = await showBankStep(clientSecret);
    const failure = after.status === 'requires_payment_method' ? after.last_payment_error : null;
    if (failure === null) return { paymentIntent: after };
    return { error: /** @type {StripeError} */ ({ ...failure, payment_intent: after }) };
  }
}

Object.assign(window, {
  Stripe: (/** @type {string} */ key, /** @type {{ stripeAccount?: string }} */ options) => new Stripe(key, options),
});
