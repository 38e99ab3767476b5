import { rowOf } from '../infrastructure/postgres/rows.js';

export const findRow = (id: string): string => rowOf(id);
