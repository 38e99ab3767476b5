import { z } from 'zod';
import { messageVariables } from './config-messages.js';
import {
  address,
  apiOrigin,
  issuerUrl,
  listOf,
  plainKey,
  plainText,
  portNumber,
  publicUrl,
  scriptUrl,
  trustProxy,
  versionedKey,
  versionedKeys,
  webhookSecrets,
} from './config-values.js';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const ROLES = ['web', 'projector', 'worker'] as const;

/** What a process does. All of them by default. */
export type Role = (typeof ROLES)[number];

/** Every variable that the service knows. What each must look like stands here, what they must be together in the rules. */
export const settingsSchema = z.object({
  NODE_ENV: z.string().optional(),
  PORT: portNumber.default(3000),
  SANDBOX_PORT: portNumber.optional(),
  DATA_DIR: z.string().default('./data'),
  PUBLIC_URL: publicUrl.optional(),
  LOG_LEVEL: plainText(`must be one of ${LOG_LEVELS.join(', ')}`, new RegExp(`^(${LOG_LEVELS.join('|')})$`)).default(
    'info',
  ),
  ROLES: listOf(ROLES).default([...ROLES]),
  IMPORT_MAX_MB: plainText('must be a whole number of megabytes from 1 to 1000', /^([1-9]\d{0,2}|1000)$/).default('64'),
  TRUST_PROXY: trustProxy.default(false),
  EVENTSTORE_URL: address('esdb://host:2113?tls=true', ['esdb', 'esdb+discover']).optional(),
  DATABASE_URL: address('postgres://user:password@host:5432/database', ['postgres', 'postgresql']).optional(),
  QUEUE_URL: address('redis://host:6379 or postgres://user:password@host:5432/database', [
    'redis',
    'rediss',
    'postgres',
    'postgresql',
  ]).optional(),
  SMTP_URL: address('smtp://user:password@host:587', ['smtp', 'smtps']).optional(),
  MAIL_FROM: plainText(
    'must be one email address, like invoices@example.com',
    /^[^\s@<>,;:"]+@[^\s@<>,;:"]+$/,
  ).optional(),
  STRIPE_SECRET_KEY: plainText(
    'must be a secret or restricted key of Stripe (sk_…, rk_…)',
    /^(sk|rk)_(test|live)_\S+$/,
  ).optional(),
  STRIPE_PUBLISHABLE_KEY: plainText('must be a publishable key of Stripe (pk_…)', /^pk_(test|live)_\S+$/).optional(),
  STRIPE_WEBHOOK_SECRET: webhookSecrets.optional(),
  STRIPE_API_URL: apiOrigin.optional(),
  STRIPE_JS_URL: scriptUrl.optional(),
  TWILIO_ACCOUNT_SID: plainText(
    'must be an account SID of Twilio (AC and 32 hexadecimal digits)',
    /^AC[0-9a-f]{32}$/,
  ).optional(),
  TWILIO_AUTH_TOKEN: plainText('must be the auth token of the Twilio account, without spaces', /^\S+$/).optional(),
  TWILIO_FROM: plainText(
    'must be a number in E.164 form (+12125550100), a short code or a messaging service SID (MG…)',
    /^(\+[1-9]\d{6,14}|\d{5,6}|MG[0-9a-f]{32})$/,
  ).optional(),
  TWILIO_API_URL: apiOrigin.optional(),
  OIDC_ISSUER: issuerUrl.optional(),
  OIDC_CLIENT_ID: plainText('must be the client id at the identity provider, without spaces', /^\S+$/).optional(),
  OIDC_CLIENT_SECRET: plainText(
    'must be the client secret at the identity provider, without spaces',
    /^\S+$/,
  ).optional(),
  ADMIN_API_KEY: plainText('must be 20 characters or more, without line breaks', /^[^\p{Cc}]{20,}$/u).optional(),
  LINK_KEYS: versionedKeys.optional(),
  MASTER_KEYS: versionedKeys.optional(),
  SEAL_KEY: versionedKey.optional(),
  CONTACT_KEY: plainKey.optional(),
  ...messageVariables,
});

/** What was set, checked; what was not set is still missing. */
export type Settings = z.output<typeof settingsSchema>;
