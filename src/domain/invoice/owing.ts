import type { Invoice } from './state.js';

/** What is owed after the total or what was paid has changed. Never below zero, whoever was faster. */
export function owing(state: Invoice, revision: bigint): Invoice {
  const { totalMinor } = state.registered;
  const balanceMinor = Math.max(0, totalMinor - state.paidMinor);
  const partly = state.paidMinor > 0 ? 'partially_paid' : 'open';
  return { ...state, balanceMinor, status: balanceMinor === 0 ? 'paid' : partly, payableVersion: revision };
}
