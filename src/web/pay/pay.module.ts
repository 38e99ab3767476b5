import { Module, type DynamicModule } from '@nestjs/common';
import { LookModule } from '../look.module.js';
import { LinkAccess } from './link-access.js';
import { PageAnswers } from './page-answers.js';
import { PageFrames } from './page-frame.js';
import { PayErrors } from './pay-errors.js';
import { PayLimits, type PayLimitSettings } from './pay-limits.js';
import { PayPageController } from './pay-page.controller.js';
import { PayRequests } from './pay-requests.js';
import { PaymentController } from './payment.controller.js';
import { ReceiptController } from './receipt.controller.js';

/**
 * What a customer sees. Needs from the rest of the application: `CommandBus` and `QueryBus` with the handlers of
 * `src/application/pay` and `GetInvoicePdf`, and the ports `LinkTokens`, `LinkLoads`, `PublicUrl`, `Clock` and `Randomness`, all
 * of them from global modules.
 */
@Module({})
export class PayModule {
  static register(limits: PayLimitSettings): DynamicModule {
    return {
      module: PayModule,
      imports: [LookModule],
      controllers: [PayPageController, PaymentController, ReceiptController],
      providers: [
        PageFrames,
        PageAnswers,
        LinkAccess,
        PayErrors,
        PayRequests,
        { provide: PayLimits, useFactory: () => new PayLimits(limits) },
      ],
    };
  }
}
