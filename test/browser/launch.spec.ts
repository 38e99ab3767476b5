import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.js';

describe('the browser that the tests use', () => {
  let browser: Browser;
  let pages: Server;
  let elsewhere: Server;
  let elsewhereOrigin: string;

  beforeAll(async () => {
    pages = await serve('<title>Page</title><p>Hello</p>');
    elsewhere = await serve('secret');
    elsewhereOrigin = originOf(elsewhere);
    browser = await launchBrowser();
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    pages.close();
    elsewhere.close();
  });

  it('renders a page with text of some width, so fonts are there', async () => {
    const page = await browser.newPage();
    await page.goto(originOf(pages));
    const box = await page.locator('p').boundingBox();
    const textWidth = await page.evaluate(
      `(() => { const range = document.createRange(); range.selectNodeContents(document.querySelector('p')); return range.getBoundingClientRect().width; })()`,
    );
    expect(await page.textContent('p')).toBe('Hello');
    expect(box?.height).toBeGreaterThan(10);
    expect(textWidth).toBeGreaterThan(20);
    await page.close();
  });

  it('keeps the same-origin policy, so a page cannot read the answer of another origin', async () => {
    const page = await browser.newPage();
    await page.goto(originOf(pages));
    const outcome = await page.evaluate(
      `fetch(${JSON.stringify(elsewhereOrigin)}).then((answer) => answer.text(), () => 'refused')`,
    );
    expect(outcome).toBe('refused');
    await page.close();
  });
});

async function serve(body: string): Promise<Server> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8').end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
