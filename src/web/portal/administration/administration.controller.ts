import { Get } from '@nestjs/common';
import { PortalController } from '../portal-controller.js';
import { PortalRedirect } from '../portal-redirect.js';
import { PortalRoute } from '../portal-route.js';

/** The place in the rail leads to its first page. */
@PortalController('administration')
export class AdministrationController {
  @Get()
  @PortalRoute({ right: 'administer' })
  first(): never {
    throw new PortalRedirect('/staff/administration/users');
  }
}
