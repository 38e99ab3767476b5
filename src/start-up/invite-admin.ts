/** `invite-admin <email>`: mails an invitation to the first administrator; there is nobody yet who could do it in the portal. */
import { randomUUID } from 'node:crypto';
import { EventCodec } from '../application/event-codec.js';
import { Execute } from '../application/execute.js';
import { InviteUser, InviteUserHandler } from '../application/staff/invite-user.js';
import { StaffLinkMail } from '../application/staff/staff-link-mail.js';
import { Users } from '../application/staff/user-view.js';
import { DomainError } from '../domain/errors.js';
import { HmacContactDigest } from '../infrastructure/auth/hmac-contact-digest.js';
import { HmacStaffLinkTokens } from '../infrastructure/auth/hmac-staff-link-tokens.js';
import { ConfigurationError, type Config, type Environment } from '../infrastructure/config.js';
import { EsdbEventStore } from '../infrastructure/eventstore/esdb-event-store.js';
import { CustomerKeyRing } from '../infrastructure/postgres/customer-key-ring.js';
import { migrate } from '../infrastructure/postgres/migrate.js';
import { PgSql } from '../infrastructure/postgres/pg-sql.js';
import { PgStaffLinks } from '../infrastructure/postgres/pg-staff-links.js';
import { createPool } from '../infrastructure/postgres/pool.js';
import { BullJobQueue } from '../infrastructure/queue/bull-job-queue.js';
import { CryptoRandomness } from '../infrastructure/runtime/crypto-randomness.js';
import { SystemClock } from '../infrastructure/runtime/system-clock.js';
import { startConfiguration } from './configuration.js';

const USAGE = 'Say whom to invite: node dist/main.js invite-admin name@example.com';
const NAME = 'Administrator';

/** @throws ConfigurationError in plain words for an address that is none, or of somebody who has been in already */
export async function inviteAdmin(words: readonly string[], environment: Environment): Promise<void> {
  const [email, ...more] = words;
  if (email === undefined || more.length > 0) throw new ConfigurationError(USAGE);
  const { config, embedded } = await startConfiguration(environment, { servesHttp: false });
  const pool = createPool(config.databaseUrl, { max: 2 });
  const store = new EsdbEventStore({ connectionString: config.eventStoreUrl });
  const queue = new BullJobQueue(config.queueUrl);
  try {
    await migrate(config.databaseUrl);
    await invite(handlerOn(config, new PgSql(pool), store, queue), email);
    process.stdout.write(
      'The invitation is queued: the running service mails it. Its link works once, for seven days.\n',
    );
  } finally {
    await queue.close();
    await store.close();
    await pool.end();
    await embedded.stop();
  }
}

function handlerOn(config: Config, sql: PgSql, store: EsdbEventStore, queue: BullJobQueue): InviteUserHandler {
  const clock = new SystemClock();
  const execute = new Execute(store, new EventCodec(new CustomerKeyRing(sql, config.keys.master)), clock);
  const users = new Users(execute, new HmacContactDigest(config.keys.contact));
  const tokens = new HmacStaffLinkTokens(config.keys.contact);
  const mail = new StaffLinkMail(new PgStaffLinks(sql), tokens, queue, clock, new CryptoRandomness());
  // Nobody waits for a list here: the service that runs takes the user in by itself.
  return new InviteUserHandler(execute, users, mail, { wait: () => Promise.resolve(true) });
}

async function invite(handler: InviteUserHandler, email: string): Promise<void> {
  const cause = randomUUID();
  const context = { actor: 'system:invite-admin', cause, correlationId: cause };
  try {
    await handler.execute(new InviteUser({ email, name: NAME, role: 'admin' }, context));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (error.code === 'user_exists') {
      throw new ConfigurationError('This user has been in already: the sign-in page mails a new password.');
    }
    throw new ConfigurationError(`The address cannot be used. ${String(error.details['reason'] ?? '')}\n${USAGE}`);
  }
}
