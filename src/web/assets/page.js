/** What the modules of the pay page share: its parts, its words, and how it says things. */

/**
 * @typedef {object} PageData
 * @property {string} base
 * @property {string} csrf
 * @property {string} state
 * @property {boolean} awaitsReceipt
 * @property {string} [clientSecret]
 * @property {{ publishableKey: string, connectedAccount?: string, amountMinor: number, currency: string, locale: string, country: string }} [card]
 * @property {Record<string, string>} words
 */

/** Carries a sentence over a reload of the page. */
const KEPT_SENTENCE = 'pay-sentence';

/** @returns {HTMLElement} */
export function main() {
  return part('main[data-pay]', document);
}

/** @returns {PageData} */
export function readData() {
  return JSON.parse(main().dataset['pay'] ?? '{}');
}

/**
 * A part of the page that its template always has.
 * @param {string} selector
 * @param {ParentNode} [within]
 * @returns {HTMLElement}
 */
export function part(selector, within = main()) {
  const found = within.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`The page has no ${selector}`);
  return found;
}

/** Says something to a screen reader. @param {string} sentence */
export function say(sentence) {
  const said = part('#said');
  said.textContent = '';
  // A region that is filled at once after it was emptied is not read out again.
  setTimeout(() => {
    said.textContent = sentence;
  }, 50);
}

/** Shows what went wrong where it went wrong, and brings the reader there. @param {string} sentence */
export function showMistake(sentence) {
  const mistake = part('[data-mistake]');
  part('p', mistake).textContent = sentence;
  mistake.hidden = false;
  mistake.focus();
  mistake.scrollIntoView({ block: 'nearest' });
  say(sentence);
}

export function hideMistake() {
  part('[data-mistake]').hidden = true;
}

/**
 * A button that works shows it, keeps the focus, and cannot be pressed twice.
 * @param {HTMLElement} button
 * @param {string} [workingWord] absent: it works no more
 */
export function setWorking(button, workingWord) {
  const label = part(':scope > span:not(.spinner)', button);
  button.querySelector('.spinner')?.remove();
  if (workingWord === undefined) {
    button.removeAttribute('aria-disabled');
    // A word that was put there meanwhile (a new total) stays.
    if (label.textContent === button.dataset['working']) label.textContent = button.dataset['word'] ?? '';
    return;
  }
  button.dataset['word'] = label.textContent ?? '';
  button.dataset['working'] = workingWord;
  button.setAttribute('aria-disabled', 'true');
  label.textContent = workingWord;
  const spinner = document.createElement('span');
  spinner.className = 'spinner';
  spinner.setAttribute('aria-hidden', 'true');
  button.prepend(spinner);
}

/** @param {string} sentence */
export function keepSentence(sentence) {
  sessionStorage.setItem(KEPT_SENTENCE, sentence);
}

/** @returns {string | undefined} */
export function takeSentence() {
  const sentence = sessionStorage.getItem(KEPT_SENTENCE) ?? undefined;
  sessionStorage.removeItem(KEPT_SENTENCE);
  return sentence;
}
