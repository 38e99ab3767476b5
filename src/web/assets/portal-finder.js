/** A list that is found anew while somebody types. Of several answers only that to the last question is shown. */
const PAUSE_MS = 150;

export class Finder {
  form = /** @type {HTMLFormElement} */ (document.querySelector('[data-finder]'));
  search = /** @type {HTMLInputElement} */ (document.getElementById('q'));
  results = /** @type {HTMLElement} */ (document.getElementById('results'));
  #failed = /** @type {HTMLElement} */ (document.getElementById('failed'));
  #said = /** @type {HTMLElement} */ (document.getElementById('said'));
  /** What is being asked for: whoever goes on to the results waits for the answer to what was typed. */
  settled = Promise.resolve();
  /** @type {AbortController | undefined} */
  #asking;
  #timer = 0;

  /**
   * @param {string} nothing what is said where nothing is found
   * @param {(position?: string) => () => void} [keep] called before a list is asked for; what it answers, when the list is there
   */
  constructor(nothing, keep = () => () => undefined) {
    this.nothing = nothing;
    this.keep = keep;
    this.search.addEventListener('input', () => this.soon());
    this.#failed.querySelector('[data-retry]')?.addEventListener('click', () => this.now());
  }

  soon() {
    clearTimeout(this.#timer);
    this.settled = new Promise((done) => {
      this.#timer = setTimeout(() => void this.show().then(done), PAUSE_MS);
    });
  }

  now() {
    clearTimeout(this.#timer);
    this.settled = this.show();
  }

  /** Shows what the form asks for. @param {string} [position] of something just written, which the list then shows */
  async show(position) {
    const address = this.#wanted();
    this.results.setAttribute('aria-busy', 'true');
    const restore = this.keep(position);
    try {
      const after = position === undefined ? '' : `${address.includes('?') ? '&' : '?'}after=${position}`;
      const found = await this.partAt(address + after);
      this.results.replaceChildren(...found.body.childNodes);
      this.#failed.hidden = true;
      this.results.hidden = false;
      history.replaceState(null, '', address);
      if (position === undefined) {
        this.say(this.results.querySelector('[data-count]')?.textContent ?? this.nothing);
      }
      restore();
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError') return;
      this.results.hidden = true;
      this.#failed.hidden = false;
      this.say('The list could not be loaded.');
    }
    this.results.removeAttribute('aria-busy');
  }

  /** @param {string} address @returns {Promise<Document>} */
  async partAt(address) {
    this.#asking?.abort();
    this.#asking = new AbortController();
    const answer = await fetch(address, {
      headers: { 'X-Part': 'results', Accept: 'text/html' },
      signal: this.#asking.signal,
    });
    if (answer.status === 401) location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    return new DOMParser().parseFromString(await answer.text(), 'text/html');
  }

  /** @param {string} words */
  say(words) {
    this.#said.textContent = words;
  }

  /** The address of what the form asks for. */
  #wanted() {
    const fields = [...new FormData(this.form)].filter(([, value]) => value !== '');
    const query = new URLSearchParams(/** @type {[string, string][]} */ (fields)).toString();
    return query === '' ? this.form.action : `${this.form.action}?${query}`;
  }
}
