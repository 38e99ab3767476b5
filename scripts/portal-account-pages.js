import { beginFactor, openFresh, setUpFactor, takeFactorAway } from './portal-people.js';

/** One's own account, as it is before a second factor. */
export const accountPages = {
  'portal-account': (page, staff) => page.goto(`${staff}/account`),
  'portal-account-mistake': async (page, staff) => {
    await page.goto(`${staff}/account`);
    await page.getByLabel('Present password').fill('not the password');
    for (const word of ['New password', 'The same again'])
      await page.getByLabel(word).fill('trombone lampshade kettle');
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByRole('alert').waitFor();
  },
  'portal-second-factor': (page, staff) => page.goto(`${staff}/account/second-factor`),
};

/** Who may do little, or whose second factor is on. */
export const pagesOfReaders = {
  'portal-refused': (page, staff) => page.goto(`${staff}/administration/users`),
  'portal-payments-reader': (page, staff) => page.goto(`${staff}/payments`),
  'portal-second-factor-mistake': async (page, staff, { auditor }) => {
    await takeFactorAway(page, staff, auditor);
    await page.goto(`${staff}/account/second-factor`);
    await page.getByLabel('Present password').fill('not the password');
    await page.getByRole('button', { name: 'Show the key' }).click();
    await page.getByRole('alert').waitFor();
  },
  'portal-second-factor-key': async (page, staff, { auditor }) => {
    await takeFactorAway(page, staff, auditor);
    await beginFactor(page, staff, auditor);
  },
  'portal-second-factor-wrong': async (page, staff, { auditor }) => {
    await takeFactorAway(page, staff, auditor);
    await beginFactor(page, staff, auditor);
    await page.getByLabel('Code').fill('000000');
    await page.getByRole('button', { name: 'Turn it on' }).click();
    await page.getByRole('alert').waitFor();
  },
  'portal-recovery-codes': async (page, staff, { auditor }) => {
    await takeFactorAway(page, staff, auditor);
    await setUpFactor(page, staff, auditor);
  },
  'portal-account-with-factor': (page, staff) => page.goto(`${staff}/account`),
};

/** Whose one branch has nothing yet. */
export const pagesOfBeginners = {
  'portal-find-blank': (page, staff) => page.goto(`${staff}/invoices`),
  'portal-payments-blank': (page, staff) => page.goto(`${staff}/payments`),
  'portal-customers-blank': (page, staff) => page.goto(`${staff}/customers`),
  'portal-jobs-blank': (page, staff) => page.goto(`${staff}/jobs`),
};

/** Who makes keys: their second factor is on, and they have just used it. */
export const pagesOfKeepers = {
  'portal-confirm': (page, staff) => page.goto(`${staff}/confirm?next=/staff/administration/api-keys`),
  'portal-confirm-mistake': async (page, staff) => {
    await page.goto(`${staff}/confirm?next=/staff/administration/api-keys`);
    await page.getByLabel('Code').fill('000000');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('alert').waitFor();
  },
  'portal-keys': (page, staff, { keeper }) => openFresh(page, `${staff}/administration/api-keys`, keeper),
  'portal-key-new': (page, staff, { keeper }) => openFresh(page, `${staff}/administration/api-keys/new`, keeper),
  'portal-key-shown': async (page, staff, { keeper }) => {
    await openFresh(page, `${staff}/administration/api-keys/new`, keeper);
    await page.getByLabel('Name').fill('Bookkeeping of the whole company, every branch');
    await page.locator('[name=role]').first().check();
    await page.getByRole('button', { name: 'Make the key' }).click();
    await page.getByLabel('API key').waitFor();
  },
};

/** Before somebody is signed in; and what others are shown: who reads the inbox, who holds a link that was revoked. */
export const pagesOfNobody = {
  'portal-sign-in': (page, staff) => page.goto(`${staff}/sign-in`),
  'portal-sign-in-refused': async (page, staff) => {
    await page.goto(`${staff}/sign-in`);
    await signIn(page, `nobody.${Math.random()}@example.com`);
    await page.getByRole('alert').waitFor();
  },
  'portal-forgotten': (page, staff) => page.goto(`${staff}/forgotten-password`),
  'portal-forgotten-sent': async (page, staff) => {
    await page.goto(`${staff}/forgotten-password`);
    await page.getByLabel('Email address').fill(`nobody.${Math.random()}@example.com`);
    await page.getByRole('button', { name: 'Send the link' }).click();
    await page.getByRole('heading', { name: 'Forgotten password' }).waitFor({ state: 'detached' });
  },
  'portal-welcome': (page, _staff, { invitation }) => page.goto(invitation),
  'portal-password-mistake': async (page, _staff, { invitation }) => {
    await page.goto(invitation);
    await page.getByLabel('New password').fill('trombone lampshade kettle');
    await page.getByLabel('The same again').fill('trombone lampshade cattle');
    await page.getByRole('button', { name: 'Keep this password' }).click();
    await page.getByRole('alert').waitFor();
  },
  'portal-password-over': (page, _staff, { invitation }) => page.goto(invitation.replace(/.{6}$/, 'AAAAAA')),
  'portal-code': async (page, staff, { keeper }) => {
    await page.goto(`${staff}/sign-in`);
    await signIn(page, keeper.email, keeper.password);
    await page.getByRole('heading', { name: 'One more step' }).waitFor();
  },
  inbox: (page, _staff, { service }) => page.goto(service.inbox),
  'inbox-email': async (page, _staff, { service }) => {
    await page.goto(`${service.inbox}/?to=story@catering.example.com`);
    await page.locator('a[href^="/inbox/"]').first().click();
    await page.waitForURL(/inbox/);
  },
  'inbox-text': async (page, _staff, { service }) => {
    await page.goto(`${service.inbox}/?to=${encodeURIComponent('+12125550156')}`);
    await page.locator('a[href^="/inbox/"]').first().click();
    await page.waitForURL(/inbox/);
  },
  front: (page, _staff, { origin }) => page.goto(origin),
  'nowhere-signed-out': (page, staff) => page.goto(`${staff}/nowhere`),
  'link-revoked': (page, _staff, { revoked }) => page.goto(revoked),
};

async function signIn(page, email, password = 'not the password') {
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}
