export const invoiceRows: readonly string[] = [];
