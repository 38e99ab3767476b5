/** Customers are found, corrected and asked about texts, without the pointer. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { assertSound, TWO_LOOKS } from '../support/page-looks.js';
import { PortalBrowser } from '../support/portal-browser.js';
import { call } from '../support/service.js';

describe('customers, in a browser', () => {
  let portal: PortalBrowser;
  let branchId: string;

  beforeAll(async () => {
    portal = await PortalBrowser.start();
    const { body } = await call<{ items: readonly { id: string }[] }>(portal.service, 'GET', '/branches');
    branchId = body.items[0]!.id;
  }, 120_000);
  afterAll(() => portal.stop());

  async function customerWithInvoice(name: string, phone: string): Promise<{ path: string; invoice: string }> {
    const number = `CU-${phone.slice(-4)}`;
    const made = await call<{ id: string; customer: { id: string } }>(portal.service, 'POST', '/invoices', {
      ...{ branchId, number, currency: 'USD', issuedOn: '2026-11-01', dueOn: '2026-12-01' },
      customer: { name, email: `office${phone.slice(-4)}@example.com`, phone },
      lines: [{ description: 'Cold storage', unitPrice: 40_594 }],
    });
    const after = made.headers.get('ledger-position');
    await call(portal.service, 'GET', `/customers?after=${after}`);
    const { id, customer } = made.body;
    return {
      path: `${portal.origin}/staff/customers/${customer.id}`,
      invoice: `${portal.origin}/staff/invoices/${id}`,
    };
  }

  it.each(TWO_LOOKS)('are found and changed by keyboard on %s', async (_, look) => {
    const { width } = look.viewport;
    const { path } = await customerWithInvoice(`Northern Cold ${width}`, `+1212555${String(width).padStart(4, '0')}`);
    const page = await portal.newPage(look);
    await page.goto(`${portal.origin}/staff/customers`);
    await assertSound(page, 'customers');
    await page.keyboard.press('/');
    await page.keyboard.type(`cold ${width}`);
    await page.getByText('1 customer.', { exact: true }).first().waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe(`cold ${width}`);
    await assertSound(page, 'customers-found');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(path);
    await assertSound(page, 'customer');

    await page.fill('[name=email]', 'two@example.com, one@example.com');
    await page.keyboard.press('Enter');
    await page.getByText('It must be one bare address').waitFor();
    expect(await page.inputValue('[name=email]')).toBe('two@example.com, one@example.com');
    await assertSound(page, 'customer-refused');
    await page.fill('[name=email]', `new${width}@example.com`);
    await page.fill('[name=timeZone]', 'Europe/Paris');
    await page.keyboard.press('Enter');
    await page.getByText('Saved. Messages go to these addresses').waitFor();

    await page.getByText('Asked not to be texted…').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'No more texts' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('no texts go to this number any more').waitFor();
    await page.getByText(/ask the customer to (text|answer)/).waitFor();
    await assertSound(page, 'customer-texts');

    await page.getByRole('link', { name: /Email or Text…/ }).focus();
    await page.keyboard.press('Enter');
    await page.locator('dialog [name=to]').waitFor();
    expect(await page.inputValue('dialog [name=to]')).toBe(`new${width}@example.com`);
    await page.close();
  });

  it('keep what two people change at the same time', async () => {
    const { path } = await customerWithInvoice('Harbour Supplies', '+12125550113');
    const [first, second] = [await portal.newPage(), await portal.newPage()];
    for (const page of [first, second]) await page.goto(path);
    await first.fill('[name=name]', 'Harbour Supplies Ltd');
    await first.getByRole('button', { name: 'Save' }).click();
    await first.getByText('Saved.').waitFor();
    await second.fill('[name=email]', 'harbour@example.com');
    await second.getByRole('button', { name: 'Save' }).click();
    await second.getByText('Somebody else changed this customer meanwhile.').waitFor();
    await second.getByText('Now Harbour Supplies Ltd; you typed Harbour Supplies').waitFor();
    expect(await second.inputValue('[name=email]')).toBe('harbour@example.com');
    await assertSound(second, 'customer-conflict');
    await second.fill('[name=name]', 'Harbour Supplies Ltd');
    await second.getByRole('button', { name: 'Save' }).click();
    await second.getByText('Saved.').waitFor();
    expect(await second.getByRole('heading', { level: 1 }).textContent()).toBe('Harbour Supplies Ltd');
    for (const page of [first, second]) await page.close();
  });

  it('take the recipient that was typed in for one sending', async () => {
    const { path } = await customerWithInvoice('Meadow Foods', '+12125550114');
    const page = await portal.newPage();
    await page.goto(path);
    await page.getByRole('link', { name: /Email or Text…/ }).click();
    await page.locator('dialog [name=to]').fill('meadow@example.com');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByRole('button', { name: 'Save to customer?' }).click();
    await page.getByText('Saved: messages to Meadow Foods go to meadow@example.com from now on.').waitFor();
    await page.goto(path);
    expect(await page.inputValue('[name=email]')).toBe('meadow@example.com');
    await page.close();
  });

  it('can be read and changed without scripts', async () => {
    const { path, invoice } = await customerWithInvoice('Quay Street Cafe', '+12125550115');
    const page = await portal.newPage({ javaScriptEnabled: false });
    await page.goto(`${portal.origin}/staff/customers?q=quay`);
    await page.getByRole('link', { name: 'Quay Street Cafe' }).click();
    await page.waitForURL(path);
    await page.getByRole('button', { name: 'The customer agreed to texts' }).click();
    await page.getByText('Noted: the customer agreed to texts.').waitFor();
    await page.goto(`${invoice}/send`);
    await page.fill('[name=to]', 'quay@example.com');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByRole('button', { name: 'Save to customer?' }).click();
    await page.getByText('Saved. Messages go to these addresses').waitFor();
    expect(await page.inputValue('[name=email]')).toBe('quay@example.com');
    await page.close();
  });
});
