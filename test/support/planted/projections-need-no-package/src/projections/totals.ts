import { types } from 'pg';

export const totals = types;
