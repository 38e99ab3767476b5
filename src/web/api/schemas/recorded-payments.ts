import { z } from 'zod';
import { answer, request } from './registry.js';
import { line, minorUnits, money, paragraph, plainDate } from './values.js';

export const RECORDED_METHODS = ['cash', 'check', 'transfer', 'other'] as const;

export const newRecordedPayment = request('NewRecordedPayment', {
  method: z.enum(RECORDED_METHODS),
  amount: minorUnits.min(1, { error: 'must be more than nothing' }),
  receivedOn: plainDate.describe("In the branch's time zone; not in the future"),
  reference: line(100).optional().describe('What finds it in the books: the number of a check, of a transfer'),
});

export const reversal = request('Reversal', { reason: paragraph(500).optional() }).optional();

export const recordedPayment = answer('RecordedPayment', {
  id: z.string(),
  status: z.enum(['recorded', 'reversed']),
  method: z.enum(RECORDED_METHODS),
  amount: money,
  receivedOn: z.string(),
  reference: z.string().nullable(),
  recordedAt: z.string(),
  recordedBy: z.string(),
  reversedAt: z.string().nullable(),
  reversalReason: z.string().nullable(),
});
