import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { chromium, type Browser } from 'playwright-core';

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const projectFolder = fileURLToPath(new URL('../..', import.meta.url));
const namesOnPath = ['chromium', 'chromium-browser'];

/** Where a browser is, and what its process needs in its environment beside what this process has. */
interface BrowserBinary {
  readonly path: string;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Starts a headless Chromium: the one that `CHROMIUM_PATH` names, else the machine's own, else the one inside the npm
 * package `@sparticuz/chromium`, which needs nothing of the machine but a C library.
 *
 * `--no-sandbox` is the only switch that is given. The package's own default switches are not used: they turn the
 * same-origin policy and site isolation off, and a page that passes its tests that way proves nothing.
 */
export async function launchBrowser(): Promise<Browser> {
  const binary = await findBrowser();
  return chromium.launch({
    executablePath: binary.path,
    args: ['--no-sandbox'],
    env: { ...definedEnvironment(), ...binary.environment },
  });
}

async function findBrowser(): Promise<BrowserBinary> {
  const named = process.env['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') {
    if (!(await isExecutable(named))) throw new Error('CHROMIUM_PATH does not name a program that can be run.');
    return { path: named, environment: {} };
  }
  const installed = await findOnPath();
  return installed === undefined ? unpackedBrowser() : { path: installed, environment: {} };
}

async function findOnPath(): Promise<string | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter).filter((entry) => entry !== '')) {
    for (const name of namesOnPath) {
      const candidate = join(folder, name);
      if (await isExecutable(candidate)) return candidate;
    }
  }
  return undefined;
}

/**
 * Unpacks the browser of the npm package once for a version. Test files run in processes of their own, so several may
 * come here at once: each unpacks into a folder of its own and the first rename wins, so that none ever starts a
 * browser that another is still writing.
 */
async function unpackedBrowser(): Promise<BrowserBinary> {
  const folder = join(projectFolder, 'node_modules', '.cache', `chromium-${await packageVersion()}`);
  if (!(await isExecutable(join(folder, 'chromium')))) await unpackInto(folder);
  const environment: Record<string, string> = { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') };
  if (!(await exists('/etc/fonts/fonts.conf'))) environment['FONTCONFIG_FILE'] = join(folder, 'fonts.conf');
  return { path: join(folder, 'chromium'), environment };
}

async function unpackInto(folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const staging = await mkdtemp(`${folder}-`);
  try {
    await unpack(staging);
    // The configuration names the final folder, because that is where the fonts will be read from.
    await writeFile(join(staging, 'fonts.conf'), fontConfiguration(folder));
    await rename(staging, folder);
  } catch (error) {
    if (!(await isExecutable(join(folder, 'chromium')))) throw error;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/**
 * The package unpacks into the temporary folder, and adds the NSS libraries that a bare Debian lacks only where it
 * believes to run on AWS Lambda. Both are decided by environment variables, hence a process of its own.
 */
async function unpack(folder: string): Promise<void> {
  const bundle = pathToFileURL(require.resolve('@sparticuz/chromium')).href;
  const script = `const { default: bundled } = await import('${bundle}'); await bundled.executablePath();`;
  await run(process.execPath, ['--input-type=module', '--eval', script], {
    env: { ...definedEnvironment(), TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' },
  });
}

function fontConfiguration(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'fonts')}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(folder, 'fonts-cache')}</cachedir>
</fontconfig>
`;
}

async function packageVersion(): Promise<string> {
  const manifest = join(projectFolder, 'node_modules', '@sparticuz', 'chromium', 'package.json');
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  return version;
}

function definedEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
