import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';

const JAVASCRIPT = 'text/javascript; charset=utf-8';
const HTML = 'text/html; charset=utf-8';
const CSS = 'text/css; charset=utf-8';

/** What frames are made of, by path. */
const FILES: Readonly<Record<string, { file: string; type: string }>> = {
  '/endive/elements.html': { file: 'elements.html', type: HTML },
  '/endive/elements.js': { file: 'elements.js', type: JAVASCRIPT },
  '/endive/appearance.js': { file: 'appearance.js', type: JAVASCRIPT },
  '/endive/card-fields.js': { file: 'card-fields.js', type: JAVASCRIPT },
  '/endive/countries.js': { file: 'countries.js', type: JAVASCRIPT },
  '/endive/frame.css': { file: 'frame.css', type: CSS },
  '/endive/three-d-secure.html': { file: 'three-d-secure.html', type: HTML },
  '/endive/three-d-secure.js': { file: 'three-d-secure.js', type: JAVASCRIPT },
};

/**
 * What a pay page includes is one plain script, because `Stripe` has to be there as soon as it has run. Its parts are
 * modules, in the order of their imports; in one function they share what they declare and need no imports.
 */
const SCRIPT_PATH = '/endive/stripe.js';
const SCRIPT_PARTS = ['stripe-js/frame.js', 'stripe-js/payment-element.js', 'stripe-js/stripe.js'];

/** As they are written, and as the build leaves them: it moves comments to their lines. */
const IMPORT = /\bimport \{[^}]*\} from ['"][^'"]*['"];/g;
const EXPORT = /\bexport (?=(?:const|class) )/g;

/** Frames may run and fetch what is the stand-in's own, and nothing else. */
const FRAME_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'";

/** Sends one of the files. Answers false where the path names none. */
export async function sendBrowserFile(path: string, response: ServerResponse): Promise<boolean> {
  const entry = await entryAt(path);
  if (entry === undefined) return false;
  response.writeHead(200, {
    'content-type': entry.type,
    'content-security-policy': FRAME_POLICY,
    // The page that includes the script is of another origin, and may ask for it in CORS mode.
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'cache-control': 'no-cache',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  response.end(entry.content);
  return true;
}

async function entryAt(path: string): Promise<{ type: string; content: string } | undefined> {
  if (path === SCRIPT_PATH) {
    const parts = await Promise.all(SCRIPT_PARTS.map(read));
    const body = parts.map((part) => part.replaceAll(IMPORT, '').replaceAll(EXPORT, ''));
    return { type: JAVASCRIPT, content: `(() => {\n'use strict';\n${body.join('\n')}\n})();\n` };
  }
  const entry = Object.hasOwn(FILES, path) ? FILES[path] : undefined;
  return entry === undefined ? undefined : { type: entry.type, content: await read(entry.file) };
}

function read(file: string): Promise<string> {
  return readFile(new URL(`./browser/${file}`, import.meta.url), 'utf8');
}
