import { z } from 'zod';
import { ROLES } from '../../auth/rights.js';
import { listOf } from './lists.js';
import { answer, request } from './registry.js';
import { id, instant, line } from './values.js';

export const newApiKey = request('NewApiKey', {
  name: line(120),
  role: z.enum(ROLES),
  branchIds: z
    .array(id)
    .min(1, { error: 'must name at least one branch; leave it out for every branch' })
    .max(100)
    .optional()
    .describe('Absent: every branch'),
  expiresAt: instant.optional(),
});

export const createdApiKey = answer('CreatedApiKey', {
  id: z.string(),
  key: z.string().describe('Shown this once'),
});

const apiKeyRow = answer('ApiKey', {
  id: z.string(),
  name: z.string(),
  role: z.string(),
  branchIds: z.array(z.string()).nullable(),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
});
export const apiKeyPage = answer('ApiKeyPage', listOf(apiKeyRow));
