import { z } from 'zod';
import { MESSAGE_KINDS } from '../../../application/branch/placeholders.js';
import { answer, request } from './registry.js';
import { id, language, line, paragraph } from './values.js';

export const messageKind = z.enum(MESSAGE_KINDS, { error: `must be one of ${MESSAGE_KINDS.join(', ')}` });

/** What a part is held to is the templates' own rule; this is what a request can hold at all. */
const wording = paragraph(1_000_000, 20_000);
const emailWording = z.strictObject({ subject: line(500), body: wording });
const smsWording = z.strictObject({ body: wording });

export const messageWording = request('MessageWording', { email: emailWording, sms: smsWording });

export const messageQuery = z.strictObject({
  language: language.optional().describe("The branch's own language where absent"),
});

export const historyQuery = z.strictObject({
  language: language.optional().describe('Every language where absent'),
});

export const messagePreview = request('MessagePreview', {
  invoiceId: id.optional().describe('An example where absent'),
  language: language.optional().describe("The customer's where absent"),
  email: emailWording.optional(),
  sms: smsWording.optional(),
}).optional();

export const testMessage = request('TestMessage', {
  channel: z.enum(['email', 'sms'], { error: 'must be "email" or "sms"' }),
  to: line(254).describe('Your own address or number'),
  language: language.optional().describe("The branch's own language where absent"),
  email: emailWording.optional().describe('Words that are not saved yet; those in use where absent'),
  sms: smsWording.optional(),
});

const shownWording = {
  email: z.object({ subject: z.string(), body: z.string() }),
  sms: z.object({ body: z.string() }),
};

export const messageBody = answer('Message', {
  kind: z.string(),
  language: z.string(),
  customized: z.boolean().describe('False: the default wording'),
  ...shownWording,
  placeholders: z
    .array(z.object({ name: z.string(), description: z.string() }))
    .describe('What may stand between double braces'),
  revision: z.string(),
});

export const messageHistory = answer('MessageHistory', {
  items: z.array(
    z.object({
      what: z.enum(['customized', 'reset', 'test_requested']),
      language: z.string(),
      message: z.object(shownWording).nullable().describe('The words from then on; null for the default ones'),
      outcome: z.enum(['sent', 'failed']).nullable().describe('Of a test message; null while it is under way'),
      actor: z.string(),
      at: z.string(),
      revision: z.string(),
    }),
  ),
});

export const testMessageQueued = answer('TestMessageQueued', {
  requestId: z.string(),
  channel: z.string(),
  recipient: z.string(),
  status: z.literal('queued'),
});

export const renderedMessage = answer('RenderedMessage', {
  email: z.object({ subject: z.string(), html: z.string(), text: z.string() }),
  sms: z.object({ body: z.string(), segments: z.int() }),
});
