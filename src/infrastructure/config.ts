import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { messageConfig } from './config-messages.js';
import { isLoopbackUrl } from './config-values.js';
import { STRICT_VARIABLES, findContradictions } from './config-rules.js';
import type { Complaint } from './config-rules.js';
import { settingsSchema } from './config-schema.js';
import type { Role, Settings } from './config-schema.js';

/** Names and texts, as in `process.env`. An empty text counts as unset. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The settings are wrong or incomplete. The message names the variables and never shows a value. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

const configSchema = settingsSchema.required(
  Object.fromEntries(STRICT_VARIABLES.map((name) => [name, true])) as Record<(typeof STRICT_VARIABLES)[number], true>,
);

/** Everything that the service needs to know, complete. Keys are bytes; the first of several is the one to use. */
export type Config = ReturnType<typeof toConfig>;

/**
 * Resolves the `NAME_FILE` form of every known variable: the file's text, without the line break at its end, is the value.
 * Unknown variables are left out.
 *
 * @throws ConfigurationError where both forms are set or a file cannot be read
 */
export function readEnvironment(
  source: Environment,
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): Environment {
  const complaints: Complaint[] = [];
  const resolved: Record<string, string> = {};
  for (const name of Object.keys(settingsSchema.shape)) {
    const value = source[name] || undefined;
    const file = name === 'NODE_ENV' ? undefined : source[`${name}_FILE`] || undefined;
    if (value !== undefined && file !== undefined) {
      complaints.push({ variable: name, mend: `is set, and ${name}_FILE is set too: keep one of them` });
    } else if (file !== undefined) {
      try {
        resolved[name] = readFile(file).replace(/\r?\n$/, '');
      } catch {
        complaints.push({ variable: `${name}_FILE`, mend: 'names a file that cannot be read' });
      }
      if (resolved[name] === '') complaints.push({ variable: `${name}_FILE`, mend: 'names an empty file' });
    } else if (value !== undefined) resolved[name] = value;
  }
  refuse(complaints);
  return resolved;
}

/**
 * Checks what is set, each value and the whole; pure.
 *
 * @throws ConfigurationError with one message for everything that is wrong or missing
 */
export function parseEnvironment(environment: Environment): Settings {
  return parse(settingsSchema, environment);
}

/**
 * The whole configuration: what was set, and for what was missing the addresses of stand-ins and the keys made for them.
 *
 * @param environment what the user set, as {@link readEnvironment} answers it
 * @param provided variables that the start-up found or made for what was missing
 * @throws ConfigurationError as {@link parseEnvironment}, and where something is missing still
 */
export function completeConfig(environment: Environment, provided: Environment): Config {
  const settings = parseEnvironment(environment);
  const complete = parse(configSchema, { ...provided, ...withoutEmpty(environment) });
  return toConfig(complete, settings, environment);
}

function parse<T extends z.ZodType<Settings>>(schema: T, environment: Environment): z.output<T> {
  const result = schema.safeParse(withoutEmpty(environment));
  if (!result.success) {
    refuse(
      result.error.issues.map((issue) => ({
        variable: issue.path.join('.'),
        mend: issue.code === 'invalid_type' ? 'must be set' : issue.message,
      })),
    );
    throw new ConfigurationError('The configuration is wrong.');
  }
  refuse(findContradictions(result.data));
  return result.data;
}

function withoutEmpty(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
}

function refuse(complaints: readonly Complaint[]): void {
  if (complaints.length === 0) return;
  const lines = complaints.map(({ variable, mend }) => `  ${variable} ${mend}`);
  throw new ConfigurationError(`The configuration is wrong:\n${lines.join('\n')}`);
}

/** Names of our own for the variables, with the defaults that depend on others. */
function toConfig(complete: z.output<typeof configSchema>, set: Settings, environment: Environment) {
  const publicUrl = complete.PUBLIC_URL ?? `http://localhost:${complete.PORT}`;
  const stripeStandIn = set.STRIPE_SECRET_KEY === undefined;
  return {
    production: complete.NODE_ENV === 'production',
    port: complete.PORT,
    sandboxPort: complete.SANDBOX_PORT ?? complete.PORT + 1,
    dataDir: complete.DATA_DIR,
    publicUrl,
    logLevel: complete.LOG_LEVEL,
    roles: complete.ROLES as readonly Role[],
    /** Bytes of the largest file that is imported. */
    importBytes: Number(complete.IMPORT_MAX_MB) * 1_000_000,
    trustProxy: complete.TRUST_PROXY,
    eventStoreUrl: complete.EVENTSTORE_URL,
    databaseUrl: complete.DATABASE_URL,
    queueUrl: complete.QUEUE_URL,
    smtpUrl: complete.SMTP_URL,
    /** The address that emails come from; the name beside it is the branch's. */
    mailFrom: complete.MAIL_FROM ?? defaultSender(complete.SMTP_URL, publicUrl),
    stripe: {
      secretKey: complete.STRIPE_SECRET_KEY,
      publishableKey: complete.STRIPE_PUBLISHABLE_KEY,
      webhookSecrets: complete.STRIPE_WEBHOOK_SECRET as readonly string[],
      apiUrl: complete.STRIPE_API_URL ?? 'https://api.stripe.com',
      jsUrl: complete.STRIPE_JS_URL ?? 'https://js.stripe.com/endive/stripe.js',
    },
    twilio: {
      accountSid: complete.TWILIO_ACCOUNT_SID,
      authToken: complete.TWILIO_AUTH_TOKEN,
      from: complete.TWILIO_FROM,
      apiUrl: complete.TWILIO_API_URL ?? 'https://api.twilio.com',
    },
    messages: messageConfig(complete, (name) => Boolean(environment[name]), stripeStandIn),
    adminApiKey: complete.ADMIN_API_KEY,
    /** Where another provider looks after the sign-in of staff. */
    oidc: complete.OIDC_ISSUER === undefined ? undefined : oidcOf(complete, publicUrl),
    keys: {
      link: complete.LINK_KEYS,
      master: complete.MASTER_KEYS,
      seal: complete.SEAL_KEY,
      contact: complete.CONTACT_KEY,
    },
    /** Where Stripe is the embedded one there are demo data, and limits are wide. */
    stripeEmbedded: stripeStandIn,
    /** A tour of stand-ins on one machine: its start makes an administrator and prints a sign-in. Never where customers are. */
    localSignIn: stripeStandIn && complete.NODE_ENV !== 'production' && isLoopbackUrl(publicUrl),
    /** No card is charged for real: a stand-in or a test key. Pages say so. */
    testMode: !/^(sk|rk)_live_/.test(complete.STRIPE_SECRET_KEY) || isLoopbackUrl(complete.STRIPE_API_URL ?? ''),
  };
}

/** A mail account that is an address sends as itself; otherwise the service sends from its own domain. */
function defaultSender(smtpUrl: string, publicUrl: string): string {
  const account = decodeURIComponent(new URL(smtpUrl).username);
  if (/^[^\s@]+@[^\s@]+$/.test(account)) return account;
  const host = new URL(publicUrl).hostname;
  return `invoices@${isLoopbackUrl(publicUrl) ? 'paylink.localhost' : host}`;
}

/** The rules have seen to it that all of it is set, or nothing. */
function oidcOf(complete: Settings, publicUrl: string) {
  return {
    issuer: complete.OIDC_ISSUER ?? '',
    clientId: complete.OIDC_CLIENT_ID ?? '',
    clientSecret: complete.OIDC_CLIENT_SECRET ?? '',
    redirectUri: `${publicUrl}/staff/sign-in/provider/callback`,
  };
}
