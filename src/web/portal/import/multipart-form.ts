/** Reads a form with one file: its fields first, then the file as it arrives. */
import { PassThrough, type Readable } from 'node:stream';
import busboy from 'busboy';
import type { Request } from 'express';
import { HttpProblem } from '../../http-problem.js';

const MAX_FIELDS = 10;
const MAX_FIELD_BYTES = 1_000;

export interface FormWithFile {
  /** The fields that stand before the file. */
  readonly fields: ReadonlyMap<string, string>;
  readonly file: Readable;
  readonly fileName: string;
}

/** @throws HttpProblem for a body that is no such form */
export function readForm(request: Request): Promise<FormWithFile> {
  return new Promise((resolve, reject) => {
    const fields = new Map<string, string>();
    const malformed = (): void =>
      reject(new HttpProblem('malformed_request', { detail: 'The form did not arrive whole. Try again.' }));
    let parser: busboy.Busboy;
    try {
      const limits = { files: 1, fields: MAX_FIELDS, fieldSize: MAX_FIELD_BYTES };
      parser = busboy({ headers: request.headers, limits, defParamCharset: 'utf8' });
    } catch {
      malformed();
      return;
    }
    parser.on('field', (name, value) => fields.set(name, value));
    parser.on('file', (_name, stream, { filename }) => {
      // A stream of our own: one that breaks off in the middle ends with an error, not in silence.
      const file = new PassThrough();
      stream.on('error', () => file.destroy(broken()));
      parser.on('error', () => file.destroy(broken()));
      request.on('close', () => {
        if (!request.complete) file.destroy(broken());
      });
      stream.pipe(file);
      resolve({ fields, file, fileName: filename ?? '' });
    });
    parser.on('error', malformed);
    // Without a file nothing has resolved yet.
    parser.on('close', malformed);
    request.pipe(parser);
  });
}

function broken(): HttpProblem {
  return new HttpProblem('malformed_request', { detail: 'The file did not arrive whole. Try again.' });
}
