/** Where what stays as it is is kept: branches, customers, administration; and states that they reach by being used. */
export const settingsPages = {
  'portal-branches': (page, staff) => page.goto(`${staff}/branches`),
  'portal-branch': (page, staff) => openBranch(page, staff),
  'portal-branch-mistake': async (page, staff) => {
    await openBranch(page, staff);
    await page.getByLabel('Time zone').fill('Nowhere/At_All');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('#f-timeZone-error:not(:empty)').waitFor();
  },
  'portal-branch-logo': (page, staff) => openBranch(page, staff, 'Logo'),
  'portal-branch-senders': (page, staff) => openBranch(page, staff, 'Senders'),
  'portal-branch-message': async (page, staff) => {
    await openBranch(page, staff, 'Customer portal');
    await page.frameLocator('.mail-iframe').getByText('View and pay invoice').waitFor();
  },
  'portal-branch-message-mistake': async (page, staff) => {
    await openBranch(page, staff, 'Customer portal');
    await page.getByLabel('Invoice link message').fill('Hello {{customer.name}}');
    await page.locator('[id="f-email.body-error"]:not(:empty)').waitFor();
  },
  'portal-branch-reminders': (page, staff) => openBranch(page, staff, 'Reminders'),
  'portal-branch-fees': (page, staff) => openBranch(page, staff, 'Fees'),
  'portal-branch-card': async (page, staff) => {
    await openBranch(page, staff, 'Card processing');
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await page.getByText('The processor answered').waitFor();
  },
  'portal-branch-card-mistake': async (page, staff, { german }) => {
    await page.goto(`${staff}/branches/${german}/card-processing`);
    await page.locator('[name=mode][value=keys]').check();
    await page.getByLabel('Secret key').fill('sk_test_acctHarbour_revoked');
    await page.getByLabel('Publishable key').fill('pk_test_acctHarbour_0042');
    await page.getByRole('button', { name: 'Set up card processing' }).click();
    await page.locator('#f-secretKey-error:not(:empty)').waitFor();
  },
  'portal-branch-card-keys': (page, staff, { ownKeys }) => page.goto(`${staff}/branches/${ownKeys}/card-processing`),
  'portal-branch-card-connected': async (page, staff, { connected }) => {
    await page.goto(`${staff}/branches/${connected}/card-processing`);
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await page.getByText('may not charge yet').waitFor();
  },
  'portal-branch-new': (page, staff) => page.goto(`${staff}/branches/new`),
  'portal-branch-long': (page, staff, { german }) => page.goto(`${staff}/branches/${german}`),
  'portal-branch-logo-there': (page, staff, { german }) => page.goto(`${staff}/branches/${german}/logo`),
  'portal-branch-message-long': async (page, staff, { german }) => {
    await page.goto(`${staff}/branches/${german}/messages/invoice-link`);
    await page.frameLocator('.mail-iframe').getByRole('link').first().waitFor();
  },
  'portal-branch-receipt': (page, staff, { demo }) =>
    page.goto(`${staff}/branches/${demo}/messages/receipt?language=es`),
  'portal-branch-history': async (page, staff, { demo }) => {
    await page.goto(`${staff}/branches/${demo}/messages/reminder`);
    await page.getByText('What changed').first().click();
  },
  'portal-branch-card-not-set-up': (page, staff, { german }) =>
    page.goto(`${staff}/branches/${german}/card-processing`),
  'portal-copy': (page, staff, { german }) => page.goto(`${staff}/branches/${german}/copy`),
  'portal-copy-preview': async (page, staff, { german, demo }) => {
    await page.goto(`${staff}/branches/${german}/copy?from=${demo}`);
    for (const box of await page.locator('[name=part][type=checkbox]').all()) await box.check();
    await page.getByRole('button', { name: 'Show what would change' }).click();
    await page.getByText('What differs').first().click();
  },
  'portal-customers': (page, staff) => page.goto(`${staff}/customers`),
  'portal-customer': (page, staff) => openCustomer(page, staff),
  'portal-customer-mistake': async (page, staff) => {
    await openCustomer(page, staff);
    await page.getByLabel('Email address').fill('one@example.com, two@example.com');
    await page.keyboard.press('Enter');
    await page.getByText('It must be one bare address').waitFor();
  },
  'portal-customer-no-texts': async (page, staff) => {
    await openCustomer(page, staff);
    await page.getByText('Asked not to be texted…').click();
  },
  'portal-customers-nobody': (page, staff) => page.goto(`${staff}/customers?q=zzzz`),
  'portal-customer-conflict': async (page, staff, { storyCustomer, ask }) => {
    await page.goto(`${staff}/customers/${storyCustomer}`);
    await ask('PATCH', `/customers/${storyCustomer}`, { name: `Grove & Finch Catering ${Date.now() % 1000}` });
    await page.getByLabel('Name').fill('Grove, Finch and daughters');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Somebody else changed').waitFor();
  },
  'portal-customer-opted-out': (page, staff, { silent }) => page.goto(`${staff}/customers/${silent}`),
  'portal-customer-unreachable': (page, staff, { goneCustomer }) => page.goto(`${staff}/customers/${goneCustomer}`),
  'portal-customer-long': (page, staff, { longCustomer }) => page.goto(`${staff}/customers/${longCustomer}`),
  'portal-users': (page, staff) => page.goto(`${staff}/administration/users`),
  'portal-invite': (page, staff) => page.goto(`${staff}/administration/users/invite`),
  'portal-invite-mistake': async (page, staff, { auditor }) => {
    await page.goto(`${staff}/administration/users/invite`);
    await page.getByLabel('Name').fill('Grove & Finch Catering, audit');
    await page.getByLabel('Email address').fill(auditor.email);
    await page.locator('[name=role][value=auditor]').check();
    await page.getByRole('button', { name: 'Send the invitation' }).click();
    await page.getByRole('alert').waitFor();
  },
  'portal-user': async (page, staff) => {
    await page.goto(`${staff}/administration/users`);
    await page.getByRole('link', { name: 'Grove & Finch Catering, audit' }).click();
  },
  'portal-endpoints': (page, staff) => page.goto(`${staff}/administration/webhook-endpoints`),
  'portal-endpoint': (page, staff, { endpoint }) => page.goto(`${staff}/administration/webhook-endpoints/${endpoint}`),
  'portal-endpoint-new': (page, staff) => page.goto(`${staff}/administration/webhook-endpoints/new`),
  'portal-endpoint-mistake': async (page, staff) => {
    await page.goto(`${staff}/administration/webhook-endpoints/new`);
    await page.getByLabel('Address').fill('https://10.0.0.1/hook');
    await page.getByRole('button', { name: 'Add the endpoint' }).click();
    await page.getByRole('alert').waitFor();
  },
  'portal-endpoint-secret': async (page, staff, { endpoint }) => {
    await page.goto(`${staff}/administration/webhook-endpoints/${endpoint}`);
    await page.getByText('New secret…').click();
    await page.getByRole('button', { name: 'Make a new secret' }).click();
    await page.getByLabel('Signing secret').waitFor();
  },
  'portal-nowhere': (page, staff) => page.goto(`${staff}/nowhere`),
  'portal-failed-jobs': (page, staff) => page.goto(`${staff}/administration/failed-jobs`),
  'portal-rail': async (page, staff) => {
    await page.goto(`${staff}/branches`);
    const menu = page.getByRole('button', { name: 'Menu' });
    if (await menu.isVisible()) await menu.click();
  },
};

async function openBranch(page, staff, tab) {
  await page.goto(`${staff}/branches`);
  await page.locator('tbody a').first().click();
  if (!tab) return;
  await page.getByRole('link', { name: tab, exact: true }).click();
  await page.locator('.tab[aria-current=page]', { hasText: tab }).waitFor();
  await page.waitForLoadState();
}

async function openCustomer(page, staff) {
  await page.goto(`${staff}/customers?q=Ada`);
  await page.locator('#results').getByRole('link', { name: 'Ada Byron' }).first().click();
  await page.getByRole('heading', { name: 'Texts' }).waitFor();
}
