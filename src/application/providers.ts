/** Everything that can be asked for: handlers, jobs and what they share. The ports are bound by the module that wires. */
import type { Type } from '@nestjs/common';
import { CreateApiKeyHandler } from './administration/create-api-key.js';
import { RevokeApiKeyHandler } from './administration/revoke-api-key.js';
import { CustomizeInvoiceLinkMessageHandler } from './branch/customize-invoice-link-message.js';
import { GetBranchHandler } from './branch/get-branch.js';
import { PreviewInvoiceLinkMessageHandler } from './branch/preview-invoice-link-message.js';
import { RegisterBranchHandler } from './branch/register-branch.js';
import { SetFeePolicyHandler } from './branch/set-fee-policy.js';
import { SetUpCardProcessingHandler } from './branch/set-up-card-processing.js';
import { UpdateBranchHandler } from './branch/update-branch.js';
import { EventCodec } from './event-codec.js';
import { Execute } from './execute.js';
import { GetInvoiceEventsHandler } from './invoice/get-invoice-events.js';
import { GetInvoiceHandler } from './invoice/get-invoice.js';
import { GetInvoicePdfHandler } from './invoice/get-invoice-pdf.js';
import { GetLinksHandler } from './invoice/get-links.js';
import { RegisterInvoiceHandler } from './invoice/register-invoice.js';
import { RevokeLinkHandler } from './invoice/revoke-link.js';
import { SendInvoicePdfHandler } from './invoice/send-invoice-pdf.js';
import { SendLinkHandler } from './invoice/send-link.js';
import { RecordPaymentHandler } from './invoice/record-payment.js';
import { ReverseRecordedPaymentHandler } from './invoice/reverse-recorded-payment.js';
import { ReviseInvoiceHandler } from './invoice/revise-invoice.js';
import { VoidInvoiceHandler } from './invoice/void-invoice.js';
import { MessageDelivery } from './jobs/message-delivery.js';
import { EmailReceiptJob } from './jobs/email-receipt.js';
import { IssueReceiptJob } from './jobs/issue-receipt.js';
import { MailInvoicePdfJob } from './jobs/mail-invoice-pdf.js';
import { SendLinkJob } from './jobs/send-link.js';
import { SendReceiptJob } from './jobs/send-receipt.js';
import { SettlePaymentJob } from './jobs/settle-payment.js';
import { Sweep } from './jobs/sweep.js';
import { LinkUrls } from './link-urls.js';
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
import { ViewPayPageHandler } from './pay/view-pay-page.js';
import { BrowserSessions } from './staff/browser-sessions.js';
import { PrepareLocalAdminHandler } from './staff/prepare-local-admin.js';
import { SignInByLinkHandler } from './staff/sign-in-by-link.js';
import { SignInTries } from './staff/sign-in-tries.js';
import { SignInHandler } from './staff/sign-in.js';
import { Users } from './staff/user-view.js';

const SHARED: readonly Type[] = [
  EventCodec,
  Execute,
  LinkUrls,
  PayLinks,
  PaymentSettlement,
  BrowserSessions,
  SignInTries,
  Users,
];

const HANDLERS: readonly Type[] = [
  RegisterBranchHandler,
  UpdateBranchHandler,
  SetUpCardProcessingHandler,
  SetFeePolicyHandler,
  CustomizeInvoiceLinkMessageHandler,
  PreviewInvoiceLinkMessageHandler,
  GetBranchHandler,
  RegisterInvoiceHandler,
  GetInvoiceHandler,
  GetInvoicePdfHandler,
  GetInvoiceEventsHandler,
  VoidInvoiceHandler,
  ReviseInvoiceHandler,
  RecordPaymentHandler,
  ReverseRecordedPaymentHandler,
  SendLinkHandler,
  GetLinksHandler,
  RevokeLinkHandler,
  SendInvoicePdfHandler,
  CreateApiKeyHandler,
  RevokeApiKeyHandler,
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
  PrepareLocalAdminHandler,
];

/** The jobs, one a name. */
export const JOBS = [
  SendLinkJob,
  MailInvoicePdfJob,
  IssueReceiptJob,
  SendReceiptJob,
  EmailReceiptJob,
  SettlePaymentJob,
] as const;

export const APPLICATION_PROVIDERS: readonly Type[] = [...SHARED, ...HANDLERS, ...JOBS, MessageDelivery, Sweep];
