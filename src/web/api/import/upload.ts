/** A file as it is sent: checked while it arrives, and handed on in pieces. */
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Upload } from '../../../application/import/accept-import.js';
import type { ImportFormat } from '../../../application/import/invoice-rows.js';
import { HttpProblem } from '../../http-problem.js';
import { readHeader } from './csv-columns.js';

const PIECE_BYTES = 256 * 1024;
const LONGEST_HEADER = 4_000;
const LINE_FEED = 0x0a;

/**
 * @param stream the file's bytes; it is left as it is where they are refused
 * @throws HttpProblem while it is read: for a file that is too large, empty, no UTF-8 or without the columns it needs
 */
export function uploadOf(stream: Readable, format: ImportFormat, maxBytes: number): Upload {
  const hash = createHash('sha256');
  let lines = 0;
  let endsInLine = false;
  return {
    chunks: pieces(
      checked(stream, format, maxBytes, hash, (bytes) => {
        for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) lines += 1;
        if (bytes.length > 0) endsInLine = bytes.at(-1) !== LINE_FEED;
      }),
    ),
    summary: () => ({ lines: lines + (endsInLine ? 1 : 0), digest: hash.digest('hex') }),
  };
}

async function* checked(
  stream: Readable,
  format: ImportFormat,
  maxBytes: number,
  hash: ReturnType<typeof createHash>,
  count: (bytes: Buffer) => void,
): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let size = 0;
  let head: string | undefined = '';
  // A stream that is destroyed takes the connection with it, and nobody would hear what was wrong.
  for await (const bytes of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += bytes.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    const text = decoded(() => decoder.decode(bytes, { stream: true }));
    if (head !== undefined) head = readStart(head + text, format);
    hash.update(bytes);
    count(bytes);
    yield bytes;
  }
  decoded(() => decoder.decode());
  if (size === 0) throw malformed('The file is empty.');
  if (head !== undefined) checkHeader(head, format);
}

export function tooLarge(maxBytes: number): HttpProblem {
  const detail = `The file is larger than ${Math.floor(maxBytes / 1_000_000)} MB. Split it into several.`;
  return new HttpProblem('payload_too_large', { detail });
}

function malformed(detail: string): HttpProblem {
  return new HttpProblem('malformed_request', { detail });
}

function decoded(decode: () => string): string {
  try {
    return decode();
  } catch {
    throw malformed('The file is not UTF-8. Save it as "CSV UTF-8".');
  }
}

/** Answers undefined once the first line has been looked at. */
function readStart(head: string, format: ImportFormat): string | undefined {
  const end = head.indexOf('\n');
  if (end < 0 && head.length <= LONGEST_HEADER) return head;
  checkHeader(end < 0 ? head : head.slice(0, end), format);
  return undefined;
}

function checkHeader(line: string, format: ImportFormat): void {
  if (format !== 'csv') return;
  const header = readHeader(line.slice(0, LONGEST_HEADER).replace(/\r$/, ''));
  if ('problems' in header) throw new HttpProblem('malformed_request', { errors: header.problems.slice(0, 20) });
}

/** Rows of the spool of about one size, however the network cut the file. */
async function* pieces(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    waiting.push(chunk);
    size += chunk.length;
    if (size < PIECE_BYTES) continue;
    yield Buffer.concat(waiting);
    waiting = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(waiting);
}
