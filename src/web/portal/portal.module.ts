import { Module, type Type } from '@nestjs/common';
import { LookModule } from '../look.module.js';
import { PortalPages } from './portal-pages.js';
import { SignInController } from './sign-in/sign-in.controller.js';
import { StaffBrowsers } from './sign-in/staff-browsers.js';

/** One line for each screen of the portal. */
const CONTROLLERS: readonly Type[] = [SignInController];

/** What the screens share among each other. */
const SHARED: readonly Type[] = [PortalPages, StaffBrowsers];

/** What staff see. Needs the ports, the use cases and the queries of the read models from global modules. */
@Module({ imports: [LookModule], controllers: [...CONTROLLERS], providers: [...SHARED], exports: [PortalPages] })
export class PortalModule {}
