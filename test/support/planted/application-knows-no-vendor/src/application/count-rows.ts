import type { Pool } from 'pg';

export const countRows = (pool: Pool): number => pool.totalCount;
