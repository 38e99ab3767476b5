import { HttpCode, SetMetadata, applyDecorators } from '@nestjs/common';
import type { z } from 'zod';
import type { Right } from '../auth/rights.js';

/** What stands in the API's document about a route, and what its guard goes by. */
export interface RouteDescription {
  readonly summary: string;
  readonly description?: string;
  /** Without it nobody could call the route. */
  readonly right: Right;
  readonly status: 200 | 201 | 202 | 204;
  /** The body of the answer, by media type; absent where there is none. */
  readonly answer?: z.ZodType | { readonly [mediaType: string]: z.ZodType | 'binary' | 'text' };
  /** What is sent, where it is not JSON: the media types of the body. */
  readonly takes?: readonly string[];
  /** Which headers the answer carries. */
  readonly carries?: readonly ('ETag' | 'Ledger-Position' | 'Location')[];
  /** Refusals beside 400, 401, 403, 429, 500 and 503, which every route knows. */
  readonly refusals?: readonly (404 | 406 | 409 | 412 | 415 | 422)[];
}

const ROUTE = 'paylink:route';

/** Describes a route of the API. The status is also the one that Nest answers. */
export function Route(description: RouteDescription): MethodDecorator {
  return applyDecorators(SetMetadata(ROUTE, description), HttpCode(description.status));
}

/** What {@link Route} said of a controller's method. */
export function routeOf(handler: object): RouteDescription | undefined {
  return Reflect.getMetadata(ROUTE, handler) as RouteDescription | undefined;
}
