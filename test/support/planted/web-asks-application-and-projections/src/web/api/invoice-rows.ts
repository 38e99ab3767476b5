import { invoiceRows } from '../../infrastructure/postgres/invoice-rows.js';

export const answer = invoiceRows;
