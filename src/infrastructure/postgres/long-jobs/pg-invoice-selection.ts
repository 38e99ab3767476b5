import {
  InvoiceSelection,
  type InvoiceFilterInput,
  type SelectedInvoice,
} from '../../../application/bulk/invoice-selection.js';
import type { InvoiceFilter, InvoiceList } from '../../../projections/invoices.js';
import type { Sql } from '../../../projections/sql.js';

const PAGE = 1_000;

/** Chooses from the list of invoices. */
export class PgInvoiceSelection extends InvoiceSelection {
  constructor(
    private readonly invoices: InvoiceList,
    private readonly sql: Sql,
  ) {
    super();
  }

  override async matching(
    { branchId, ...filter }: InvoiceFilterInput,
    branchIds: readonly string[] | undefined,
    max: number,
  ): Promise<readonly SelectedInvoice[]> {
    const visible = branchId === undefined ? branchIds : !branchIds || branchIds.includes(branchId) ? [branchId] : [];
    const given = Object.fromEntries(
      Object.entries({ ...filter, branchIds: visible }).filter(([, value]) => value !== undefined),
    ) as Omit<InvoiceFilter, 'limit'>;
    const found: SelectedInvoice[] = [];
    let cursor: string | null = null;
    do {
      const page = await this.invoices.find({ ...given, limit: PAGE, ...(cursor === null ? {} : { cursor }) });
      for (const row of page.items) {
        found.push({
          invoiceId: row.invoiceId,
          branchId: row.branchId,
          number: row.number,
          status: row.status,
          dueOn: row.dueOn,
          email: row.customerEmail ?? undefined,
          phone: row.customerPhone ?? undefined,
        });
      }
      cursor = page.next;
    } while (cursor !== null && found.length <= max);
    return found;
  }

  override async ofChangedCustomers(invoiceIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.sql.query<{ invoice_id: string }>(
      `SELECT i.invoice_id FROM invoices i JOIN customers c ON c.customer_id = i.customer_id AND c.revision > 0
       WHERE i.invoice_id = ANY($1::uuid[])`,
      [invoiceIds],
    );
    return new Set(rows.map((row) => row.invoice_id));
  }

  override async byIds(invoiceIds: readonly string[]): Promise<readonly SelectedInvoice[]> {
    const rows = await this.sql.query<{
      invoice_id: string;
      branch_id: string;
      number: string;
      status: string;
      due_on: string;
      customer_email: string | null;
      customer_phone: string | null;
    }>(
      `SELECT invoice_id, branch_id, number, status, due_on, customer_email, customer_phone FROM invoices
       WHERE invoice_id = ANY($1::uuid[])`,
      [invoiceIds],
    );
    return rows.map((row) => ({
      invoiceId: row.invoice_id,
      branchId: row.branch_id,
      number: row.number,
      status: row.status,
      dueOn: row.due_on,
      email: row.customer_email ?? undefined,
      phone: row.customer_phone ?? undefined,
    }));
  }
}
