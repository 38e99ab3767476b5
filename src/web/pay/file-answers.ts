import { NotFoundException } from '@nestjs/common';
import type { Response } from 'express';
import { setPrivateHeaders } from './page-headers.js';

const LOGO = /^data:(image\/(?:png|jpeg));base64,([A-Za-z0-9+/=]+)$/;

/** A PDF to keep, under a name that says what it is. */
export function sendPdf(response: Response, file: { readonly filename: string; readonly content: Buffer }): void {
  setPrivateHeaders(response);
  response.attachment(file.filename).type('application/pdf').send(file.content);
}

/** A branch's logo out of its data URL: the pages' policy allows pictures from this service alone. */
export function sendLogo(response: Response, dataUrl: string | undefined): void {
  const match = LOGO.exec(dataUrl ?? '');
  if (!match) throw new NotFoundException();
  setPrivateHeaders(response);
  response.type(match[1]!).send(Buffer.from(match[2]!, 'base64'));
}
