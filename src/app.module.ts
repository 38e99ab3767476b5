/** The application as one Nest module: use cases, and what is shown of them. */
import { Module, type DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { APPLICATION_PROVIDERS } from './application/providers.js';
import type { Config } from './infrastructure/config.js';
import { EMBEDDED_LIMIT_FACTOR } from './ports.module.js';
import { ApiModule } from './web/api/api.module.js';
import { HealthModule } from './web/health/health.module.js';
import { DEFAULT_PAY_LIMITS } from './web/pay/pay-limits.js';
import { PayModule } from './web/pay/pay.module.js';
import { PortalModule } from './web/portal/portal.module.js';
import { WebhooksModule } from './web/webhooks/webhooks.module.js';

@Module({})
export class AppModule {
  /** @param outside the module that binds the ports, made for this process */
  static register(config: Config, outside: DynamicModule): DynamicModule {
    const factor = config.stripeEmbedded ? EMBEDDED_LIMIT_FACTOR : 1;
    const limits = {
      tokenMissesPerMinute: DEFAULT_PAY_LIMITS.tokenMissesPerMinute * factor,
      declinesPerHour: DEFAULT_PAY_LIMITS.declinesPerHour * factor,
      attemptsPerHour: DEFAULT_PAY_LIMITS.attemptsPerHour * factor,
    };
    return {
      module: AppModule,
      imports: [
        CqrsModule.forRoot(),
        outside,
        ApiModule,
        PayModule.register(limits),
        PortalModule,
        WebhooksModule,
        HealthModule,
      ],
      providers: [...APPLICATION_PROVIDERS],
    };
  }
}
