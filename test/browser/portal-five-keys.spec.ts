/** From *Find invoice* to a queued message without the pointer, in as few keys as there can be. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { PortalBrowser } from '../support/portal-browser.js';
import { call, eventually } from '../support/service.js';

interface Message {
  readonly to: string;
  readonly text: string;
}

let portal: PortalBrowser;
beforeAll(async () => {
  portal = await PortalBrowser.start();
}, 90_000);
afterAll(() => portal.stop());

/**
 * A person at the keyboard, whose keys are counted. What is typed into the search counts as one, however long it is, as it is the
 * wish itself: `/`, the text, the arrow to what was found, `e`, Enter. Without the text it is four.
 */
class Typist {
  keys = 0;

  constructor(private readonly page: Page) {}

  async press(key: string): Promise<void> {
    this.keys += 1;
    await this.page.keyboard.press(key);
  }

  async type(text: string): Promise<void> {
    this.keys += 1;
    await this.page.keyboard.type(text);
  }
}

async function openList(): Promise<{ page: Page; typist: Typist }> {
  const page = await portal.newPage();
  await page.goto(`${portal.origin}/staff/invoices`);
  await page.locator('tr[aria-selected=true]').waitFor();
  return { page, typist: new Typist(page) };
}

async function queued(page: Page, typist: Typist): Promise<string> {
  await page.getByRole('button', { name: 'Send', exact: true }).waitFor();
  await typist.press('Enter');
  const toast = page.getByText(/^Queued: the link goes to /);
  await toast.waitFor();
  return (await toast.textContent()) ?? '';
}

function messagesTo(address: string): Promise<readonly Message[] | undefined> {
  return fetch(`${portal.service.inbox}/messages?to=${encodeURIComponent(address)}`)
    .then((answer) => answer.json() as Promise<readonly Message[]>)
    .then((found) => (found.length > 0 ? found : undefined));
}

describe('from Find invoice to queued', () => {
  it('takes two keys for the invoice that was issued last', async () => {
    const { page, typist } = await openList();
    await typist.press('e');
    expect(await queued(page, typist)).toContain('office@fish.example.com');
    expect(typist.keys).toBe(2);
    await page.close();
  }, 60_000);

  it('takes five for any that is looked for, and the message arrives', async () => {
    const { page, typist } = await openList();
    await typist.press('/');
    await typist.type('405.94');
    await typist.press('ArrowDown');
    // The arrow waits for the answer to what was typed.
    await page.locator('tr[data-number="INV-1001"]:focus').waitFor();
    await typist.press('e');
    expect(await queued(page, typist)).toContain('ada@example.com');
    expect(typist.keys).toBeLessThanOrEqual(5);
    const [message] = await eventually(() => messagesTo('ada@example.com'), 'a message');
    expect(message?.text).toContain('/pay/');
    await page.close();
  }, 60_000);

  it('can be taken back in one more step', async () => {
    const { page, typist } = await openList();
    await typist.press('ArrowDown');
    await typist.press('ArrowDown');
    const id = await page.locator('tr[aria-selected=true]').getAttribute('data-id');
    await typist.press('e');
    await queued(page, typist);
    await page.getByRole('button', { name: 'Wrong person? Revoke' }).click();
    await page.getByText('Revoked: the link opens nothing any more.').waitFor();
    const links = await call<{ items: { status: string }[] }>(portal.service, 'GET', `/invoices/${id}/links`);
    expect(links.body.items.at(-1)?.status).toBe('revoked');
    await page.close();
  }, 60_000);
});
