/** Administration: webhook endpoints from their making to a redelivery, and the page of failed jobs. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { Webhook } from 'standardwebhooks';
import { assertSound, TWO_LOOKS } from '../support/page-looks.js';
import { PortalBrowser } from '../support/portal-browser.js';
import { until } from '../support/until.js';

interface Received {
  readonly body: string;
  readonly headers: Record<string, string>;
}

describe('webhooks in the portal', () => {
  let portal: PortalBrowser;
  let receiver: Server;
  let status = 200;
  const received: Received[] = [];

  beforeAll(async () => {
    receiver = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        received.push({ body, headers: request.headers as Record<string, string> });
        response.writeHead(status).end();
      });
    }).listen(0, '127.0.0.1');
    portal = await PortalBrowser.start();
  }, 120_000);
  afterAll(async () => {
    await portal.stop();
    receiver.closeAllConnections();
    receiver.close();
  }, 60_000);

  const go = (page: Page, path: string) => page.goto(`${portal.origin}/staff/administration/${path}`);

  it.each(TWO_LOOKS)(
    'are added, tried, sent again, signed anew and removed (%s)',
    async (_, form) => {
      const page = await portal.newPage(form);
      status = 200;
      received.length = 0;
      await go(page, 'webhook-endpoints');
      await assertSound(page, 'webhooks-none');
      await page.locator('a', { hasText: 'Add an endpoint' }).first().click();
      await assertSound(page, 'webhooks-new');

      await page.fill('#url', 'https://10.0.0.1/hooks');
      await page.getByRole('button', { name: 'Add the endpoint' }).click();
      expect(await page.getByRole('alert').textContent()).toContain('must lead to a public address');
      expect(await page.inputValue('#url')).toBe('https://10.0.0.1/hooks');

      const { port } = receiver.address() as AddressInfo;
      await page.fill('#url', `http://localhost:${port}/hooks/of/the/accounts/department`);
      await page.fill('#description', 'The books');
      await page.getByRole('button', { name: 'Add the endpoint' }).click();
      const secret = await page.inputValue('#secret');
      expect(secret).toMatch(/^whsec_/);
      // Shown once: nothing of it is out of sight.
      const hidden = await page.locator('#secret').evaluate((field) => field.scrollHeight - field.clientHeight);
      expect(hidden).toBe(0);
      await assertSound(page, 'webhooks-secret');

      await page.getByRole('link', { name: 'To the endpoint' }).click();
      await page.getByRole('button', { name: 'Send a test message' }).click();
      await until(() => received.length === 1, 'the test message');
      const [first] = received;
      expect(new Webhook(secret).verify(first!.body, first!.headers)).toMatchObject({ type: 'webhook.test' });

      status = 500;
      await until(async () => {
        await page.reload();
        return page.getByText('Delivered', { exact: true }).isVisible();
      }, 'the delivery to be shown');
      await page.getByRole('button', { name: /^Redeliver webhook\.test/ }).click();
      await until(async () => {
        await page.reload();
        return page.getByText('Trying again', { exact: true }).isVisible();
      }, 'the failure to be shown');
      await page.getByText('New secret…').click();
      await assertSound(page, 'webhooks-one');
      expect(received.at(-1)!.headers['webhook-id']).toBe(first!.headers['webhook-id']);

      await page.getByRole('button', { name: 'Make a new secret' }).click();
      expect(await page.inputValue('#secret')).not.toBe(secret);
      await page.getByRole('link', { name: 'To the endpoint' }).click();
      await page.getByRole('link', { name: 'Change' }).click();
      await page.getByLabel('Only these:').first().check();
      await page.getByLabel('invoice.paid').check();
      await page.getByRole('button', { name: 'Save' }).click();
      expect(await page.locator('dl').textContent()).toContain('invoice.paid');
      await page.getByText('Remove…').click();
      await page.getByRole('button', { name: 'Remove the endpoint' }).click();
      expect(await page.getByRole('status').first().textContent()).toContain('removed');
      await page.context().close();
    },
    120_000,
  );

  it('are not there under an address that is none', async () => {
    const page = await portal.newPage();
    expect((await go(page, 'webhook-endpoints/frob'))!.status()).toBe(404);
    await page.context().close();
  });

  it.each(TWO_LOOKS)('stand beside the failed jobs, of which there are none (%s)', async (_, form) => {
    const page = await portal.newPage(form);
    await go(page, 'failed-jobs');
    expect(await page.getByText('Nothing waits for you').isVisible()).toBe(true);
    await assertSound(page, 'failed-jobs');
    await page.context().close();
  });
});
