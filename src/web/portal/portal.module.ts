import { Module, type Type } from '@nestjs/common';
import { LookModule } from '../look.module.js';
import { PortalPages } from './portal-pages.js';

/** One line for each screen of the portal. */
const CONTROLLERS: readonly Type[] = [];

/** What the screens share among each other. */
const SHARED: readonly Type[] = [PortalPages];

/** What staff see. Needs the ports, the use cases and the queries of the read models from global modules. */
@Module({ imports: [LookModule], controllers: [...CONTROLLERS], providers: [...SHARED], exports: [PortalPages] })
export class PortalModule {}
