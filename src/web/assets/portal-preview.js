/** What a form comes to, while it is being filled in: asked for at every pause, and of several answers the last one counts. */
import { csrf } from './portal-shell.js';

const PAUSE_MS = 300;

export class Preview {
  #asked = 0;
  #timer = 0;

  /**
   * @param {HTMLFormElement} form whose preview stands below its own address
   * @param {(part: Document) => void} show
   * @param {() => Iterable<[string, FormDataEntryValue]>} [fields] what is sent; all of the form where nothing else is said
   */
  constructor(form, show, fields = () => new FormData(form)) {
    this.form = form;
    this.show = show;
    this.fields = fields;
  }

  soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.now(), PAUSE_MS);
  }

  async now() {
    this.#asked += 1;
    const mine = this.#asked;
    try {
      const answer = await fetch(`${this.form.getAttribute('action')}/preview`, {
        method: 'POST',
        headers: { Accept: 'text/html', 'X-Part': 'preview', 'X-CSRF-Token': csrf() },
        body: new URLSearchParams(/** @type {[string, string][]} */ ([...this.fields()])),
      });
      if (!answer.ok || mine !== this.#asked) return;
      this.show(new DOMParser().parseFromString(await answer.text(), 'text/html'));
    } catch {
      // The preview of before stands; the form says for itself whether the service answers.
    }
  }
}
