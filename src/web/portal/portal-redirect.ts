import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import { setPrivateHeaders } from '../pay/page-headers.js';

/** Ends a request by leading the browser elsewhere within the portal. */
export class PortalRedirect extends Error {
  override readonly name = 'PortalRedirect';
  /** @param path of this site; whatever came from outside in it has been checked */
  constructor(readonly path: string) {
    super('Elsewhere.');
  }
}

@Catch(PortalRedirect)
export class PortalRedirects implements ExceptionFilter<PortalRedirect> {
  catch({ path }: PortalRedirect, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    setPrivateHeaders(response);
    response.redirect(303, path);
  }
}
