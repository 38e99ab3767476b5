/** Which invoices a bulk sending is for, as the lists show them. */

/** The filter of the list of invoices. */
export interface InvoiceFilterInput {
  readonly q?: string | undefined;
  readonly branchId?: string | undefined;
  readonly status?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly number?: string | undefined;
  readonly externalId?: string | undefined;
  readonly customerId?: string | undefined;
}

export type Selection = { readonly invoiceIds: readonly string[] } | { readonly filter: InvoiceFilterInput };

export interface SelectedInvoice {
  readonly invoiceId: string;
  readonly branchId: string;
  readonly number: string;
  readonly status: string;
  readonly dueOn: string;
  /** Where the customer is reached now. */
  readonly email: string | undefined;
  readonly phone: string | undefined;
}

export abstract class InvoiceSelection {
  /** At most `max` and one more, by which it is seen that there are too many. `branchIds` undefined: of every branch. */
  abstract matching(
    filter: InvoiceFilterInput,
    branchIds: readonly string[] | undefined,
    max: number,
  ): Promise<readonly SelectedInvoice[]>;
  /** Those of these that the lists have, whatever their branch. */
  abstract byIds(invoiceIds: readonly string[]): Promise<readonly SelectedInvoice[]>;
  /** Those of these invoices whose customer was ever changed: what the invoice says of them may be out of date. */
  abstract ofChangedCustomers(invoiceIds: readonly string[]): Promise<ReadonlySet<string>>;
}
