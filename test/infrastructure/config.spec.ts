import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ConfigurationError,
  completeConfig,
  parseEnvironment,
  readEnvironment,
} from '../../src/infrastructure/config.js';
import type { Environment } from '../../src/infrastructure/config.js';
import { keepSecrets } from '../../src/infrastructure/secrets.js';

const key = (): string => randomBytes(32).toString('base64');

function completeEnvironment(): Record<string, string> {
  return {
    NODE_ENV: 'production',
    PUBLIC_URL: 'https://pay.example.com',
    EVENTSTORE_URL: 'esdb://store.internal:2113',
    DATABASE_URL: 'postgres://paylink:dbpass@db.internal:5432/paylink',
    QUEUE_URL: 'redis://queue.internal:6379',
    SMTP_URL: 'smtp://mailer:mailpass@mail.internal:587',
    STRIPE_SECRET_KEY: 'sk_live_51abcdef',
    STRIPE_PUBLISHABLE_KEY: 'pk_live_51abcdef',
    STRIPE_WEBHOOK_SECRET: 'whsec_abcdef',
    TWILIO_ACCOUNT_SID: `AC${'0a'.repeat(16)}`,
    TWILIO_AUTH_TOKEN: 'f0'.repeat(16),
    TWILIO_FROM: '+12125550123',
    ADMIN_API_KEY: 'an-admin-key-of-some-length',
    LINK_KEYS: `2:${key()},1:${key()}`,
    MASTER_KEYS: `1:${key()}`,
    SEAL_KEY: `1:${key()}`,
    CONTACT_KEY: key(),
  };
}

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  throw new Error('The configuration was not refused.');
}

const parsing = (environment: Environment) => refusal(() => parseEnvironment(environment));

describe('parseEnvironment', () => {
  it('takes a whole identity provider or none', () => {
    const provider = { OIDC_ISSUER: 'https://login.example.com/realm', OIDC_CLIENT_ID: 'paylink' };
    expect(parsing(provider)).toMatch('OIDC_CLIENT_SECRET must be set too, because OIDC_ISSUER is set');
    expect(parsing({ ...provider, OIDC_ISSUER: 'http://login.example.com' })).toMatch('OIDC_ISSUER must be the https');
    expect(parseEnvironment({ ...provider, OIDC_CLIENT_SECRET: 'secret' })).toMatchObject(provider);
  });

  it('has a default for everything on a developer’s machine', () => {
    expect(parseEnvironment({})).toEqual({
      PORT: 3000,
      DATA_DIR: './data',
      LOG_LEVEL: 'info',
      ROLES: ['web', 'projector', 'worker'],
      TRUST_PROXY: false,
      IMPORT_MAX_MB: '64',
      EMAILS_PER_SECOND: '20',
      TEXTS_PER_SECOND: '10',
      TEXTS_PER_NUMBER_A_DAY: '5',
      MESSAGES_PER_INVOICE_A_DAY: '10',
      MESSAGES_PER_STAFF_AN_HOUR: '200',
      TEXT_SEGMENTS_PER_DAY: '50000',
      QUIET_HOURS: '21:00-08:00',
    });
  });

  it.each([
    ['IMPORT_MAX_MB', '-5'],
    ['IMPORT_MAX_MB', '1001'],
    ['PORT', '0'],
    ['PORT', '70000'],
    ['PORT', 'eighty'],
    ['SANDBOX_PORT', '-1'],
    ['PUBLIC_URL', 'paylink.test'],
    ['PUBLIC_URL', 'http://paylink.test'],
    ['PUBLIC_URL', 'https://pay.example.com/sub'],
    ['LOG_LEVEL', 'loud'],
    ['ROLES', 'web,cook'],
    ['ROLES', 'web,web'],
    ['TRUST_PROXY', 'true'],
    ['EVENTSTORE_URL', 'http://localhost:2113'],
    ['DATABASE_URL', 'mysql://localhost/db'],
    ['QUEUE_URL', 'amqp://localhost'],
    ['SMTP_URL', 'localhost:25'],
    ['MAIL_FROM', 'a@example.com, b@example.com'],
    ['STRIPE_SECRET_KEY', 'pk_test_1secretvalue'],
    ['STRIPE_WEBHOOK_SECRET', 'secretvalue'],
    ['STRIPE_API_URL', 'http://stripe.example.com'],
    ['TWILIO_ACCOUNT_SID', 'AC12'],
    ['TWILIO_FROM', '2125550199'],
    ['ADMIN_API_KEY', 'short-secretvalue'],
    ['LINK_KEYS', 'secretvalue'],
    ['LINK_KEYS', `1:${Buffer.alloc(32, 7).toString('base64')}`],
    ['MASTER_KEYS', `1:${key()},1:${key()}`],
    ['SEAL_KEY', key()],
    ['CONTACT_KEY', randomBytes(16).toString('base64')],
  ])('refuses a wrong %s, naming it and not showing its value', (name, value) => {
    const message = parsing({ [name]: value });
    expect(message).toContain(`${name} must`);
    expect(message.split('\n').slice(1).join('\n')).not.toContain(value);
  });

  it('names every wrong variable at once', () => {
    const message = parsing({ PORT: 'x', DATABASE_URL: 'y', ROLES: 'z' });
    expect(message).toMatch(/PORT .*\n.*ROLES .*\n.*DATABASE_URL /);
  });

  it('counts an empty text as unset', () => {
    expect(parseEnvironment({ PORT: '', DATABASE_URL: '' }).PORT).toBe(3000);
  });

  it('refuses half a set of Stripe or Twilio settings and names the other half', () => {
    expect(parsing({ STRIPE_SECRET_KEY: 'sk_test_x' })).toMatch(
      /STRIPE_PUBLISHABLE_KEY must be set.*\n.*STRIPE_WEBHOOK_SECRET must be set/,
    );
    expect(parsing({ TWILIO_API_URL: 'http://127.0.0.1:3001' })).toMatch(/TWILIO_ACCOUNT_SID must be set/);
  });

  it('refuses keys of two modes', () => {
    const environment = { ...completeEnvironment(), STRIPE_PUBLISHABLE_KEY: 'pk_test_1' };
    expect(parsing(environment)).toContain('STRIPE_PUBLISHABLE_KEY must be of the same mode');
  });

  it.each([
    ['in production', { NODE_ENV: 'production' }],
    ['with a live Stripe key', { STRIPE_SECRET_KEY: 'sk_live_1' }],
    ['with a restricted live key', { STRIPE_SECRET_KEY: 'rk_live_1' }],
    ['with a live publishable key', { STRIPE_PUBLISHABLE_KEY: 'pk_live_1' }],
    ['with a public address', { PUBLIC_URL: 'https://pay.example.com' }],
  ])('names everything that is missing %s', (_when, environment: Record<string, string>) => {
    const message = parsing(environment);
    for (const name of Object.keys(completeEnvironment())) {
      if (name === 'NODE_ENV') continue;
      if (name in environment) expect(message).not.toContain(`${name} must`);
      else expect(message).toContain(`${name} must be set`);
    }
  });

  it.each([
    ['STRIPE_API_URL', 'http://127.0.0.1:3001'],
    ['TWILIO_API_URL', 'http://localhost:3001'],
    ['STRIPE_JS_URL', 'http://127.0.0.1:3001/endive/stripe.js'],
    ['EVENTSTORE_URL', 'esdb://127.0.0.1:2113?tls=false&connectionName=sandbox'],
    ['SMTP_URL', 'smtp://sandbox:x@127.0.0.1:2525'],
    ['STRIPE_SECRET_KEY', 'sk_test_sandboxabc'],
  ])('refuses the stand-in of %s in production', (name, value) => {
    expect(parsing({ ...completeEnvironment(), [name]: value })).toContain(`${name} is a stand-in's`);
  });

  it('takes http for localhost and its like', () => {
    for (const host of ['localhost', '127.0.0.1', '[::1]', 'paylink.localhost']) {
      expect(parseEnvironment({ PUBLIC_URL: `http://${host}:3000` }).PUBLIC_URL).toBe(`http://${host}:3000`);
    }
  });

  it('reads how many proxies are trusted', () => {
    expect(parseEnvironment({ TRUST_PROXY: '2' }).TRUST_PROXY).toBe(2);
    expect(parseEnvironment({ TRUST_PROXY: 'false' }).TRUST_PROXY).toBe(false);
    expect(parseEnvironment({ TRUST_PROXY: 'loopback, 10.0.0.0/8' }).TRUST_PROXY).toEqual(['loopback', '10.0.0.0/8']);
  });
});

describe('completeConfig', () => {
  it('answers everything under names of its own, keys as bytes, the real addresses of Stripe and Twilio', () => {
    const environment = completeEnvironment();
    const config = completeConfig(environment, {});
    expect(config).toMatchObject({
      production: true,
      testMode: false,
      stripeEmbedded: false,
      publicUrl: 'https://pay.example.com',
      mailFrom: 'invoices@pay.example.com',
      stripe: {
        apiUrl: 'https://api.stripe.com',
        jsUrl: 'https://js.stripe.com/endive/stripe.js',
        webhookSecrets: ['whsec_abcdef'],
      },
      twilio: { apiUrl: 'https://api.twilio.com' },
    });
    expect(config.keys.link.map(({ version }) => version)).toEqual([2, 1]);
    expect(`2:${config.keys.link[0].key.toString('base64')}`).toBe(environment['LINK_KEYS']?.split(',')[0]);
    expect(config.keys.contact).toHaveLength(32);
  });

  it('fills in what was provided, and knows that Stripe is the embedded one', () => {
    const { NODE_ENV: _production, PUBLIC_URL: _url, STRIPE_SECRET_KEY: _key, ...rest } = completeEnvironment();
    const { STRIPE_PUBLISHABLE_KEY: _publishable, STRIPE_WEBHOOK_SECRET: _secret, ...own } = rest;
    const provided = {
      STRIPE_SECRET_KEY: 'sk_test_sandbox1',
      STRIPE_PUBLISHABLE_KEY: 'pk_test_sandbox1',
      STRIPE_WEBHOOK_SECRET: 'whsec_1',
      STRIPE_API_URL: 'http://127.0.0.1:3001',
      STRIPE_JS_URL: 'http://127.0.0.1:3001/endive/stripe.js',
      DATABASE_URL: 'postgres://ignored:1@127.0.0.1/ignored',
    };
    const config = completeConfig(own, provided);
    expect(config).toMatchObject({ stripeEmbedded: true, testMode: true, publicUrl: 'http://localhost:3000' });
    expect(config.databaseUrl).toBe(own['DATABASE_URL']);
  });

  it('names what nobody provided', () => {
    expect(refusal(() => completeConfig({}, {}))).toMatch(/EVENTSTORE_URL must be set[\s\S]*CONTACT_KEY must be set/);
  });

  it('sends as the mail account where that is an address, or as told', () => {
    const account = { ...completeEnvironment(), SMTP_URL: 'smtps://office%40example.com:x@mail.example.com' };
    expect(completeConfig(account, {}).mailFrom).toBe('office@example.com');
    expect(completeConfig({ ...account, MAIL_FROM: 'pay@example.com' }, {}).mailFrom).toBe('pay@example.com');
  });
});

describe('readEnvironment', () => {
  it('reads the _FILE form, without the line break at its end', () => {
    const files: Record<string, string> = { '/run/secrets/db': 'postgres://u:p@h/d\n' };
    const environment = readEnvironment(
      { DATABASE_URL_FILE: '/run/secrets/db', HOME: '/x' },
      (path) => files[path] ?? '',
    );
    expect(environment).toEqual({ DATABASE_URL: 'postgres://u:p@h/d' });
  });

  it('refuses both forms at once, a file that cannot be read, and an empty one', () => {
    expect(refusal(() => readEnvironment({ SEAL_KEY: 'x', SEAL_KEY_FILE: '/y' }, () => 'z'))).toContain(
      'SEAL_KEY_FILE',
    );
    expect(refusal(() => readEnvironment({ SEAL_KEY_FILE: '/no/such/file' }))).toContain(
      'SEAL_KEY_FILE names a file that cannot be read',
    );
    expect(refusal(() => readEnvironment({ SEAL_KEY_FILE: '/y' }, () => '\n'))).toContain('names an empty file');
  });
});

describe('keepSecrets', () => {
  it('makes what is missing once, for its owner only, and completes the configuration with it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'paylink-secrets-'));
    try {
      const settings = parseEnvironment({ DATA_DIR: folder });
      const [first, second] = await Promise.all([keepSecrets(settings), keepSecrets(settings)]);
      expect(Object.keys(first ?? {}).sort()).toEqual([
        'ADMIN_API_KEY',
        'CONTACT_KEY',
        'LINK_KEYS',
        'MASTER_KEYS',
        'SEAL_KEY',
      ]);
      expect(second).toEqual(first);
      expect(await keepSecrets(settings)).toEqual(first);
      const file = join(folder, 'secrets', 'master-keys');
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(readFileSync(file, 'utf8').trim()).toBe(first?.['MASTER_KEYS']);
      expect(parseEnvironment(first ?? {}).ADMIN_API_KEY).toHaveLength(32);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('makes nothing that was set', async () => {
    expect(await keepSecrets(parseEnvironment(completeEnvironment()))).toEqual({});
  });

  it('says which keys are missing where it cannot keep them', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'paylink-secrets-'));
    try {
      writeFileSync(join(folder, 'secrets'), 'in the way');
      chmodSync(folder, 0o500);
      await expect(keepSecrets(parseEnvironment({ DATA_DIR: folder }))).rejects.toThrow(/LINK_KEYS.*DATA_DIR\/secrets/);
    } finally {
      chmodSync(folder, 0o700);
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
