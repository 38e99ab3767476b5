import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import type { LightAndDark } from './accent.js';

const FOLDER = new URL('./assets/', import.meta.url);
const require = createRequire(import.meta.url);

/** A stylesheet is one file for the browser; earlier layers come first. Customers do not load what only staff see. */
const STYLESHEET = 'site.css';
const SHARED_STYLES = ['tokens.css', 'base.css', 'components.css'];
const STYLES = [...SHARED_STYLES, 'pages.css', 'payment.css'];
const PORTAL_STYLESHEET = 'staff.css';
const PORTAL_STYLES = [
  ...SHARED_STYLES,
  ...readdirSync(FOLDER)
    .filter((name) => /^portal.*\.css$/.test(name))
    .sort(),
];
const LAYER_ORDER = '@layer reset, tokens, base, components, pages;\n';

/** Two slices of Inter; a browser fetches the second only for letters that the first lacks. */
const FONTS: Readonly<Record<string, string>> = {
  'inter-latin.woff2': '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
  'inter-latin-ext.woff2': '@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2',
};

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

export interface Asset {
  readonly contentType: string;
  readonly content: Buffer;
  /** Absent where compression would gain nothing. */
  readonly brotli: Buffer | undefined;
}

/**
 * Stylesheet, scripts and fonts, read once at the start. Their address carries a hash over all of them, so that one script may
 * import another by a relative path, and a browser may keep each for ever.
 */
@Injectable()
export class AssetStore {
  /** Part of every address: changes whenever any asset does. */
  readonly version: string;
  private readonly assets = new Map<string, Asset>();

  constructor() {
    this.keep(STYLESHEET, joined(STYLES));
    this.keep(PORTAL_STYLESHEET, joined(PORTAL_STYLES));
    for (const name of readdirSync(FOLDER)) {
      if (extname(name) === '.js' || extname(name) === '.svg') this.keep(name, readFileSync(new URL(name, FOLDER)));
    }
    for (const [name, path] of Object.entries(FONTS)) this.keep(name, readFileSync(require.resolve(path)));
    const hash = createHash('sha256');
    for (const [name, { content }] of this.assets) hash.update(name).update(content);
    this.version = hash.digest('hex').slice(0, 12);
  }

  /** The address of an asset of this build, from the root of the site. */
  path(name: string): string {
    if (!this.assets.has(name)) throw new Error(`There is no asset ${name}`);
    return `/assets/${this.version}/${name}`;
  }

  /** A colour of the stylesheet in both modes. */
  colour(token: string): LightAndDark {
    const css = this.assets.get(STYLESHEET)?.content.toString('utf8') ?? '';
    const found = new RegExp(`--${token}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\);`).exec(css);
    if (!found) throw new Error(`tokens.css has no colour --${token}`);
    return { light: found[1]!, dark: found[2]! };
  }

  find(name: string): Asset | undefined {
    return this.assets.get(name);
  }

  private keep(name: string, content: Buffer): void {
    const contentType = CONTENT_TYPES[extname(name)];
    if (contentType === undefined) throw new Error(`The type of the asset ${name} is not known`);
    const compressible = contentType.startsWith('text/') || contentType.startsWith('image/svg');
    const brotli = compressible
      ? brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })
      : undefined;
    this.assets.set(name, { contentType, content, brotli });
  }
}

function joined(styles: readonly string[]): Buffer {
  return Buffer.from(LAYER_ORDER + styles.map((name) => readFileSync(new URL(name, FOLDER), 'utf8')).join('\n'));
}
