import { Get, Req } from '@nestjs/common';
import type { Request } from 'express';
import { staffOf } from '../auth/caller.js';
import { placesFor } from './navigation.js';
import { PortalController } from './portal-controller.js';
import { PortalRedirect } from './portal-redirect.js';
import { PortalRoute } from './portal-route.js';

/** Leads to the first place that somebody has a right to: for most that is *Find invoice*. */
@PortalController('')
export class HomeController {
  @Get()
  @PortalRoute({ right: 'own_account' })
  home(@Req() request: Request): never {
    const [first] = placesFor(staffOf(request).role, request.path, undefined);
    // Every role reads payments at least.
    throw new PortalRedirect(first!.href);
  }
}
