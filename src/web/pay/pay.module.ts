import { Module, type DynamicModule } from '@nestjs/common';
import { StaffBrowser } from '../auth/staff-browser.js';
import { LookModule } from '../look.module.js';
import { CustomerWishesController } from './customer-wishes.controller.js';
import { FrontController } from './front.controller.js';
import { LinkAccess } from './link-access.js';
import { PageAnswers } from './page-answers.js';
import { PageFrames } from './page-frame.js';
import { PayErrors } from './pay-errors.js';
import { PayLimits, type PayLimitSettings } from './pay-limits.js';
import { PayPageController } from './pay-page.controller.js';
import { PayPages } from './pay-pages.js';
import { PayRequests } from './pay-requests.js';
import { PaymentController } from './payment.controller.js';
import { ReceiptController } from './receipt.controller.js';
import { StaffPreview } from './staff-preview.js';

/**
 * What a customer sees. Needs from the rest of the application: `CommandBus` and `QueryBus` with the handlers of
 * `src/application/pay` and `GetInvoicePdf`, the sessions of staff, and the ports `LinkTokens`, `LinkLoads`, `PublicUrl`, `Clock` and
 * `Randomness`, all of them from global modules.
 */
@Module({})
export class PayModule {
  static register(limits: PayLimitSettings): DynamicModule {
    return {
      module: PayModule,
      imports: [LookModule],
      // The wishes come first: the page's controller answers every other address below /pay as unknown.
      controllers: [FrontController, CustomerWishesController, PayPageController, PaymentController, ReceiptController],
      providers: [
        PageFrames,
        PageAnswers,
        PayPages,
        StaffPreview,
        StaffBrowser,
        LinkAccess,
        PayErrors,
        PayRequests,
        { provide: PayLimits, useFactory: () => new PayLimits(limits) },
      ],
    };
  }
}
