import type { INestApplication } from '@nestjs/common';
import { SwaggerModule } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';
import { API_CONTROLLERS } from './api.module.js';
import { openApiDocument } from './openapi.js';

/** The reader brings its own scripts and files, writes styles into its elements, and asks the API of this server alone. */
const READER_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "form-action 'none'",
  "base-uri 'none'",
].join('; ');

/**
 * Serves the API's document at `/api/openapi.json` and a reader for it at `/api/docs`, whose files come from this server.
 * Call it before the application listens.
 *
 * @param publicUrl where the API is reached
 */
export function serveApiDocs(app: INestApplication, publicUrl: string): void {
  // Of the same form; Nest's own type knows OpenAPI 3.0 only.
  const document = openApiDocument(API_CONTROLLERS, publicUrl) as unknown as OpenAPIObject;
  app.use('/api/docs', (_request: Request, response: Response, next: NextFunction) => {
    response.setHeader('Content-Security-Policy', READER_POLICY);
    next();
  });
  SwaggerModule.setup('api/docs', app, document, {
    jsonDocumentUrl: 'api/openapi.json',
    raw: ['json'],
    customSiteTitle: 'Paylink Ledger API',
    swaggerOptions: { persistAuthorization: false, displayRequestDuration: true },
  });
}
