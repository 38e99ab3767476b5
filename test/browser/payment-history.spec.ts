/** A payment is recorded, found and taken back again, without the pointer. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { assertSound, TWO_LOOKS } from '../support/page-looks.js';
import { PortalBrowser } from '../support/portal-browser.js';
import { call } from '../support/service.js';

describe('payment history and recording a payment, in a browser', () => {
  let portal: PortalBrowser;
  let invoice: string;
  let branchId: string;

  async function makeInvoice(number: string): Promise<string> {
    const { body } = await call<{ id: string }>(portal.service, 'POST', '/invoices', {
      ...{ branchId, number, currency: 'USD' },
      ...{ issuedOn: '2026-11-01', dueOn: '2026-12-01' },
      customer: { name: 'Ada Byron', email: 'ada@example.com' },
      lines: [{ description: 'Cold storage', unitPrice: 40_594 }],
    });
    return body.id;
  }

  beforeAll(async () => {
    portal = await PortalBrowser.start();
    const { body } = await call<{ items: readonly { id: string }[] }>(portal.service, 'GET', '/branches');
    branchId = body.items[0]!.id;
    invoice = `${portal.origin}/staff/invoices/${await makeInvoice('PH-1')}`;
  }, 120_000);
  afterAll(() => portal.stop());

  it.each(TWO_LOOKS)('records, finds and reverses by keyboard on %s', async (_, look) => {
    const { width } = look.viewport;
    const page = await portal.newPage(look);
    await page.goto(`${invoice}/record-payment`);
    await assertSound(page, 'record-payment');
    expect(await page.inputValue('[name=amount]')).toBe('405.94');
    await page.focus('[name=method][value=cash]');
    await page.keyboard.press('ArrowRight');
    await page.fill('[name=amount]', '999.00');
    await page.keyboard.press('Enter');
    await page.getByText('Only $405.94 is still owed.').waitFor();
    expect(await page.isChecked('[value=check]')).toBe(true);
    await assertSound(page, 'record-payment-refused');
    await page.fill('[name=amount]', '100.00');
    await page.fill('[name=reference]', `Check ${width}`);
    await page.keyboard.press('Enter');
    await page.waitForURL(invoice);

    await page.goto(`${portal.origin}/staff/payments`);
    await page.keyboard.press('/');
    await page.keyboard.type(`check ${width}`);
    await page.keyboard.press('Enter');
    await page.waitForURL(/q=check/);
    await page.getByText('1 payment', { exact: true }).waitFor();
    expect(await page.getByRole('row').filter({ hasText: 'PH-1' }).count()).toBe(1);
    await assertSound(page, 'payments');

    await page.getByRole('link', { name: 'Reverse…' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/reverse$/);
    await assertSound(page, 'reverse-payment');
    await page.getByRole('button', { name: 'Reverse payment' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(invoice);
    await page.goto(`${portal.origin}/staff/payments?status=reversed&q=${width}`);
    await page.getByRole('cell', { name: 'Reversed' }).waitFor();
    expect(await page.locator('.totals').count()).toBe(0);
    await page.goto(`${portal.origin}/staff/payments?q=nothing+like+it`);
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
    await page.close();
  });

  it.each(TWO_LOOKS)(
    'records in a dialog, from the row and from the invoice, on %s',
    async (_, look) => {
      const number = `PH-${look.viewport.width}`;
      const id = await makeInvoice(number);
      const page = await portal.newPage(look);
      await page.goto(`${portal.origin}/staff/invoices?q=${number}`);
      const row = page.locator(`tr[data-number="${number}"]`);
      const openFromRow = async () => {
        await row.locator('[data-more]').click();
        await page.getByRole('menuitem', { name: 'Record payment…' }).click();
        await page.getByRole('dialog').getByLabel('Amount in USD').waitFor();
      };
      await openFromRow();
      expect(await page.evaluate('document.activeElement.value')).toBe('cash');
      const record = page.getByRole('button', { name: 'Record payment', exact: true });
      await page.getByLabel('Amount in USD').fill('999');
      await record.click();
      await page.getByText('Choose how it was paid.').waitFor();
      await page.getByLabel('Cash').check();
      await record.click();
      await page.getByText('Only $405.94 is still owed.').waitFor();
      expect(await page.evaluate('document.activeElement.name')).toBe('amount');
      await assertSound(page, 'record-payment-dialog');

      // Somebody else was faster: what was typed stays, and the next opening shows what is owed now.
      const cash = { method: 'cash', amount: 5_594, receivedOn: '2026-11-20' };
      await call(portal.service, 'POST', `/invoices/${id}/recorded-payments`, cash);
      await page.getByLabel('Amount in USD').fill('100');
      await record.click();
      await page.getByText('The invoice has changed since you opened this page.').waitFor();
      await page
        .getByRole('button', { name: 'Cancel' })
        .or(page.getByRole('link', { name: 'Cancel' }))
        .click();
      await openFromRow();
      expect(await page.inputValue('[name=amount]')).toBe('350.00');
      await page.getByLabel('Check').check();
      await page.getByLabel('Amount in USD').fill('150');
      await page.keyboard.press('Enter');
      await page.getByText(`Recorded: $150.00 on ${number} (check).`).waitFor();
      await row.getByText('$200.00').waitFor();

      await page.goto(`${portal.origin}/staff/invoices/${id}`);
      await page.getByRole('link', { name: 'Record payment…' }).click();
      await page.getByRole('dialog').getByLabel('Transfer').check();
      await page.keyboard.press('Enter');
      await page.getByText(`Recorded: $200.00 on ${number} (transfer).`).waitFor();
      expect(new URL(page.url()).pathname).toBe(`/staff/invoices/${id}`);
      await page.getByText('Paid', { exact: true }).first().waitFor();
      await page.close();
    },
    90_000,
  );
});
