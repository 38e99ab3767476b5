import { randomUUID } from 'node:crypto';

export const invoiceNumber = (): string => randomUUID();
