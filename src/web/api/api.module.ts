import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { WebhookAccess } from '../webhook-access.js';
import { ApiKeyCallers } from '../auth/api-key-callers.js';
import { LiveModule } from '../live/live.module.js';
import { ApiKeysController } from './api-keys.controller.js';
import { AuditController } from './audit.controller.js';
import { BulkLinksController } from './bulk-links.controller.js';
import { BranchScope } from './branch-scope.js';
import { BranchesController } from './branches.controller.js';
import { CustomersController } from './customers.controller.js';
import { DeadJobsController } from './dead-jobs.controller.js';
import { InvoiceImportController } from './invoice-import.controller.js';
import { InvoicesController } from './invoices.controller.js';
import { JobsController } from './jobs.controller.js';
import { LinksController } from './links.controller.js';
import { ListPosition } from './list-position.js';
import { MessagesController } from './messages.controller.js';
import { PaymentExport } from './payment-export.js';
import { PaymentsController } from './payments.controller.js';
import { RecordedPaymentsController } from './recorded-payments.controller.js';
import { WebhookEndpointsController } from './webhook-endpoints.controller.js';

/** The order is that of the API's document. */
export const API_CONTROLLERS = [
  BranchesController,
  MessagesController,
  InvoicesController,
  LinksController,
  BulkLinksController,
  InvoiceImportController,
  JobsController,
  RecordedPaymentsController,
  PaymentsController,
  CustomersController,
  AuditController,
  ApiKeysController,
  WebhookEndpointsController,
  DeadJobsController,
] as const;

/** Needs the ports, the queries of the read models and `ApiSettings` from a global module. */
@Module({
  imports: [CqrsModule, LiveModule],
  controllers: [...API_CONTROLLERS],
  providers: [ApiKeyCallers, BranchScope, ListPosition, PaymentExport, WebhookAccess],
})
export class ApiModule {}
