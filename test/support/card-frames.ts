/** The card form and the bank's step, which are in frames of the processor's. */
import type { Page } from 'playwright-core';
import { eventually } from './service.js';

export async function payWith(page: Page, number: string): Promise<void> {
  const frame = await frameWith(page, 'Card number', 'textbox');
  await frame.getByLabel('Card number').fill(number);
  await frame.getByLabel('Expiration date').fill('12 / 30');
  await frame.getByLabel('Security code').fill('123');
  const zip = frame.getByLabel(/ZIP/);
  if ((await zip.count()) > 0) await zip.fill('77002');
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
}

export async function bankButton(page: Page, name: 'Complete' | 'Fail'): Promise<void> {
  const frame = await frameWith(page, name);
  await frame.getByRole('button', { name }).click();
}

/** The frame of the processor that shows a control of this name. */
export async function frameWith(page: Page, name: string, role: 'button' | 'textbox' = 'button') {
  return eventually(async () => {
    for (const frame of page.frames()) {
      if (frame === page.mainFrame()) continue;
      const control = frame.getByRole(role, { name }).first();
      if (await control.isVisible().catch(() => false)) return frame;
    }
    return undefined;
  }, `a frame with ${name}`);
}
