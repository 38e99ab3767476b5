import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';

/** What a browser loads from the stand-in, by path: the script that a pay page includes, and what its frames are made of. */
const FILES: Readonly<Record<string, { file: string; type: string }>> = {
  '/endive/stripe.js': { file: 'stripe.js', type: 'text/javascript; charset=utf-8' },
  '/endive/elements.html': { file: 'elements.html', type: 'text/html; charset=utf-8' },
  '/endive/elements.js': { file: 'elements.js', type: 'text/javascript; charset=utf-8' },
  '/endive/card-fields.js': { file: 'card-fields.js', type: 'text/javascript; charset=utf-8' },
  '/endive/frame.css': { file: 'frame.css', type: 'text/css; charset=utf-8' },
  '/endive/three-d-secure.html': { file: 'three-d-secure.html', type: 'text/html; charset=utf-8' },
  '/endive/three-d-secure.js': { file: 'three-d-secure.js', type: 'text/javascript; charset=utf-8' },
};

/** Frames may run and fetch what is the stand-in's own, and nothing else. */
const FRAME_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'";

/** Sends one of the files. Answers false where the path names none. */
export async function sendBrowserFile(path: string, response: ServerResponse): Promise<boolean> {
  const entry = Object.hasOwn(FILES, path) ? FILES[path] : undefined;
  if (entry === undefined) return false;
  const content = await readFile(new URL(`./browser/${entry.file}`, import.meta.url));
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
  response.end(content);
  return true;
}
