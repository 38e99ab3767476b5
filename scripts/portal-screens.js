/**
 * Takes pictures of the portal's pages into `screens/`, as `screens.js` does of what customers see: on the service itself, with its
 * demo data, signed in as its demo administrator.
 *
 * @param {{ support: (file: string) => Promise<any>, widths: readonly number[], heights: Record<number, number>, folder: string, wanted: string }} given
 * @returns {Promise<number>} how many pictures there are
 */
export async function takePortal({ support, widths, heights, folder, wanted }) {
  const names = Object.keys(pages).filter((name) => name.includes(wanted));
  if (names.length === 0) return 0;
  const { PortalBrowser } = await support('portal-browser');
  const portal = await PortalBrowser.start();
  let taken = 0;
  try {
    for (const width of widths) {
      for (const colorScheme of ['light', 'dark']) {
        for (const name of names) {
          const page = await portal.newPage({ viewport: { width, height: heights[width] }, colorScheme });
          await pages[name](page, `${portal.origin}/staff`);
          await page.evaluate('document.fonts.ready');
          await page.screenshot({ path: `${folder}/${name}-${width}-${colorScheme}.png` });
          taken += 1;
          await page.context().close();
        }
      }
    }
  } finally {
    await portal.stop();
  }
  return taken;
}

/** Each page, and states that it reaches by being used. */
const pages = {
  'portal-find': (page, staff) => page.goto(`${staff}/invoices`),
  'portal-find-filtered': (page, staff) => page.goto(`${staff}/invoices?q=fish&status=open&from=2026-01-01`),
  'portal-find-nothing': (page, staff) => page.goto(`${staff}/invoices?q=zzzz`),
  'portal-find-mistake': (page, staff) => page.goto(`${staff}/invoices?from=yesterday`),
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
  'portal-send-mistake': async (page, staff) => {
    await openSend(page, staff);
    await page.getByLabel('Recipient').fill('nobody');
    await page.keyboard.press('Enter');
    await page.getByText('It has no @.').waitFor();
  },
  'portal-email-pdf': (page, staff) => openFromMenu(page, staff, 'Email-PDF'),
  'portal-void': (page, staff) => openFromMenu(page, staff, 'Void'),
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
  'portal-invoice': async (page, staff) => {
    await page.goto(`${staff}/invoices?q=INV-1002`);
    await page.getByRole('link', { name: 'INV-1002' }).click();
    await page.getByRole('heading', { name: 'INV-1002' }).waitFor();
  },
};

async function openBranch(page, staff, tab) {
  await page.goto(`${staff}/branches`);
  await page.locator('tbody a').first().click();
  if (tab) await page.getByRole('link', { name: tab, exact: true }).click();
}

async function openCustomer(page, staff) {
  await page.goto(`${staff}/customers?q=Ada`);
  await page.getByRole('link', { name: 'Ada Byron' }).first().click();
  await page.getByRole('heading', { name: 'Texts' }).waitFor();
}

async function openSend(page, staff) {
  await page.goto(`${staff}/invoices?q=INV-1001`);
  await page.getByRole('button', { name: 'Email or Text…' }).click();
  await page.frameLocator('iframe').getByText('View and pay invoice').waitFor();
}

async function openFromMenu(page, staff, word) {
  await page.goto(`${staff}/invoices`);
  await page.keyboard.press('m');
  await page.getByRole('menuitem', { name: word }).click();
  await page.locator('[data-go]').waitFor();
}
