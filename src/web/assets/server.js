/** The page's own server. What it refuses comes back as a problem whose `detail` can be shown. */

/**
 * @typedef {object} Answer
 * @property {number} status 0 where no answer came: whether the request arrived is not known
 * @property {string} code of a refusal; empty otherwise
 * @property {string} detail of a refusal, in words
 * @property {any} body
 */

export class Server {
  /** @param {{ base: string, csrf: string }} page */
  constructor({ base, csrf }) {
    this.base = base;
    this.csrf = csrf;
  }

  /**
   * @param {'opened' | 'quote' | 'pay' | 'settle' | 'release'} action
   * @param {object} body
   * @returns {Promise<Answer>}
   */
  async post(action, body = {}) {
    return ask(`${this.base}/${action}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': this.csrf },
      body: JSON.stringify(body),
      keepalive: action === 'opened',
    });
  }

  /** @returns {Promise<Answer>} */
  async status() {
    return ask(`${this.base}/status`, { cache: 'no-store' });
  }

  /** The page as it would be shown now, for taking parts of it. @returns {Promise<Document | undefined>} */
  async page() {
    try {
      const answer = await fetch(this.base, { cache: 'no-store', headers: { Accept: 'text/html' } });
      // Its style bears that answer's nonce, and the browser would report it as a breach of this page's policy.
      const text = (await answer.text()).replace(/<style[^>]*>.*?<\/style>/gs, '');
      return new DOMParser().parseFromString(text, 'text/html');
    } catch {
      return undefined;
    }
  }
}

/** @param {string} url @param {RequestInit} request @returns {Promise<Answer>} */
async function ask(url, request) {
  try {
    const answer = await fetch(url, request);
    const text = await answer.text();
    const body = text === '' ? {} : JSON.parse(text);
    const refused = !answer.ok;
    return {
      status: answer.status,
      code: refused ? String(body.code ?? '') : '',
      detail: refused ? String(body.detail ?? '') : '',
      body,
    };
  } catch {
    return { status: 0, code: '', detail: '', body: {} };
  }
}

/** @param {number} ms @returns {Promise<void>} */
export function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
