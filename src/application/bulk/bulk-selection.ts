/** Finds the invoices that a bulk sending names, and refuses what it could not be done for. */
import { Injectable } from '@nestjs/common';
import { DomainError } from '../../domain/errors.js';
import { Execute } from '../execute.js';
import { linkId, messageKey } from '../ids.js';
import { loadInvoice } from '../invoice/invoice-view.js';
import { ContactDigest } from '../ports.js';
import { atOnce } from './at-once.js';
import type { PlannedItem } from './bulk-link-items.js';
import { BulkLimits } from './bulk-limits.js';
import { InvoiceSelection, type SelectedInvoice, type Selection } from './invoice-selection.js';
import { planBulkLinks, type BulkChannel } from './plan-bulk-links.js';

/** Invoices that the lists do not show yet are looked for one by one; of more than these somebody has made a mistake. */
const MAX_LOOKED_FOR = 200;
/** Invoices that are read at a time. */
const IN_FLIGHT = 32;

@Injectable()
export class BulkSelection {
  constructor(
    private readonly selection: InvoiceSelection,
    private readonly executor: Execute,
    private readonly contacts: ContactDigest,
    private readonly limits: BulkLimits,
  ) {}

  /**
   * @param branchIds those that the caller may use; undefined: all
   * @throws DomainError `invoice_not_found` for one that is absent or another branch's, `bulk_empty`, `bulk_too_large`
   */
  async find(selection: Selection, branchIds: readonly string[] | undefined): Promise<readonly SelectedInvoice[]> {
    const most = this.limits.invoicesPerJob;
    const found =
      'filter' in selection
        ? await this.selection.matching(selection.filter, branchIds, most)
        : await this.named([...new Set(selection.invoiceIds)], branchIds);
    if (found.length === 0) throw new DomainError('bulk_empty');
    if (found.length > most) throw new DomainError('bulk_too_large', { most });
    return this.reachedNow(found);
  }

  /** The lists say where each invoice found its customer; staff may know better since. */
  private async reachedNow(found: readonly SelectedInvoice[]): Promise<readonly SelectedInvoice[]> {
    const changed = await this.selection.ofChangedCustomers(found.map(({ invoiceId }) => invoiceId));
    const now = new Map<string, Pick<SelectedInvoice, 'email' | 'phone'>>();
    await atOnce([...changed], IN_FLIGHT, async (invoiceId) => {
      const { email, phone } = (await loadInvoice(this.executor, invoiceId)).customer;
      now.set(invoiceId, { email, phone });
    });
    return found.map((invoice) => ({ ...invoice, ...now.get(invoice.invoiceId) }));
  }

  plan(jobId: string, invoices: readonly SelectedInvoice[], channel: BulkChannel): readonly PlannedItem[] {
    return planBulkLinks(invoices, channel, {
      linkId: (invoiceId) => linkId(invoiceId, jobId),
      messageKey: (parts) => messageKey(jobId, parts),
      digest: (address) => this.contacts.of(address),
    });
  }

  private async named(
    invoiceIds: readonly string[],
    branchIds: readonly string[] | undefined,
  ): Promise<readonly SelectedInvoice[]> {
    const listed = new Map((await this.selection.byIds(invoiceIds)).map((invoice) => [invoice.invoiceId, invoice]));
    const missing = invoiceIds.filter((invoiceId) => !listed.has(invoiceId));
    if (missing.length > MAX_LOOKED_FOR) throw new DomainError('invoice_not_found', { invoiceId: missing[0]! });
    for (const invoiceId of missing) listed.set(invoiceId, await this.fromStream(invoiceId));
    return invoiceIds.map((invoiceId) => {
      const invoice = listed.get(invoiceId)!;
      if (branchIds !== undefined && !branchIds.includes(invoice.branchId)) {
        throw new DomainError('invoice_not_found', { invoiceId });
      }
      return invoice;
    });
  }

  /** An invoice registered a moment ago is in its stream before it is in the lists. */
  private async fromStream(invoiceId: string): Promise<SelectedInvoice> {
    const { invoice, customer } = await loadInvoice(this.executor, invoiceId);
    const { branchId, number, dueOn } = invoice.registered;
    const { email, phone } = customer;
    return { invoiceId, branchId, number, status: invoice.status, dueOn, email, phone };
  }
}
