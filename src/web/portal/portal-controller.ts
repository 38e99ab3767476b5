import { Controller, UseFilters, UseGuards, UsePipes, applyDecorators } from '@nestjs/common';
import { SchemaPipe } from '../api/schema-pipe.js';
import { PortalGuard } from '../auth/portal-guard.js';
import { PortalErrors } from './portal-errors.js';
import { PortalRedirects } from './portal-redirect.js';

/** A controller below `/staff` whose every route needs somebody signed in, with the right that its {@link PortalRoute} declares. */
export function PortalController(path: string): ClassDecorator {
  // The filter that is named last is asked first.
  return applyDecorators(
    Controller(`staff/${path}`),
    UseGuards(PortalGuard),
    UsePipes(SchemaPipe),
    UseFilters(PortalErrors, PortalRedirects),
  );
}

/** A controller below `/staff` that is there for the signed-out too. */
export function OpenPortalController(path: string): ClassDecorator {
  return applyDecorators(Controller(`staff/${path}`), UseFilters(PortalErrors, PortalRedirects));
}
