import { decideRefund } from '../application/decide-refund.js';

export const refunds = decideRefund;
