import { Get } from '@nestjs/common';
import { HttpProblem } from '../http-problem.js';
import { OpenPortalController } from './portal-controller.js';

/** Every address below `/staff` that no screen has: a page that leads back, where the API's form of a refusal would help nobody. */
@OpenPortalController('')
export class NowhereController {
  @Get('*path')
  nowhere(): never {
    throw new HttpProblem('route_not_found');
  }
}
