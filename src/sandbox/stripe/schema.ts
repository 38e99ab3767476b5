import type pg from 'pg';
import { OWN_ACCOUNT } from './accounts.js';

/**
 * Everything that the stand-in remembers. Objects are kept as the API answers them (`body`), beside what Stripe would know
 * and never say (`hidden`). No column and no field ever holds a whole card number.
 */
const SCHEMA_SQL = `
create schema if not exists stripe_stand_in;
create table if not exists stripe_stand_in.object (
  id text primary key,
  kind text not null,
  seq bigint generated always as identity,
  created bigint not null,
  parent text,
  body jsonb not null,
  hidden jsonb not null default '{}'
);
create index if not exists object_by_kind on stripe_stand_in.object (kind, seq);
create index if not exists object_by_parent on stripe_stand_in.object (parent) where parent is not null;
create table if not exists stripe_stand_in.idempotency (
  key text primary key,
  fingerprint text not null,
  status integer not null,
  body text not null,
  request_id text not null,
  kept_at timestamptz not null
);
create table if not exists stripe_stand_in.delivery (
  event_id text not null,
  seq bigint generated always as identity,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null,
  give_up_at timestamptz not null
);
alter table stripe_stand_in.object add column if not exists account text not null default '${OWN_ACCOUNT}';
create index if not exists object_by_account on stripe_stand_in.object (account, kind, seq);
-- One event can be for several endpoints. The one that the stand-in was started with has no id.
alter table stripe_stand_in.delivery add column if not exists endpoint text not null default '';
alter table stripe_stand_in.delivery drop constraint if exists delivery_pkey;
create unique index if not exists delivery_once on stripe_stand_in.delivery (event_id, endpoint);
create index if not exists delivery_due on stripe_stand_in.delivery (next_attempt_at);
`;

/** Two processes starting on one database at once would trip over each other's "if not exists", so they take turns. */
const SCHEMA_LOCK = 0x5712_9e01;

/** Makes the stand-in's tables where they are missing. */
export async function ensureSchema(pool: pg.Pool): Promise<void> {
  const sql = await pool.connect();
  try {
    await sql.query('begin');
    await sql.query('select pg_advisory_xact_lock($1)', [SCHEMA_LOCK]);
    await sql.query(SCHEMA_SQL);
    await sql.query('commit');
  } catch (error) {
    await sql.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    sql.release();
  }
}
