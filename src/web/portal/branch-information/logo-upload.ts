/** Reads the form with a picture: at most two megabytes of it are ever held. */
import type { Request } from 'express';
import { readForm } from '../import/multipart-form.js';

export const MAX_LOGO_BYTES = 2_000_000;

export interface LogoUpload {
  readonly fields: ReadonlyMap<string, string>;
  /** Nothing where it was too large. */
  readonly file: Buffer | undefined;
}

/** @throws HttpProblem for a body that is no such form, or that broke off */
export async function readLogoUpload(request: Request): Promise<LogoUpload> {
  const { fields, file } = await readForm(request);
  const pieces: Buffer[] = [];
  let bytes = 0;
  // What is too much is read to its end and thrown away, so that the browser hears why.
  for await (const piece of file as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes <= MAX_LOGO_BYTES) pieces.push(piece);
    else pieces.length = 0;
  }
  return { fields, file: bytes > MAX_LOGO_BYTES ? undefined : Buffer.concat(pieces) };
}
