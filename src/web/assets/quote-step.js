/** The exact price, the box, and what happens when the price changes while the page is open. */
import { part, say } from './page.js';

/**
 * @typedef {object} Quote
 * @property {string} quoteId
 * @property {string} quoteHash
 * @property {number} expiresInMs
 * @property {string} card
 * @property {string} balance
 * @property {string} feeLabel
 * @property {string | null} fee
 * @property {string} total
 * @property {string | null} consent
 * @property {string | null} disclosure
 * @property {string} submit
 * @property {string} said
 */

/** What a customer agreed to. A renewed quote that says the same of all of these needs no new agreement. */
const AGREED = /** @type {const} */ (['card', 'balance', 'fee', 'total', 'consent', 'disclosure']);

export class QuoteStep {
  /** @param {Record<string, string>} words */
  constructor(words) {
    this.words = words;
    /** @type {Quote | undefined} */
    this.quote = undefined;
    /** On the page's own clock, which nobody can set. */
    this.expiresAtMs = 0;
    this.box = /** @type {HTMLInputElement} */ (part('[data-consent]'));
    this.box.addEventListener('change', () => this.clearMistake());
  }

  /** A new card or a new price: nothing is agreed to yet. @param {Quote} quote */
  show(quote) {
    this.take(quote);
    for (const slot of /** @type {const} */ (['card', 'balance', 'feeLabel', 'fee', 'total', 'consent', 'submit'])) {
      part(`[data-quote="${slot}"]`).textContent = quote[slot] ?? '';
    }
    part('[data-fee-line]').hidden = quote.fee === null;
    part('[data-consent-box]').hidden = quote.consent === null;
    part('[data-changed]').hidden = true;
    const disclosure = document.getElementById('disclosure');
    if (disclosure && quote.disclosure !== null) disclosure.textContent = quote.disclosure;
    this.box.checked = false;
    this.clearMistake();
  }

  /**
   * Takes a renewed quote.
   * @param {Quote} fresh
   * @returns {boolean} whether it says the same, so that card and box stay as they are
   */
  replace(fresh) {
    const same = AGREED.every((name) => fresh[name] === this.quote?.[name]);
    if (same) this.take(fresh);
    else this.show(fresh);
    return same;
  }

  /** @param {Quote} quote */
  take(quote) {
    this.quote = quote;
    this.expiresAtMs = performance.now() + quote.expiresInMs;
  }

  hasExpired() {
    return performance.now() >= this.expiresAtMs;
  }

  /** Says the old and the new total, and brings the reader to the box. @param {Quote} before @param {Quote} now */
  showChange(before, now) {
    const sentence = (this.words['totalChanged'] ?? '').replace('{before}', before.total).replace('{after}', now.total);
    const notice = part('[data-changed]');
    part('p', notice).textContent = sentence;
    notice.hidden = false;
    say(sentence);
    if (now.consent === null) notice.focus();
    else this.box.focus();
  }

  isAgreed() {
    return this.quote?.consent === null || this.box.checked;
  }

  askForConsent() {
    const mistake = part('[data-consent-mistake]');
    mistake.textContent = this.words['consentMissing'] ?? '';
    mistake.hidden = false;
    this.box.setAttribute('aria-invalid', 'true');
    this.box.focus();
    say(mistake.textContent);
  }

  clearMistake() {
    part('[data-consent-mistake]').hidden = true;
    this.box.removeAttribute('aria-invalid');
  }
}
