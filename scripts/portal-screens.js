import { invoicePages } from './portal-pages.js';
import {
  accountPages,
  pagesOfBeginners,
  pagesOfKeepers,
  pagesOfNobody,
  pagesOfReaders,
} from './portal-account-pages.js';
import { settingsPages } from './portal-settings-pages.js';
import { prepareWorld } from './portal-world.js';

/** No picture is longer: a list goes on as it begins. */
const LONGEST = 2_600;

/** By whom they are looked at: `admin` is the demo administrator, `nobody` a browser that is not signed in. */
const pages = [
  ...Object.entries({ ...invoicePages, ...settingsPages, ...accountPages }).map(([name, open]) => ({
    name,
    open,
    by: 'admin',
  })),
  ...Object.entries(pagesOfReaders).map(([name, open]) => ({ name, open, by: 'auditor' })),
  ...Object.entries(pagesOfBeginners).map(([name, open]) => ({ name, open, by: 'beginner' })),
  ...Object.entries(pagesOfKeepers).map(([name, open]) => ({ name, open, by: 'keeper' })),
  ...Object.entries(pagesOfNobody).map(([name, open]) => ({ name, open, by: 'nobody' })),
];

/**
 * Takes pictures of the portal's pages into `screens/`, as `screens.js` does of what customers see: on the service itself, with its
 * demo data and what `portal-world.js` adds to them.
 *
 * @param {{ support: (file: string) => Promise<any>, widths: readonly number[], heights: Record<number, number>, folder: string, wanted: string }} given
 * @returns {Promise<number>} how many pictures there are
 */
export async function takePortal({ support, wanted, ...given }) {
  const isWanted = (name) => name.includes(wanted);
  if (!pages.some(({ name }) => isWanted(name))) return 0;
  const { PortalBrowser } = await support('portal-browser');
  const portal = await PortalBrowser.start();
  try {
    const world = await prepareWorld(portal, support);
    return await takePages({ ...given, portal, world, isWanted });
  } finally {
    await portal.stop();
  }
}

/** The pictures of a portal that runs, whose world is prepared. */
async function takePages({ portal, world, widths, heights, folder, isWanted }) {
  const chosen = pages.filter(({ name }) => isWanted(name));
  let taken = 0;
  for (const width of widths) {
    const viewport = { width, height: heights[width] };
    for (const { name, open, by } of chosen) {
      const page = await portal.newPage({ viewport, colorScheme: 'light', ...stateOf(by, world) });
      try {
        await open(page, `${portal.origin}/staff`, world);
        await showWhole(page, viewport);
        // Opened once for both: what is light or dark of a page follows its browser at once.
        for (const colorScheme of ['light', 'dark']) {
          await page.emulateMedia({ colorScheme });
          await page.screenshot({ path: `${folder}/${name}-${width}-${colorScheme}.png` });
          taken += 1;
        }
      } catch (error) {
        // The others are looked at nevertheless; the whole has failed.
        console.error(`The page ${name} could not be looked at, ${width} px wide.`, error);
        process.exitCode = 1;
      }
      await page.context().close();
    }
  }
  return taken;
}

const NOBODY = { cookies: [], origins: [] };

/** In which state the browser of whoever looks at a page is now. */
function stateOf(by, world) {
  if (by === 'admin') return {};
  return { storageState: by === 'nobody' ? NOBODY : world[by].state };
}

/** The whole page, or the whole of the dialog that is open above it, in one view. */
async function showWhole(page, { width, height }) {
  await page.evaluate('document.fonts.ready');
  await page.waitForFunction("document.querySelector('[aria-busy=true]') === null");
  for (const frame of page.frames()) await frame.waitForLoadState();
  const tall = await page.evaluate(`(() => {
    const dialog = document.querySelector('dialog[open]');
    return dialog ? dialog.scrollHeight + 34 : document.documentElement.scrollHeight;
  })()`);
  await page.setViewportSize({ width, height: Math.min(LONGEST, Math.max(height, tall)) });
  await page.waitForTimeout(150);
}
