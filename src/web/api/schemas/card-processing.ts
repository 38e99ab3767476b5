import { z } from 'zod';
import { answer, requestSchemas } from './registry.js';
import { line } from './values.js';

const key = (example: string) =>
  z
    .string({ error: `must be a key of Stripe, like ${example}` })
    .trim()
    .min(1, { error: `must be a key of Stripe, like ${example}` })
    .max(255, { error: 'must have at most 255 characters' });

/** The ways in which a branch can take cards. */
export const cardProcessing = z
  .discriminatedUnion(
    'mode',
    [
      z.strictObject({ mode: z.literal('platform') }).describe("Cards are charged on the service's own account"),
      z
        .strictObject({
          mode: z.literal('keys'),
          secretKey: key('sk_live_…').describe('Encrypted where it is kept, and never answered'),
          publishableKey: key('pk_live_…'),
        })
        .describe("On the branch's own account, by its own keys"),
      z
        .strictObject({ mode: z.literal('connect'), account: line(70).describe('acct_…') })
        .describe("On the branch's own account, which is connected to the service's"),
    ],
    { error: 'must be "platform", "keys" or "connect"' },
  )
  .register(requestSchemas, { id: 'CardProcessing' });

const noticesBy = z.string().nullable().describe('The endpoint at Stripe; null where none could be registered');

/** What is shown of it: of a secret only that it is there, and how it ends. */
export const shownCardProcessing = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('platform') }),
  z.object({
    mode: z.literal('keys'),
    publishableKey: z.string(),
    secretKey: z.object({ set: z.literal(true), endsWith: z.string() }),
    webhookEndpoint: noticesBy,
  }),
  z.object({ mode: z.literal('connect'), account: z.string(), webhookEndpoint: noticesBy }),
]);

export const cardProcessingTest = answer('CardProcessingTest', {
  outcome: z
    .enum(['ready', 'no_charges', 'refused', 'unreachable'])
    .describe('no_charges: the account may not charge yet; refused: the keys are not good'),
  live: z.boolean().describe('False: test keys or a stand-in, and no money moves'),
  reachable: z.boolean(),
  chargesEnabled: z.boolean(),
  account: z.object({ id: z.string(), name: z.string().nullable() }).nullable(),
  code: z
    .string()
    .nullable()
    .describe("The processor's, where it refused; secret_key_missing where the branch's key is not kept any more"),
});
