import type { History } from '../../projections/history.js';

/** The part of this plant that is allowed: a shape and nothing that runs. */
export const describeHistory = (history: History): number => history.length;
