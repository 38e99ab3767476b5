import { z } from 'zod';
import { PUBLIC_EVENT_TYPES } from '../../../application/webhooks/public-events.js';
import { listOf } from './lists.js';
import { answer, request } from './registry.js';
import { id, instant, line } from './values.js';

const url = z
  .string()
  .trim()
  .min(1, { error: 'must not be empty' })
  .max(2_000, { error: 'must have at most 2000 characters' })
  .describe('https, to a public address');
const events = z
  .array(z.enum(PUBLIC_EVENT_TYPES, { error: `must be one of ${PUBLIC_EVENT_TYPES.join(', ')}` }))
  .min(1, { error: 'must name at least one event; leave it out for every event' })
  .max(PUBLIC_EVENT_TYPES.length)
  .overwrite((names) => [...new Set(names)]);
const branchIds = z
  .array(id)
  .min(1, { error: 'must name at least one branch; leave it out for every branch' })
  .max(100);
const description = line(200);

export const newWebhookEndpoint = request('NewWebhookEndpoint', {
  url,
  events: events.optional().describe('Absent: every event, those of later versions included'),
  branchIds: branchIds.optional().describe('Absent: every branch'),
  description: description.optional(),
  enabled: z.boolean().default(true),
});

export const webhookEndpointChanges = request('WebhookEndpointChanges', {
  url: url.optional(),
  events: events.nullable().optional().describe('null: every event'),
  branchIds: branchIds.nullable().optional().describe('null: every branch'),
  description: description.nullable().optional(),
  enabled: z.boolean().optional(),
});

export const redelivery = z
  .union([request('RedeliverOne', { deliveryId: id }), request('RedeliverFailed', { since: instant })], {
    error: 'must be {"deliveryId"} for one delivery, or {"since"} for all that failed since then',
  })
  .describe('One delivery, whatever became of it, or all that failed of those made since then');

const secret = z.string().describe('whsec_…, shown this once');

export const addedWebhookEndpoint = answer('AddedWebhookEndpoint', { id: z.string(), secret });
export const rotatedWebhookSecret = answer('RotatedWebhookSecret', {
  secret,
  formerValidUntil: z.string().describe('Until then messages carry the signature of the former secret as well'),
});
export const startedDelivery = answer('StartedDelivery', { deliveryId: z.string() });
export const startedDeliveries = answer('StartedDeliveries', { count: z.int() });

export const webhookEndpoint = answer('WebhookEndpoint', {
  id: z.string(),
  url: z.string(),
  events: z.array(z.string()).nullable().describe('null: every event'),
  branchIds: z.array(z.string()).nullable().describe('null: every branch'),
  description: z.string().nullable(),
  enabled: z.boolean(),
  disabledBecause: z.string().nullable().describe('gone: the receiver answered 410'),
  formerSecretUntil: z.string().nullable(),
  createdAt: z.string(),
});
export const webhookEndpointPage = answer('WebhookEndpointPage', listOf(webhookEndpoint));

const webhookDelivery = answer('WebhookDelivery', {
  id: z.string(),
  messageId: z.string().describe('The header webhook-id and the id of the body'),
  type: z.string(),
  status: z.enum(['pending', 'delivered', 'failed']),
  tries: z.int(),
  createdAt: z.string(),
  lastTryAt: z.string().nullable(),
  nextTryAt: z.string().nullable(),
  responseCode: z.int().nullable(),
  durationMs: z.int().nullable(),
  error: z.string().nullable(),
});
export const webhookDeliveryPage = answer('WebhookDeliveryPage', listOf(webhookDelivery));

const deadJob = answer('DeadJob', {
  id: z.string(),
  name: z.string(),
  attempts: z.int(),
  error: z.string(),
  queuedAt: z.string(),
  failedAt: z.string().nullable(),
});
export const deadJobPage = answer('DeadJobPage', listOf(deadJob));
export const redrivenJobs = answer('RedrivenJobs', { count: z.int() });
