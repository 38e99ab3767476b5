import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { CardProcessingInput } from '../../application/branch/set-up-card-processing.js';
import type { CustomerView } from '../../application/customer/customer-view.js';
import { GetCustomer } from '../../application/customer/get-customer.js';
import { GetInvoice } from '../../application/invoice/get-invoice.js';
import type { InvoiceView } from '../../application/invoice/invoice-view.js';
import { DomainError } from '../../domain/errors.js';
import { BranchList } from '../../projections/branches.js';
import { mayUseBranch } from '../auth/caller.js';
import type { Caller } from '../auth/caller.js';

/** Keeps keys of some branches away from the rest: what belongs to another branch is not there. */
@Injectable()
export class BranchScope {
  constructor(
    private readonly queries: QueryBus,
    private readonly branches: BranchList,
  ) {}

  /** @throws DomainError `branch_not_found` */
  assertBranch(caller: Caller, branchId: string): void {
    if (!mayUseBranch(caller, branchId)) throw new DomainError('branch_not_found', { branchId });
  }

  /**
   * Who sets a branch up to charge on a connected account comes to see what is paid there, and could send it money: an account of
   * branches that the caller may not use is not theirs to name.
   * @throws DomainError `card_processing_invalid`
   */
  async assertAccount(caller: Caller, processing: CardProcessingInput): Promise<void> {
    if (caller.branchIds === undefined || processing.mode !== 'connect') return;
    const users = await this.branches.onAccount(processing.account);
    if (users.every((branchId) => mayUseBranch(caller, branchId))) return;
    const reason = 'This account is connected to a branch that you may not use. Ask somebody who may use both.';
    throw new DomainError('card_processing_invalid', { field: 'account', reason });
  }

  /** @throws DomainError `invoice_not_found` where there is none or it is another branch's */
  async invoice(caller: Caller, invoiceId: string): Promise<InvoiceView> {
    const invoice = await this.queries.execute(new GetInvoice({ invoiceId }));
    this.assertInvoice(caller, invoiceId, invoice.branchId);
    return invoice;
  }

  /** @throws DomainError `customer_not_found` where there is none or they are another branch's */
  async customer(caller: Caller, customerId: string): Promise<CustomerView> {
    const customer = await this.queries.execute(new GetCustomer({ customerId }));
    if (!mayUseBranch(caller, customer.branchId)) throw new DomainError('customer_not_found', { customerId });
    return customer;
  }

  /** For an answer that is here already. @throws DomainError `invoice_not_found` */
  assertInvoice(caller: Caller, invoiceId: string, branchId: string): void {
    if (!mayUseBranch(caller, branchId)) throw new DomainError('invoice_not_found', { invoiceId });
  }

  /** Before a write. A key of every branch needs no look: the command itself refuses what is absent. */
  async assertInvoiceVisible(caller: Caller, invoiceId: string): Promise<void> {
    if (caller.branchIds !== undefined) await this.invoice(caller, invoiceId);
  }
}
