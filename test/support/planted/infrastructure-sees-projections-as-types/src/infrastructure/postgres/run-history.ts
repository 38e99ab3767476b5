import { history, type History } from '../../projections/history.js';

export const runHistory = (): History => history;
