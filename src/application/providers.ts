/** Everything that can be asked for: handlers, jobs and what they share. The ports are bound by the module that wires. */
import type { Type } from '@nestjs/common';
import { CreateApiKeyHandler } from './administration/create-api-key.js';
import { NoteExportHandler } from './administration/note-export.js';
import { RevokeApiKeyHandler } from './administration/revoke-api-key.js';
import { CopySettingsHandler, PreviewCopyHandler } from './branch/copy-settings.js';
import { CustomizeMessageHandler } from './branch/customize-message.js';
import { GetBranchHandler } from './branch/get-branch.js';
import { GetMessageHistoryHandler } from './branch/get-message-history.js';
import { GetPartChangeHandler } from './branch/get-part-change.js';
import { MessageSamples } from './branch/message-samples.js';
import { PreviewFeeHandler } from './branch/preview-fee.js';
import { PreviewMessageHandler } from './branch/preview-message.js';
import { RegisterBranchHandler } from './branch/register-branch.js';
import { ResetMessageHandler } from './branch/reset-message.js';
import { SendTestMessageHandler } from './branch/send-test-message.js';
import { SetFeePolicyHandler } from './branch/set-fee-policy.js';
import { SetLogoHandler } from './branch/set-logo.js';
import { SetRemindersHandler } from './branch/set-reminders.js';
import { SetUpCardProcessingHandler } from './branch/set-up-card-processing.js';
import { TestCardProcessingHandler } from './branch/test-card-processing.js';
import { UpdateBranchHandler } from './branch/update-branch.js';
import { BulkAllowance } from './bulk/bulk-allowance.js';
import { BulkSelection } from './bulk/bulk-selection.js';
import { IssueBulkLinks } from './bulk/issue-bulk-links.js';
import { PreviewBulkLinksHandler } from './bulk/preview-bulk-links.js';
import { RequestBulkLinksHandler } from './bulk/request-bulk-links.js';
import { Contacts } from './contact/contacts.js';
import { OptOutContactHandler } from './contact/opt-out-contact.js';
import { Customers } from './customer/customers.js';
import { GetCustomerHandler } from './customer/get-customer.js';
import { UpdateCustomerHandler } from './customer/update-customer.js';
import { SharedLinkMessages } from './bulk/shared-link-messages.js';
import { ListDeadJobsHandler } from './dead-letters/list-dead-jobs.js';
import { RedriveDeadJobsHandler } from './dead-letters/redrive-dead-jobs.js';
import { EventCodec } from './event-codec.js';
import { Execute } from './execute.js';
import { AcceptImportHandler } from './import/accept-import.js';
import { ImportInvoices } from './import/import-invoices.js';
import { GetInvoiceEventsHandler } from './invoice/get-invoice-events.js';
import { GetInvoiceHandler } from './invoice/get-invoice.js';
import { GetInvoicePdfHandler } from './invoice/get-invoice-pdf.js';
import { GetInvoiceTimelineHandler } from './invoice/get-invoice-timeline.js';
import { GetLinksHandler } from './invoice/get-links.js';
import { LinkMessages } from './invoice/link-messages.js';
import { PreviewLinkHandler } from './invoice/preview-link.js';
import { RegisterInvoiceHandler } from './invoice/register-invoice.js';
import { GetQuietHoldHandler } from './invoice/get-quiet-hold.js';
import { GetSendWarningsHandler } from './invoice/get-send-warnings.js';
import { RevokeLinkHandler } from './invoice/revoke-link.js';
import { SendInvoicePdfHandler } from './invoice/send-invoice-pdf.js';
import { SendLinkHandler } from './invoice/send-link.js';
import { SendingChecks } from './invoice/sending-checks.js';
import { RecordPaymentHandler } from './invoice/record-payment.js';
import { ReverseRecordedPaymentHandler } from './invoice/reverse-recorded-payment.js';
import { ReviseInvoiceHandler } from './invoice/revise-invoice.js';
import { VoidInvoiceHandler } from './invoice/void-invoice.js';
import { MailStaffLinkJob } from './jobs/mail-staff-link.js';
import { MessageDelivery } from './jobs/message-delivery.js';
import { EmailReceiptJob } from './jobs/email-receipt.js';
import { IssueReceiptJob } from './jobs/issue-receipt.js';
import { MailInvoicePdfJob } from './jobs/mail-invoice-pdf.js';
import { DeliverWebhookJob } from './jobs/deliver-webhook.js';
import { SendLinkJob } from './jobs/send-link.js';
import { SendReceiptJob } from './jobs/send-receipt.js';
import { SendTestMessageJob } from './jobs/send-test-message.js';
import { SettlePaymentJob } from './jobs/settle-payment.js';
import { Remind } from './jobs/remind.js';
import { Sweep } from './jobs/sweep.js';
import { TellBranchJob } from './jobs/tell-branch.js';
import { TakeTextNoticeJob } from './jobs/take-text-notice.js';
import { LinkUrls } from './link-urls.js';
import { MessageCaps } from './messages/message-caps.js';
import { ReceiveTextNoticeHandler } from './texts/receive-text-notice.js';
import { TextNoticeWork } from './texts/text-notice-work.js';
import { CancelJobHandler } from './long-jobs/cancel-job.js';
import { GetJobReportHandler } from './long-jobs/get-job-report.js';
import { GetJobHandler } from './long-jobs/get-job.js';
import { ListJobsHandler } from './long-jobs/list-jobs.js';
import { GetReceiptHandler, GetReceiptPdfHandler } from './pay/get-receipt.js';
import { EmailReceiptHandler } from './pay/email-receipt.js';
import { OpenLinkHandler } from './pay/open-link.js';
import { PayLinks } from './pay/pay-link.js';
import { PaymentSettlement } from './pay/payment-settlement.js';
import { QuotePaymentHandler } from './pay/quote-payment.js';
import { ReleaseOpenPaymentHandler } from './pay/release-open-payment.js';
import { RenewLinkHandler } from './pay/renew-link.js';
import { SettleIntentHandler } from './pay/settle-intent.js';
import { SettleOpenPaymentHandler } from './pay/settle-open-payment.js';
import { SubmitPaymentHandler } from './pay/submit-payment.js';
import { PreviewPayPageHandler } from './pay/preview-pay-page.js';
import { ViewPayPageHandler } from './pay/view-pay-page.js';
import { ChangePasswordHandler } from './staff/change-password.js';
import { ChangeUserHandler } from './staff/change-user.js';
import {
  BeginSecondFactorHandler,
  ConfirmSecondFactorHandler,
  RemoveSecondFactorHandler,
} from './staff/enrol-second-factor.js';
import { GiveSecondFactorHandler } from './staff/give-second-factor.js';
import { InviteUserHandler } from './staff/invite-user.js';
import { PrepareLocalAdminHandler } from './staff/prepare-local-admin.js';
import { RequestPasswordResetHandler } from './staff/request-password-reset.js';
import { ResendInvitationHandler } from './staff/resend-invitation.js';
import { SetPasswordHandler, ViewPasswordLinkHandler } from './staff/set-password.js';
import { SignInByLinkHandler } from './staff/sign-in-by-link.js';
import { SignInTries } from './staff/sign-in-tries.js';
import { BeginProviderSignInHandler, FinishProviderSignInHandler } from './staff/sign-in-with-provider.js';
import { SignInHandler } from './staff/sign-in.js';
import { StaffLinkMail } from './staff/staff-link-mail.js';
import { UserActivation } from './staff/user-activation.js';
import { Users } from './staff/user-view.js';
import { AddWebhookEndpointHandler } from './webhooks/add-webhook-endpoint.js';
import { ChangeWebhookEndpointHandler } from './webhooks/change-webhook-endpoint.js';
import { RedeliverWebhooksHandler } from './webhooks/redeliver-webhooks.js';
import { RemoveWebhookEndpointHandler } from './webhooks/remove-webhook-endpoint.js';
import { RotateWebhookSecretHandler } from './webhooks/rotate-webhook-secret.js';
import { TestWebhookEndpointHandler } from './webhooks/test-webhook-endpoint.js';
import { WebhookSweep } from './webhooks/webhook-sweep.js';

const SHARED: readonly Type[] = [
  EventCodec,
  Execute,
  Contacts,
  MessageCaps,
  SendingChecks,
  Customers,
  TextNoticeWork,
  LinkUrls,
  LinkMessages,
  PayLinks,
  PaymentSettlement,
  MessageSamples,
  BulkSelection,
  BulkAllowance,
  SignInTries,
  StaffLinkMail,
  UserActivation,
  Users,
];

const HANDLERS: readonly Type[] = [
  RegisterBranchHandler,
  UpdateBranchHandler,
  SetUpCardProcessingHandler,
  SetFeePolicyHandler,
  SetRemindersHandler,
  CustomizeMessageHandler,
  ResetMessageHandler,
  PreviewMessageHandler,
  SendTestMessageHandler,
  GetMessageHistoryHandler,
  GetPartChangeHandler,
  PreviewFeeHandler,
  PreviewCopyHandler,
  CopySettingsHandler,
  SetLogoHandler,
  TestCardProcessingHandler,
  GetBranchHandler,
  GetCustomerHandler,
  UpdateCustomerHandler,
  RegisterInvoiceHandler,
  GetInvoiceHandler,
  GetInvoicePdfHandler,
  GetInvoiceEventsHandler,
  GetInvoiceTimelineHandler,
  VoidInvoiceHandler,
  ReviseInvoiceHandler,
  RecordPaymentHandler,
  ReverseRecordedPaymentHandler,
  SendLinkHandler,
  PreviewLinkHandler,
  GetLinksHandler,
  GetQuietHoldHandler,
  GetSendWarningsHandler,
  OptOutContactHandler,
  ReceiveTextNoticeHandler,
  RevokeLinkHandler,
  SendInvoicePdfHandler,
  RequestBulkLinksHandler,
  PreviewBulkLinksHandler,
  AcceptImportHandler,
  GetJobHandler,
  ListJobsHandler,
  GetJobReportHandler,
  CancelJobHandler,
  CreateApiKeyHandler,
  RevokeApiKeyHandler,
  NoteExportHandler,
  PreviewPayPageHandler,
  ViewPayPageHandler,
  OpenLinkHandler,
  RenewLinkHandler,
  EmailReceiptHandler,
  QuotePaymentHandler,
  SubmitPaymentHandler,
  SettleOpenPaymentHandler,
  ReleaseOpenPaymentHandler,
  SettleIntentHandler,
  GetReceiptHandler,
  GetReceiptPdfHandler,
  SignInHandler,
  SignInByLinkHandler,
  BeginProviderSignInHandler,
  FinishProviderSignInHandler,
  PrepareLocalAdminHandler,
  InviteUserHandler,
  ResendInvitationHandler,
  ChangeUserHandler,
  RequestPasswordResetHandler,
  ViewPasswordLinkHandler,
  SetPasswordHandler,
  ChangePasswordHandler,
  GiveSecondFactorHandler,
  BeginSecondFactorHandler,
  ConfirmSecondFactorHandler,
  RemoveSecondFactorHandler,
];

const WEBHOOK_HANDLERS: readonly Type[] = [
  AddWebhookEndpointHandler,
  ChangeWebhookEndpointHandler,
  RemoveWebhookEndpointHandler,
  RotateWebhookSecretHandler,
  TestWebhookEndpointHandler,
  RedeliverWebhooksHandler,
  ListDeadJobsHandler,
  RedriveDeadJobsHandler,
];

/** The jobs, one a name. */
export const JOBS = [
  SendLinkJob,
  MailInvoicePdfJob,
  IssueReceiptJob,
  SendReceiptJob,
  SendTestMessageJob,
  EmailReceiptJob,
  TellBranchJob,
  SettlePaymentJob,
  MailStaffLinkJob,
  TakeTextNoticeJob,
  DeliverWebhookJob,
] as const;

/** How long jobs are done, one a kind. */
export const LONG_JOB_WORKS = [IssueBulkLinks, ImportInvoices] as const;

export const APPLICATION_PROVIDERS: readonly Type[] = [
  ...SHARED,
  ...HANDLERS,
  ...WEBHOOK_HANDLERS,
  ...JOBS,
  ...LONG_JOB_WORKS,
  MessageDelivery,
  SharedLinkMessages,
  Sweep,
  Remind,
  WebhookSweep,
];
