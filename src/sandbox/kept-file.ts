import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Reads a JSON file that is made once: whoever comes first writes what `make` answers, whole and flushed to the disk before
 * it has its name; everybody reads the same ever after.
 */
export async function keepJson<T>(file: string, make: () => Promise<T>): Promise<T> {
  const kept = await read<T>(file);
  if (kept !== undefined) return kept;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeOnce(file, `${JSON.stringify(await make(), null, 2)}\n`);
  const written = await read<T>(file);
  if (written === undefined) throw new Error(`${file} was removed while it was being made.`);
  return written;
}

/** Gives the text this name unless the name is taken; answers whether it was ours. Only the owner may read it. */
export async function writeOnce(file: string, text: string): Promise<boolean> {
  const draft = `${file}.${process.pid}.new`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function read<T>(file: string): Promise<T | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new Error(`${file} is damaged: it is not JSON.`);
  }
}
