/** From the card to the charge: card, exact total, box, *Submit Payment*. All of it in one place that keeps its height. */
import { mountCard } from './card-fields.js';
import { hideMistake, keepSentence, main, part, say, setWorking, showMistake, takeSentence } from './page.js';
import { QuoteStep } from './quote-step.js';
import { pause } from './server.js';

/** A quote is renewed this long before its end, but never more often than this: a page that is left open asks for little. */
const SPARE_MS = 20_000;
const RENEWAL_MIN_MS = 60_000;
const RENEWAL_MAX_MS = 60 * 60_000;
const SETTLE_TRIES = 4;

/**
 * @param {import('./page.js').PageData} data
 * @param {import('./server.js').Server} server
 * @param {() => Promise<void>} refresh
 */
export function startCardForm(data, server, refresh) {
  new CardForm(data, server, refresh).start();
}

class CardForm {
  /**
   * @param {import('./page.js').PageData} data
   * @param {import('./server.js').Server} server
   * @param {() => Promise<void>} refresh
   */
  constructor(data, server, refresh) {
    this.words = /** @param {string} name */ (name) => data.words[name] ?? '';
    this.data = data;
    this.server = server;
    this.refresh = refresh;
    this.quoteStep = new QuoteStep(data.words);
    this.proceed = part('[data-continue]');
    this.submitButton = part('[data-submit]');
    this.busy = false;
    /** @type {import('./card-fields.js').MountedCard | undefined} */
    this.card = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.renewal = undefined;
  }

  start() {
    part('[data-card-form]').addEventListener('submit', (event) => {
      event.preventDefault();
      void this.once(() => this.continue());
    });
    part('[data-quote-form]').addEventListener('submit', (event) => {
      event.preventDefault();
      void this.once(() => this.submit());
    });
    part('[data-other-card]').addEventListener('click', () => {
      if (this.busy) return;
      this.backToCard();
      this.card?.focus();
    });
    part('[data-pay-now]').addEventListener('click', () => this.lead());
    part('#payment').addEventListener('focusin', () => main().classList.add('form-in-use'));
    this.watchPosition();
    const kept = takeSentence();
    if (kept !== undefined) showMistake(kept);
    void this.mount();
  }

  async mount() {
    this.card = await mountCard(this.data, () => main().classList.add('form-in-use'));
    part('[data-loading]').hidden = true;
    if (!this.card) showMistake(this.words('notLoaded'));
  }

  /** *PAY NOW*: to the step that is open. */
  lead() {
    main().classList.add('form-in-use');
    part('#payment').scrollIntoView({ block: 'start' });
    if (this.step() === 'card' && this.card) this.card.focus();
    else part(this.step() === 'quote' ? '#quote-heading' : '#payment-heading').focus({ preventScroll: true });
  }

  /** The bar with *PAY NOW* goes away where the form is. */
  watchPosition() {
    const page = main();
    const seen = new IntersectionObserver(
      (entries) => page.classList.toggle('at-form', entries.at(-1)?.isIntersecting ?? false),
      { rootMargin: '0px 0px -30% 0px' },
    );
    seen.observe(part('#payment'));
  }

  /** @param {() => Promise<void>} work */
  async once(work) {
    if (this.busy) return;
    this.busy = true;
    try {
      await work();
    } finally {
      this.busy = false;
    }
  }

  async continue() {
    hideMistake();
    if (!this.card) return showMistake(this.words('notLoaded'));
    setWorking(this.proceed, this.words('quoting'));
    const quote = await this.quote();
    setWorking(this.proceed);
    if (!quote) return;
    this.quoteStep.show(quote);
    this.show('quote');
    say(quote.said);
    part('#quote-heading').focus({ preventScroll: true });
    this.renewLater(quote);
  }

  /**
   * The exact price of the card in the form; says what is wrong, and answers nothing, where there is none.
   * @returns {Promise<import('./quote-step.js').Quote | undefined>}
   */
  async quote() {
    const token = await this.card?.token();
    if (!token || 'mistake' in token) {
      // What is missing stands beside its field, inside the processor's frame.
      this.show('card');
      if (token?.mistake) showMistake(token.mistake);
      else this.card?.focus();
      return undefined;
    }
    const { status, code, detail, body } = await this.server.post('quote', { confirmationTokenId: token.id });
    if (status === 200) return body;
    if (isOver(code)) {
      await this.refresh();
      return undefined;
    }
    if (code === 'card_refused') {
      // The token is a moment old: where it is not known, the branch charges on another account by now, and this form is of the former.
      keepSentence(detail);
      await this.refresh();
      return undefined;
    }
    this.show('card');
    showMistake(detail || this.words('away'));
    return undefined;
  }

  /** @param {import('./quote-step.js').Quote} quote */
  renewLater(quote) {
    clearTimeout(this.renewal);
    const inMs = Math.min(Math.max(quote.expiresInMs - SPARE_MS, RENEWAL_MIN_MS), RENEWAL_MAX_MS);
    this.renewal = setTimeout(() => {
      // A page that nobody looks at waits: what ran out meanwhile is renewed when the button is pressed.
      if (document.visibilityState === 'hidden') return;
      void this.once(async () => {
        await this.renew();
      });
    }, inMs);
  }

  /** A fresh quote for the same card. @returns {Promise<boolean>} whether it says what the one before said */
  async renew() {
    if (this.step() === 'card') return false;
    const before = this.quoteStep.quote;
    const fresh = await this.quote();
    if (!fresh || !before) return false;
    this.renewLater(fresh);
    if (this.quoteStep.replace(fresh)) return true;
    this.show('quote');
    this.quoteStep.showChange(before, fresh);
    return false;
  }

  async submit() {
    if (!this.quoteStep.isAgreed()) return this.quoteStep.askForConsent();
    setWorking(this.submitButton, this.words('working'));
    if (this.quoteStep.hasExpired() && !(await this.renew())) return setWorking(this.submitButton);
    await this.pay(true);
    setWorking(this.submitButton);
  }

  /** @param {boolean} mayRenew a quote that ran out on the way is renewed once, and only where nothing has changed */
  async pay(mayRenew) {
    const { quote } = this.quoteStep;
    if (!quote) return;
    clearTimeout(this.renewal);
    this.working(this.words('working'));
    const { quoteId, quoteHash } = quote;
    const accepted = quote.consent !== null;
    const answer = await this.server.post('pay', { quoteId, quoteHash, accepted });
    if (answer.status === 200) return this.conclude(answer.body);
    if (answer.code === 'quote_expired' || answer.code === 'quote_changed') {
      if ((await this.renew()) && mayRenew) await this.pay(false);
      return;
    }
    // The service said that it could not go on: whether the card was charged by then has to be asked.
    if (answer.status >= 500 && answer.code !== '') return this.settle(quoteId);
    // No answer of the service's own: the request may be under way yet, or never have come.
    if (answer.status === 0 || answer.status >= 500) return this.askAgain(quoteId, quoteHash, accepted);
    if (isOver(answer.code)) return this.refresh();
    this.backToCard();
    showMistake(answer.detail || this.words('away'));
  }

  /**
   * Sends the very same submit again: one quote is one attempt, so that this pays at most once, and hears how it ended where the
   * first one arrived.
   * @param {string} quoteId @param {string} quoteHash @param {boolean} accepted
   */
  async askAgain(quoteId, quoteHash, accepted) {
    this.working(this.words('unsure'));
    for (let tries = 0; tries < SETTLE_TRIES; tries += 1) {
      await pause(1500 * (tries + 1));
      const { status, code, body } = await this.server.post('pay', { quoteId, quoteHash, accepted });
      if (status === 200) return this.conclude(body);
      if (code !== '') break;
    }
    return this.settle(quoteId);
  }

  /** @param {string} quoteId */
  async settle(quoteId) {
    this.working(this.words('unsure'));
    for (let tries = 0; tries < SETTLE_TRIES; tries += 1) {
      await pause(1500 * (tries + 1));
      const { status, body } = await this.server.post('settle', { quoteId });
      if (status === 200) return this.conclude(body);
    }
    return this.refresh();
  }

  /**
   * @param {{ outcome: string, clientSecret?: string, message?: string }} outcome
   * @returns {Promise<void>}
   */
  async conclude({ outcome, clientSecret, message }) {
    if (outcome === 'requires_action' && clientSecret !== undefined) return this.bankStep(clientSecret);
    if (outcome === 'failed' || outcome === 'released') {
      this.backToCard();
      return showMistake(message ?? this.words('notCharged'));
    }
    return this.refresh();
  }

  /** @param {string} clientSecret @returns {Promise<void>} */
  async bankStep(clientSecret) {
    this.working(this.words('bankWorking'));
    await this.card?.handleNextAction(clientSecret);
    const { status, body } = await this.server.post('settle');
    // A step that was closed without an answer waits on: the page then offers both ways on.
    if (status !== 200 || body.outcome === 'requires_action') return this.refresh();
    return this.conclude(body);
  }

  backToCard() {
    clearTimeout(this.renewal);
    hideMistake();
    this.show('card');
  }

  /** @param {string} sentence */
  working(sentence) {
    part('[data-working-text]').textContent = sentence;
    this.show('working');
    say(sentence);
  }

  /** @param {'card' | 'quote' | 'working'} step */
  show(step) {
    part('.steps').dataset['step'] = step;
  }

  step() {
    return part('.steps').dataset['step'];
  }
}

/** Refusals after which there is nothing to pay here, or not by this link. @param {string} code */
function isOver(code) {
  return [
    'invoice_paid',
    'invoice_void',
    'payment_in_progress',
    'payment_unknown',
    'card_processing_not_set_up',
    'link_expired',
    'link_revoked',
    'cookie_missing',
    'not_from_this_page',
  ].includes(code);
}
