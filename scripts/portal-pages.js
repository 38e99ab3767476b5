/** Invoices, what is done with them, and payments; and states that these pages reach by being used. */
export const invoicePages = {
  'portal-find': (page, staff) => page.goto(`${staff}/invoices`),
  'portal-find-filtered': (page, staff) => page.goto(`${staff}/invoices?q=fish&status=open&from=2026-01-01`),
  'portal-find-nothing': (page, staff) => page.goto(`${staff}/invoices?q=zzzz`),
  'portal-find-mistake': (page, staff) => page.goto(`${staff}/invoices?from=yesterday`),
  'portal-find-failed': async (page, staff) => {
    await page.goto(`${staff}/invoices`);
    await page.route('**/staff/invoices?*', (route) => route.abort());
    await page.getByLabel('Number, customer').fill('harbour');
    await page.locator('#failed').waitFor();
  },
  'portal-find-long': (page, staff) => page.goto(`${staff}/invoices?q=RE-2026`),
  'portal-find-chosen': async (page, staff) => {
    await page.goto(`${staff}/invoices?q=BULK-1`);
    for (const box of await page.locator('[name=ids]').all()) await box.check();
    await page.evaluate('scrollTo(0, 0)');
  },
  'portal-find-menu': async (page, staff) => {
    await page.goto(`${staff}/invoices`);
    await page.keyboard.press('m');
  },
  'portal-find-keys': async (page, staff) => {
    await page.goto(`${staff}/invoices`);
    await page.keyboard.press('?');
  },
  'portal-send-email': (page, staff) => openSend(page, staff),
  'portal-send-text': async (page, staff) => {
    await openSend(page, staff);
    await page.getByText('Text', { exact: true }).first().click();
    await page.locator('.bubble').waitFor();
  },
  'portal-send-later': async (page, staff) => {
    await openSend(page, staff);
    await page.getByText('At a time').click();
  },
  'portal-send-at-night': async (page, staff) => {
    await openSend(page, staff);
    await page.getByText('Text', { exact: true }).first().click();
    await page.getByLabel('Recipient').fill('+1 212 555 0123');
    await page.getByText('At a time').click();
    await page.getByLabel('Date and time').fill(`${tomorrow()}T23:30`);
    await page.getByText('it is night where the customer is').waitFor();
  },
  'portal-send-mistake': async (page, staff) => {
    await openSend(page, staff);
    await page.getByLabel('Recipient').fill('nobody');
    await page.keyboard.press('Enter');
    await page.getByText('It has no @.').waitFor();
    await page.locator('[data-preview]').getByText('nobody', { exact: true }).waitFor();
  },
  'portal-send-bounced': (page, staff, { gone }) => page.goto(`${staff}/invoices/${gone}/send`),
  'portal-send-opted-out': (page, staff, { silentInvoice }) =>
    page.goto(`${staff}/invoices/${silentInvoice}/send?channel=sms`),
  'portal-send-not-set-up': (page, staff, { long }) => page.goto(`${staff}/invoices/${long}/send`),
  'portal-send-paid': (page, staff, { paid }) => page.goto(`${staff}/invoices/${paid}/send`),
  'portal-sent': async (page, staff) => {
    await openSend(page, staff, 'INV-1003');
    await page.getByLabel('Recipient').fill('somebody.else@example.com');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.locator('.toast').waitFor();
  },
  'portal-copied-link': async (page, staff, { gone }) => {
    await page.goto(`${staff}/invoices/${gone}`);
    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.locator('.toast').waitFor();
  },
  'portal-email-pdf': (page, staff) => openFromMenu(page, staff, 'Email-PDF'),
  'portal-void': (page, staff) => openFromMenu(page, staff, 'Void'),
  'portal-invoice': (page, staff, { story }) => page.goto(`${staff}/invoices/${story}`),
  'portal-invoice-opened-event': async (page, staff, { story }) => {
    await page.goto(`${staff}/invoices/${story}`);
    for (const event of (await page.locator('.event summary').all()).slice(0, 4)) await event.click();
    await page.locator('.event summary').nth(1).focus();
  },
  'portal-invoice-paid': (page, staff, { paid }) => page.goto(`${staff}/invoices/${paid}`),
  'portal-invoice-void': (page, staff, { voided }) => page.goto(`${staff}/invoices/${voided}`),
  'portal-invoice-long': (page, staff, { long }) => page.goto(`${staff}/invoices/${long}`),
  'portal-invoice-yen': (page, staff, { yen }) => page.goto(`${staff}/invoices/${yen}`),
  'portal-as-customer': (page, staff, { story }) => page.goto(`${staff}/invoices/${story}/as-customer`),
  'portal-as-customer-long': (page, staff, { long }) => page.goto(`${staff}/invoices/${long}/as-customer`),
  'portal-record-payment': (page, staff, { long }) => page.goto(`${staff}/invoices/${long}/record-payment`),
  'portal-record-payment-dialog': async (page, staff, { story }) => {
    await page.goto(`${staff}/invoices/${story}`);
    await page.getByRole('link', { name: 'Record payment…' }).click();
    await page.getByLabel('Amount in').waitFor();
  },
  'portal-record-payment-mistake': async (page, staff, { long }) => {
    await page.goto(`${staff}/invoices/${long}/record-payment`);
    await page.getByLabel('Amount in').fill('1.234,567');
    await page.getByRole('button', { name: 'Record payment' }).click();
    await page.locator('#amount-mistake').waitFor();
  },
  'portal-record-payment-paid': (page, staff, { paid }) => page.goto(`${staff}/invoices/${paid}/record-payment`),
  'portal-reverse-payment': (page, staff, { story, reversible }) =>
    page.goto(`${staff}/invoices/${story}/recorded-payments/${reversible}/reverse`),
  'portal-payments': (page, staff) => page.goto(`${staff}/payments`),
  'portal-payments-nothing': (page, staff) => page.goto(`${staff}/payments?q=zzzz&from=2026-11-01&method=cash`),
  'portal-payments-mistake': (page, staff) => page.goto(`${staff}/payments?from=yesterday&to=2026-02-31`),
  'portal-bulk': (page, staff) => page.goto(`${staff}/bulk?channel=email`),
  'portal-bulk-preview': (page, staff) => openBulk(page, staff, 'email'),
  'portal-bulk-texts': (page, staff) => openBulk(page, staff, 'sms'),
  'portal-bulk-report': (page, staff, { sent }) => page.goto(`${staff}/jobs/${sent}`),
  'portal-bulk-issued': async (page, staff, { sent }) => {
    await page.goto(`${staff}/jobs/${sent}`);
    await page.getByRole('navigation', { name: 'Outcome' }).getByRole('link').last().click();
  },
  'portal-jobs': (page, staff) => page.goto(`${staff}/jobs`),
  'portal-import': (page, staff) => page.goto(`${staff}/import`),
  'portal-import-mistake': async (page, staff) => {
    await page.goto(`${staff}/import`);
    const file = { name: 'invoices.csv', mimeType: 'text/csv', buffer: Buffer.from('number,due\n1,2') };
    await page.getByLabel('File', { exact: true }).setInputFiles(file);
    await page.getByRole('button', { name: 'Import' }).click();
    await page.getByText('cannot be used').waitFor();
  },
  'portal-job-running': async (page, staff, { importMany }) => {
    await page.goto(`${staff}/jobs/${await importMany()}`);
  },
  'portal-import-report': (page, staff, { imported }) => page.goto(`${staff}/jobs/${imported}`),
  'portal-not-found': (page, staff) => page.goto(`${staff}/invoices/00000000-0000-5000-8000-000000000000`),
};

const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);

async function openSend(page, staff, number = 'INV-1001') {
  await page.goto(`${staff}/invoices?q=${number}`);
  await page.getByRole('button', { name: 'Email or Text…' }).click();
  await page.frameLocator('iframe').getByText('View and pay invoice').waitFor();
}

async function openFromMenu(page, staff, word) {
  await page.goto(`${staff}/invoices`);
  await page.keyboard.press('m');
  await page.getByRole('menuitem', { name: word }).click();
  await page.locator('[data-go]').waitFor();
}

async function openBulk(page, staff, channel) {
  await page.goto(`${staff}/invoices?q=BULK-1`);
  await page.getByRole('link', { name: 'Send to all that match…' }).click();
  if (channel === 'sms') await page.getByRole('link', { name: 'Text message' }).click();
  await page.getByRole('heading', { name: 'Email or Text many' }).waitFor();
}
