import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { ApiKeysController } from './api-keys.controller.js';
import { AuditController } from './audit.controller.js';
import { BranchScope } from './branch-scope.js';
import { BranchesController } from './branches.controller.js';
import { InvoicesController } from './invoices.controller.js';
import { LinksController } from './links.controller.js';
import { ListPosition } from './list-position.js';
import { MessagesController } from './messages.controller.js';
import { PaymentsController } from './payments.controller.js';
import { RecordedPaymentsController } from './recorded-payments.controller.js';

/** The order is that of the API's document. */
export const API_CONTROLLERS = [
  BranchesController,
  MessagesController,
  InvoicesController,
  LinksController,
  RecordedPaymentsController,
  PaymentsController,
  AuditController,
  ApiKeysController,
] as const;

/** Needs the ports, the queries of the read models and `ApiSettings` from a global module. */
@Module({
  imports: [CqrsModule],
  controllers: [...API_CONTROLLERS],
  providers: [BranchScope, ListPosition],
})
export class ApiModule {}
