import {
  InvoiceSelection,
  type InvoiceFilterInput,
  type SelectedInvoice,
} from '../../../application/bulk/invoice-selection.js';
import type { InvoiceFilter, InvoiceList, InvoiceRow } from '../../../projections/invoices.js';
import type { Sql } from '../../../projections/sql.js';

const PAGE = 1_000;

type ListedInvoice = Pick<
  InvoiceRow,
  'invoiceId' | 'branchId' | 'number' | 'status' | 'dueOn' | 'customerEmail' | 'customerPhone'
>;

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
      found.push(...page.items.map(selected));
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
    const rows = await this.sql.query<ListedInvoice>(
      `SELECT invoice_id AS "invoiceId", branch_id AS "branchId", number, status, due_on AS "dueOn",
         customer_email AS "customerEmail", customer_phone AS "customerPhone"
       FROM invoices WHERE invoice_id = ANY($1::uuid[])`,
      [invoiceIds],
    );
    return rows.map(selected);
  }
}

function selected(row: ListedInvoice): SelectedInvoice {
  const { invoiceId, branchId, number, status, dueOn, customerEmail, customerPhone } = row;
  const [email, phone] = [customerEmail ?? undefined, customerPhone ?? undefined];
  return { invoiceId, branchId, number, status, dueOn, email, phone };
}
