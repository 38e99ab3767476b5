import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from './config-schema.js';
import { ConfigurationError } from './config.js';
import type { Environment } from './config.js';

const newKey = (): string => randomBytes(32).toString('base64');

/** How each key that may be missing is made, and the file in `DATA_DIR/secrets` that keeps it. */
const MADE = {
  ADMIN_API_KEY: { file: 'admin-api-key', make: () => randomBytes(24).toString('base64url') },
  LINK_KEYS: { file: 'link-keys', make: () => `1:${newKey()}` },
  MASTER_KEYS: { file: 'master-keys', make: () => `1:${newKey()}` },
  SEAL_KEY: { file: 'seal-key', make: () => `1:${newKey()}` },
  CONTACT_KEY: { file: 'contact-key', make: newKey },
} as const;

/**
 * The keys that were not set, as variables: those kept in `DATA_DIR/secrets`, or new ones, kept there from now on. Only
 * for machines where stand-ins are welcome; elsewhere `parseEnvironment` has refused the start before.
 *
 * @throws ConfigurationError where the folder cannot be written
 */
export async function keepSecrets(settings: Settings): Promise<Environment> {
  const missing = Object.entries(MADE).filter(([name]) => settings[name as keyof typeof MADE] === undefined);
  if (missing.length === 0) return {};
  const folder = join(settings.DATA_DIR, 'secrets');
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const kept = await Promise.all(
      missing.map(async ([name, { file, make }]) => [name, await keepSecret(join(folder, file), make)] as const),
    );
    return Object.fromEntries(kept);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    throw new ConfigurationError(
      `The keys ${missing.map(([name]) => name).join(', ')} are not set and cannot be kept in DATA_DIR/secrets (${code}): ` +
        'set them, or make DATA_DIR writable.',
    );
  }
}

/**
 * A secret that is no setting, kept in `DATA_DIR/secrets` like those that are.
 *
 * @throws ConfigurationError where the folder cannot be written
 */
export async function keepLocalSecret(dataDir: string, file: string, bytes: number): Promise<string> {
  const folder = join(dataDir, 'secrets');
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return await keepSecret(join(folder, file), () => randomBytes(bytes).toString('base64url'));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    throw new ConfigurationError(`DATA_DIR/secrets cannot be written (${code}): make DATA_DIR writable.`);
  }
}

/**
 * Reads a secret or makes it, once: of several processes that start together one makes it and all read the same. It is on
 * the disk before it is used, since what is encrypted under a lost key is lost too.
 */
async function keepSecret(file: string, make: () => string): Promise<string> {
  const kept = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (kept !== undefined) {
    await chmod(file, 0o600);
    return kept.trim();
  }
  // Of its own name: two starts, in one process or two, must not write into one draft.
  const draft = `${file}.${randomBytes(6).toString('hex')}.new`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(`${make()}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  await syncFolder(join(file, '..'));
  return (await readFile(file, 'utf8')).trim();
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
