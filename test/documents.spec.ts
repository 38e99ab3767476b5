import { execFile } from 'node:child_process';
import { access, readFile, readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { settingsSchema } from '../src/infrastructure/config-schema.js';

const projectFolder = fileURLToPath(new URL('..', import.meta.url));
const settings = Object.keys(settingsSchema.shape);
const read = (path: string): Promise<string> => readFile(join(projectFolder, path), 'utf8');

describe('the documents', () => {
  it('link only to files that are there', async () => {
    const broken: string[] = [];
    for (const document of await documents()) {
      for (const [, target] of (await read(document)).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
        if (target === undefined || /^[a-z]+:/.test(target)) continue;
        const path = resolve(projectFolder, dirname(document), target);
        if (!(await isThere(path))) broken.push(`${document}: ${target}`);
      }
    }
    expect(broken).toEqual([]);
  });

  it('list every decision in the index of decisions', async () => {
    const index = await read('docs/adr/README.md');
    const files = (await readdir(join(projectFolder, 'docs/adr'))).filter((name) => /^\d{4}-/.test(name));
    expect(files.filter((name) => !index.includes(`](${name})`))).toEqual([]);
  });

  it('explain every setting', async () => {
    const operations = await read('docs/operations.md');
    expect(settings.filter((name) => !operations.includes(`\`${name}`))).toEqual([]);
  });

  it('name only npm scripts that exist', async () => {
    const { scripts } = JSON.parse(await read('package.json')) as { scripts: Record<string, string> };
    const unknown: string[] = [];
    for (const document of await documents()) {
      for (const [, name] of (await read(document)).matchAll(/npm run (?:-s )?([a-z:]+)/g)) {
        if (name !== undefined && scripts[name] === undefined) unknown.push(`${document}: ${name}`);
      }
    }
    expect(unknown).toEqual([]);
  });

  it('have each block of the tour in a form that bash can read', async () => {
    const blocks = [...(await read('README.md')).matchAll(/^```bash tour\n([\s\S]*?)^```$/gm)].map(
      ([, block]) => block,
    );
    expect(blocks.length).toBeGreaterThan(5);
    await promisify(execFile)('bash', ['-n', '-c', blocks.join('\n')]);
  });
});

describe('the files that run the product elsewhere', () => {
  it('test in CI by the very command that the README gives', async () => {
    const command = /install and test it\s*\|\s*`([^`]+)`/.exec(await read('README.md'))?.[1];
    expect(command).toBe('npm ci && npm test');
    expect(await read('.ci/run')).toContain(`(${command})`);
  });

  it('set in the compose file only variables that the service knows, and secrets by file', async () => {
    const service = /^ {2}service:\n([\s\S]*?)^ {2}\w+:\n/m.exec(await read('docker-compose.yml'))?.[1] ?? '';
    const environment = /^ {4}environment:\n((?: {6}.*\n)+)/m.exec(service)?.[1] ?? '';
    const variables = [...environment.matchAll(/^ {6}([A-Z_]+):/gm)].map(([, name]) => name ?? '');
    expect(variables.length).toBeGreaterThan(10);
    expect(variables.map((name) => name.replace(/_FILE$/, '')).filter((name) => !settings.includes(name))).toEqual([]);
    for (const secret of ['DATABASE_URL', 'STRIPE_SECRET_KEY', 'TWILIO_AUTH_TOKEN', 'ADMIN_API_KEY', 'MASTER_KEYS']) {
      expect(variables).toContain(`${secret}_FILE`);
    }
  });

  it('publish no port of the compose file beyond this machine', async () => {
    const published = [...(await read('docker-compose.yml')).matchAll(/^ {6}- '([^']*:\d+)'$/gm)].map(
      ([, port]) => port,
    );
    expect(published.length).toBeGreaterThan(3);
    expect(published.filter((port) => !port?.startsWith('127.0.0.1:'))).toEqual([]);
  });
});

async function documents(): Promise<string[]> {
  const below = await readdir(join(projectFolder, 'docs'), { recursive: true });
  const docs = below.filter((name) => name.endsWith('.md')).map((name) => join('docs', name));
  return ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...docs];
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
