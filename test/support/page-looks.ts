/** How pages are looked at: on a telephone and on a desk, light and dark, with nothing for axe to find. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from '@jest/globals';
import type { BrowserContextOptions, Page } from 'playwright-core';

/** Options of a browser in which a page is looked at. */
export interface Look extends BrowserContextOptions {
  readonly viewport: { readonly width: number; readonly height: number };
  readonly colorScheme: 'light' | 'dark';
}

const PHONE = { width: 360, height: 740 };
const DESK = { width: 1280, height: 860 };

const PHONE_LIGHT = ['a telephone, light', { viewport: PHONE, colorScheme: 'light' }] as const;
const PHONE_DARK = ['a telephone, dark', { viewport: PHONE, colorScheme: 'dark' }] as const;
const DESK_LIGHT = ['a desk, light', { viewport: DESK, colorScheme: 'light' }] as const;
const DESK_DARK = ['a desk, dark', { viewport: DESK, colorScheme: 'dark' }] as const;

export const LOOKS: readonly (readonly [string, Look])[] = [PHONE_LIGHT, PHONE_DARK, DESK_LIGHT, DESK_DARK];
/** For long ways through many pages: each device and each scheme once. */
export const TWO_LOOKS: readonly (readonly [string, Look])[] = [DESK_LIGHT, PHONE_DARK];
export const OTHER_TWO_LOOKS: readonly (readonly [string, Look])[] = [DESK_DARK, PHONE_LIGHT];

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds on the page, in short. */
export async function axeFindings(page: Page): Promise<unknown> {
  await page.evaluate(AXE);
  return page.evaluate(
    `axe.run(document, { iframes: false }).then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))`,
  );
}

/** Nothing for axe to find, nothing wider than the screen; a picture of the page where `SCREENS` names a folder for it. */
export async function assertSound(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENS'];
  if (folder !== undefined) {
    const scheme = await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'");
    const path = `${folder}/${name}-${page.viewportSize()!.width}-${String(scheme)}.png`;
    await page.screenshot({ path, fullPage: true });
  }
  const tooWideBy = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
  expect({ name, axe: await axeFindings(page), tooWideBy }).toEqual({ name, axe: [], tooWideBy: 0 });
}
