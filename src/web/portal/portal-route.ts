import { SetMetadata } from '@nestjs/common';
import type { Right } from '../auth/rights.js';

/** What the guard of the portal goes by. */
export interface PortalRouteDescription {
  /** `own_account`: whoever is signed in, for what concerns nobody else. */
  readonly right: Right | 'own_account';
  /** Only with a second factor given within the last quarter of an hour. */
  readonly fresh?: true;
  /** A page asks by itself, and nobody did anything: that keeps no session alive. */
  readonly background?: true;
  /** The body is read by the route, which checks its `_csrf` itself by `assertCsrf`. */
  readonly multipart?: true;
}

const PORTAL_ROUTE = 'paylink:portal-route';

/** Says who may use a page of the portal. Without it nobody may. */
export function PortalRoute(description: PortalRouteDescription): MethodDecorator {
  return SetMetadata(PORTAL_ROUTE, description);
}

/** What {@link PortalRoute} said of a controller's method. */
export function portalRouteOf(handler: object): PortalRouteDescription | undefined {
  return Reflect.getMetadata(PORTAL_ROUTE, handler) as PortalRouteDescription | undefined;
}
