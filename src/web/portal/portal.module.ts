import { Module, type Type } from '@nestjs/common';
import { BranchScope } from '../api/branch-scope.js';
import { ListPosition } from '../api/list-position.js';
import { PaymentExport } from '../api/payment-export.js';
import { StillSignedIn } from '../auth/still-signed-in.js';
import { LiveModule } from '../live/live.module.js';
import { LookModule } from '../look.module.js';
import { PageAnswers } from '../pay/page-answers.js';
import { PageFrames } from '../pay/page-frame.js';
import { StaffPreview } from '../pay/staff-preview.js';
import { WebhookAccess } from '../webhook-access.js';
import { AccountController } from './account/account.controller.js';
import { SecondFactorController } from './account/second-factor.controller.js';
import { AdministrationController } from './administration/administration.controller.js';
import { ApiKeysPageController } from './administration/api-keys/api-keys.controller.js';
import { Grants } from './administration/branch-choice.js';
import { FailedJobsController } from './administration/failed-jobs/failed-jobs.controller.js';
import { UsersController } from './administration/users/users.controller.js';
import { WebhookDeliveriesPageController } from './administration/webhook-endpoints/webhook-deliveries.controller.js';
import { WebhookEndpointsPageController } from './administration/webhook-endpoints/webhook-endpoints.controller.js';
import { WebhookForm } from './administration/webhook-endpoints/webhook-form.js';
import { BranchPages } from './branch-information/branch-pages.js';
import { BranchesPageController } from './branch-information/branches.controller.js';
import { BranchDetailsController } from './branch-information/details.controller.js';
import { CardProcessingController } from './branch-information/card-processing.controller.js';
import { CopySettingsController } from './branch-information/copy-settings.controller.js';
import { FeesPageController } from './branch-information/fees.controller.js';
import { LogoController } from './branch-information/logo.controller.js';
import { MessageChanges } from './branch-information/message-changes.js';
import { MessagePage } from './branch-information/message-page.js';
import { MessageTriesController } from './branch-information/message-tries.controller.js';
import { MessagesPageController } from './branch-information/messages.controller.js';
import { RemindersController } from './branch-information/reminders.controller.js';
import { SendersController } from './branch-information/senders.controller.js';
import { BulkPageController } from './bulk/bulk.controller.js';
import { CustomerPageController } from './customers/customer.controller.js';
import { CustomersPageController } from './customers/customers.controller.js';
import { SaveRecipientController } from './customers/save-recipient.controller.js';
import { FindInvoiceController } from './find-invoice/find-invoice.controller.js';
import { HomeController } from './home.controller.js';
import { ImportPageController } from './import/import.controller.js';
import { CustomerPreviewController } from './invoice-page/customer-preview.controller.js';
import { InvoicePageController } from './invoice-page/invoice-page.controller.js';
import { JobsPageController } from './jobs/jobs-page.controller.js';
import { PortalForms } from './portal-forms.js';
import { NowhereController } from './nowhere.controller.js';
import { PaymentHistoryController } from './payment-history/payment-history.controller.js';
import { PortalPages } from './portal-pages.js';
import { RecordPaymentController } from './record-payment/record-payment.controller.js';
import { ReversePaymentController } from './record-payment/reverse-payment.controller.js';
import { InvoiceActionsController } from './send/invoice-actions.controller.js';
import { SendController } from './send/send.controller.js';
import { SentWords } from './send/sent-words.js';
import { CodeController } from './sign-in/code.controller.js';
import { PasswordController } from './sign-in/password.controller.js';
import { ProviderController } from './sign-in/provider.controller.js';
import { SignInController } from './sign-in/sign-in.controller.js';
import { StaffBrowsers } from './sign-in/staff-browsers.js';
import { StaffNames } from './staff-names.js';

/** One line for each screen of the portal. */
const CONTROLLERS: readonly Type[] = [
  HomeController,
  FindInvoiceController,
  CustomersPageController,
  CustomerPageController,
  SaveRecipientController,
  SendController,
  InvoiceActionsController,
  InvoicePageController,
  CustomerPreviewController,
  BulkPageController,
  ImportPageController,
  JobsPageController,
  SignInController,
  PasswordController,
  CodeController,
  ProviderController,
  AccountController,
  SecondFactorController,
  AdministrationController,
  UsersController,
  ApiKeysPageController,
  WebhookEndpointsPageController,
  WebhookDeliveriesPageController,
  FailedJobsController,
  PaymentHistoryController,
  RecordPaymentController,
  ReversePaymentController,
  BranchesPageController,
  BranchDetailsController,
  LogoController,
  SendersController,
  RemindersController,
  CardProcessingController,
  CopySettingsController,
  FeesPageController,
  MessagesPageController,
  MessageTriesController,
  // The last, since it answers whatever is left.
  NowhereController,
];

/** What the screens share among each other. */
const SHARED: readonly Type[] = [
  PortalPages,
  PortalForms,
  SentWords,
  StaffNames,
  StillSignedIn,
  StaffPreview,
  PageAnswers,
  PageFrames,
  BranchScope,
  ListPosition,
  StaffBrowsers,
  Grants,
  WebhookAccess,
  WebhookForm,
  PaymentExport,
  BranchPages,
  MessageChanges,
  MessagePage,
];

/** What staff see. Needs the ports, the use cases and the queries of the read models from global modules. */
@Module({
  imports: [LiveModule, LookModule],
  controllers: [...CONTROLLERS],
  providers: [...SHARED],
  exports: [PortalPages],
})
export class PortalModule {}
