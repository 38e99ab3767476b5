import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

const projectFolder = fileURLToPath(new URL('..', import.meta.url));
const plantedFolder = join(projectFolder, 'test', 'support', 'planted');
const configurationPath = join(projectFolder, '.dependency-cruiser.cjs');
const program = join(projectFolder, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
const { forbidden } = createRequire(import.meta.url)(configurationPath) as { forbidden: { name: string }[] };
const ruleNames = forbidden.map((rule) => rule.name);

describe('the arrows between the rooms of src', () => {
  it('are kept by the source', async () => {
    const found = await violationsIn(projectFolder);
    expect(found.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
  }, 60_000);
});

describe('the rules that keep them', () => {
  let folder: string;
  let violations: readonly Violation[];
  const plantedFiles = new Map<string, readonly string[]>();

  // All plants are put into one tree beside this project's own package.json, and cruised once.
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'planted-'));
    for (const name of ['package.json', 'tsconfig.json']) await cp(join(projectFolder, name), join(folder, name));
    await symlink(join(projectFolder, 'node_modules'), join(folder, 'node_modules'));
    for (const plant of await readdir(plantedFolder)) {
      const source = join(plantedFolder, plant);
      plantedFiles.set(plant, await filesBelow(source));
      await cp(source, folder, { recursive: true, force: false, errorOnExist: true });
    }
    violations = await violationsIn(folder);
  }, 60_000);

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('have one planted violation each, and no plant is without a rule', () => {
    expect([...plantedFiles.keys()].sort()).toEqual([...ruleNames].sort());
  });

  it.each(ruleNames)('%s fires on its plant, once, and nothing else does', (rule) => {
    const files = plantedFiles.get(rule) ?? [];
    const fired = violations.filter((violation) => files.includes(violation.from));
    expect(fired.map((violation) => violation.rule.name)).toEqual([rule]);
  });
});

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

/** Runs the command line, so that what is tested is what `npm run check:architecture` runs. */
async function violationsIn(folder: string): Promise<readonly Violation[]> {
  const output = await new Promise<string>((resolve, reject) => {
    const options = { cwd: folder, maxBuffer: 256 * 1024 * 1024 };
    const args = [program, '--config', configurationPath, '--output-type', 'json', 'src'];
    execFile(process.execPath, args, options, (_error, stdout, stderr) => {
      // The exit code is the number of violations; only an empty answer means that the program itself failed.
      if (stdout === '') reject(new Error(`dependency-cruiser gave no answer: ${stderr}`));
      else resolve(stdout);
    });
  });
  const { summary } = JSON.parse(output) as { summary: { violations: readonly Violation[] } };
  return summary.violations;
}
