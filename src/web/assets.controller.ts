import { Controller, Get, NotFoundException, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { AssetStore } from './asset-store.js';

/** Serves stylesheet, scripts and fonts of the pages. Public, the same for everybody, without cookies. */
@Controller('assets')
export class AssetsController {
  constructor(private readonly assets: AssetStore) {}

  /**
   * An address of this build may be kept for ever. One of another build (a page that was open over an upgrade) gets the file
   * of this one, and must not keep it.
   */
  @Get(':version/:name')
  serve(
    @Param('version') version: string,
    @Param('name') name: string,
    @Req() request: Request,
    @Res() response: Response,
  ): void {
    const asset = this.assets.find(name);
    if (!asset) throw new NotFoundException('There is no such file.');
    response.set({
      'Content-Type': asset.contentType,
      'Cache-Control': version === this.assets.version ? 'public, max-age=31536000, immutable' : 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Resource-Policy': 'same-origin',
    });
    if (!asset.brotli) {
      response.end(asset.content);
      return;
    }
    response.vary('Accept-Encoding');
    if (request.acceptsEncodings('br') === 'br') {
      response.set('Content-Encoding', 'br').end(asset.brotli);
    } else {
      response.end(asset.content);
    }
  }
}
