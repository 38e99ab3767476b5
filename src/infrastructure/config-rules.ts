import { isLoopbackUrl } from './config-values.js';
import type { Settings } from './config-schema.js';

/** What is wrong with a variable, as the end of a sentence that begins with its name. */
export interface Complaint {
  readonly variable: string;
  readonly mend: string;
}

const STRIPE = ['STRIPE_SECRET_KEY', 'STRIPE_PUBLISHABLE_KEY', 'STRIPE_WEBHOOK_SECRET'] as const;
const OIDC = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'] as const;
const TWILIO = ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_FROM'] as const;

/** Everything that must be known before the service runs, and that must be set by hand where real customers are served. */
export const STRICT_VARIABLES = [
  'EVENTSTORE_URL',
  'DATABASE_URL',
  'QUEUE_URL',
  'SMTP_URL',
  ...STRIPE,
  ...TWILIO,
  'ADMIN_API_KEY',
  'LINK_KEYS',
  'MASTER_KEYS',
  'SEAL_KEY',
  'CONTACT_KEY',
] as const;

/** What the variables say together. Each on its own is right already. */
export function findContradictions(settings: Settings): Complaint[] {
  return [
    ...findMissing(settings),
    ...findHalfGroups(settings),
    ...findHalfProvider(settings),
    ...findStripeContradictions(settings),
    ...findStandIns(settings),
    ...findPortContradictions(settings),
  ];
}

/** Why stand-ins and made keys are out of the question here, or `undefined` where they are welcome. */
function reasonForStrictness(settings: Settings): string | undefined {
  if (settings.NODE_ENV === 'production') return 'NODE_ENV is production';
  const keys = [settings.STRIPE_SECRET_KEY, settings.STRIPE_PUBLISHABLE_KEY];
  if (keys.some((key) => key !== undefined && /^[a-z]{2}_live_/.test(key))) return 'a Stripe key is a live one';
  if (settings.PUBLIC_URL !== undefined && !isLoopbackUrl(settings.PUBLIC_URL))
    return 'PUBLIC_URL is not on this machine';
  return undefined;
}

function findMissing(settings: Settings): Complaint[] {
  const reason = reasonForStrictness(settings);
  if (reason === undefined) return [];
  return (['PUBLIC_URL', ...STRICT_VARIABLES] as const)
    .filter((name) => settings[name] === undefined)
    .map((variable) => ({ variable, mend: `must be set, because ${reason}` }));
}

/** A system outside is either ours or theirs: half a set of keys would mix the two. */
function findHalfGroups(settings: Settings): Complaint[] {
  if (reasonForStrictness(settings) !== undefined) return [];
  const groups = [
    { keys: STRIPE, set: [...STRIPE, 'STRIPE_API_URL', 'STRIPE_JS_URL'] as const },
    { keys: TWILIO, set: [...TWILIO, 'TWILIO_API_URL'] as const },
  ];
  return groups.flatMap(({ keys, set }) => {
    const given = set.find((name) => settings[name] !== undefined);
    if (given === undefined) return [];
    return keys
      .filter((name) => settings[name] === undefined)
      .map((variable) => ({ variable, mend: `must be set too, because ${given} is set` }));
  });
}

/** Staff sign in at one provider or here: half a provider would let nobody in. */
function findHalfProvider(settings: Settings): Complaint[] {
  const given = OIDC.find((name) => settings[name] !== undefined);
  if (given === undefined) return [];
  return OIDC.filter((name) => settings[name] === undefined).map((variable) => ({
    variable,
    mend: `must be set too, because ${given} is set`,
  }));
}

function findStripeContradictions(settings: Settings): Complaint[] {
  const mode = (key: string | undefined) => key?.split('_')[1];
  const secret = mode(settings.STRIPE_SECRET_KEY);
  const publishable = mode(settings.STRIPE_PUBLISHABLE_KEY);
  const complaints: Complaint[] = [];
  if (secret !== undefined && publishable !== undefined && secret !== publishable) {
    complaints.push({
      variable: 'STRIPE_PUBLISHABLE_KEY',
      mend: 'must be of the same mode (test or live) as STRIPE_SECRET_KEY',
    });
  }
  if (settings.STRIPE_JS_URL === undefined && isLoopbackUrl(settings.STRIPE_API_URL ?? '')) {
    complaints.push({ variable: 'STRIPE_JS_URL', mend: 'must be set too, because STRIPE_API_URL is on this machine' });
  }
  return complaints;
}

/** The marks that the sandbox puts into what it hands out, and APIs that never live on the same machine. */
function findStandIns(settings: Settings): Complaint[] {
  const reason = reasonForStrictness(settings);
  if (reason === undefined) return [];
  const complaints: Complaint[] = [];
  const complain = (variable: string): void => {
    complaints.push({ variable, mend: `is a stand-in's, which is refused because ${reason}` });
  };
  for (const name of ['STRIPE_API_URL', 'STRIPE_JS_URL', 'TWILIO_API_URL'] as const) {
    if (settings[name] !== undefined && isLoopbackUrl(settings[name])) complain(name);
  }
  for (const name of ['STRIPE_SECRET_KEY', 'STRIPE_PUBLISHABLE_KEY'] as const) {
    if (/^[a-z]{2}_test_sandbox/.test(settings[name] ?? '')) complain(name);
  }
  if (/[?&]connectionName=sandbox(&|$)/.test(settings.EVENTSTORE_URL ?? '')) complain('EVENTSTORE_URL');
  if (/^smtps?:\/\/sandbox:/.test(settings.SMTP_URL ?? '')) complain('SMTP_URL');
  return complaints;
}

function findPortContradictions(settings: Settings): Complaint[] {
  if (settings.SANDBOX_PORT === undefined && settings.PORT === 65_535) {
    return [{ variable: 'SANDBOX_PORT', mend: 'must be set where PORT is 65535' }];
  }
  if (settings.SANDBOX_PORT === settings.PORT) {
    return [{ variable: 'SANDBOX_PORT', mend: 'must differ from PORT' }];
  }
  return [];
}
