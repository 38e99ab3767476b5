/** Who is signed in to the portal while it is looked at: invited, with a password, some with a second factor. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Secret, TOTP } from 'otpauth';

const PASSWORD = 'trombone lampshade kettle';

/** Asks again until there is an answer. */
export async function eventually(find, limitMs = 30_000) {
  for (const deadline = Date.now() + limitMs; ;) {
    const found = await find();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${find}`);
    await sleep(200);
  }
}

/** What the stand-ins took for an address or a number. */
export const messagesTo = async (service, to) =>
  (await fetch(`${service.inbox}/messages?to=${encodeURIComponent(to)}`)).json();

/** Invites somebody. Answers the address at which they choose their password. */
export async function invite(portal, service, { name, email, role, branchId }) {
  const page = await portal.newPage();
  await page.goto(`${portal.origin}/staff/administration/users/invite`);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Email address').fill(email);
  await page.locator(`[name=role][value=${role}]`).check();
  if (branchId) {
    await page.locator('[name=scope][value=some]').check();
    await page.locator(`[name=branchId][value='${branchId}']`).check();
  }
  await page.getByRole('button', { name: 'Send the invitation' }).click();
  await page.getByRole('status').first().waitFor();
  await page.context().close();
  const mails = await eventually(async () => {
    const found = await messagesTo(service, email);
    return found.length > 0 && found;
  });
  return /http:\S+\/staff\/password\/\S+/.exec(mails[0].text)[0];
}

/** Somebody who has chosen their password, and the state of a browser in which they are signed in. */
export async function member(portal, service, who) {
  const address = await invite(portal, service, who);
  return signedIn(portal, { ...who, password: PASSWORD, state: { cookies: [], origins: [] } }, async (page) => {
    await page.goto(address);
    await page.getByLabel('New password').fill(PASSWORD);
    await page.getByLabel('The same again').fill(PASSWORD);
    await page.getByRole('button', { name: 'Keep this password' }).click();
    await page.waitForURL((url) => !url.pathname.includes('password'));
  });
}

/** Does something as this member, whose state becomes the browser's afterwards. */
export async function signedIn(portal, who, act) {
  const page = await portal.newPage({ storageState: who.state });
  await act(page);
  who.state = await page.context().storageState();
  await page.context().close();
  return who;
}

/** Turns on the second factor of who is signed in, and keeps the recovery codes that the page then shows. */
export async function setUpFactor(page, staff, who) {
  await beginFactor(page, staff, who);
  const secret = (await page.locator('.secret').textContent()).replaceAll(' ', '');
  await page.getByLabel('Code').fill(new TOTP({ secret: Secret.fromBase32(secret) }).generate());
  await page.getByRole('button', { name: 'Turn it on' }).click();
  await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor();
  who.codes = await page.locator('.recovery-codes .secret').allTextContents();
}

/** Shows who is signed in the key of a second factor that is not yet in force. */
export async function beginFactor(page, staff, { password }) {
  await page.goto(`${staff}/account/second-factor`);
  await page.getByLabel('Present password').fill(password);
  await page.getByRole('button', { name: 'Show the key' }).click();
  await page.locator('.secret').waitFor();
}

/** Opens a page for whoever proved their second factor too long ago, too. */
export async function openFresh(page, address, who) {
  await page.goto(address);
  if (!(await proveAnew(page, who))) return;
  who.state = await page.context().storageState();
  await page.goto(address);
}

/** Gives a recovery code where the second factor is asked for. Answers whether it was. */
async function proveAnew(page, who) {
  if (!(await page.getByRole('heading', { name: 'Is it you?' }).isVisible())) return false;
  await page.getByLabel('Code').fill(who.codes.pop());
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('heading', { name: 'Is it you?' }).waitFor({ state: 'detached' });
  return true;
}

/** Takes the second factor away again; who proved it too long ago is asked for it first. */
export async function takeFactorAway(page, staff, who) {
  const remove = page.getByRole('button', { name: 'Take it away' });
  await page.goto(`${staff}/account`);
  if (!(await remove.isVisible())) return;
  await remove.click();
  if (await proveAnew(page, who)) {
    await page.goto(`${staff}/account`);
    await remove.click();
  }
  await page.getByText('The second factor was taken away').waitFor();
}
