-- Who may sign in to the portal: a read model of the streams user-<uuid>.
CREATE TABLE users (
  user_id uuid PRIMARY KEY,
  email text NOT NULL,
  name text NOT NULL,
  role text NOT NULL,
  branch_ids jsonb,
  status text NOT NULL,
  invited_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  revision bigint NOT NULL
);
CREATE UNIQUE INDEX users_by_email ON users (email) WHERE email <> '[erased]';

-- What follows is no read model: it comes of no event, and no event ever holds any of it.

-- Argon2id hashes, with their parameters in them.
CREATE TABLE staff_passwords (
  user_id uuid PRIMARY KEY,
  password_hash text NOT NULL,
  changed_at timestamptz NOT NULL
);

-- Single-use links: invitations, resets, and the sign-in that a start prints for its own machine. Only the SHA-256 of what stands
-- in the link is kept.
CREATE TABLE staff_links (
  link_id uuid PRIMARY KEY,
  token_hash text NOT NULL UNIQUE,
  user_id uuid NOT NULL,
  purpose text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  mailed_at timestamptz,
  used_at timestamptz
);
CREATE INDEX staff_links_by_user ON staff_links (user_id);
CREATE INDEX staff_links_owed ON staff_links (created_at) WHERE mailed_at IS NULL AND used_at IS NULL;

-- Sessions of browsers, under the SHA-256 of their secret. A session that waits for its second factor opens nothing.
CREATE TABLE staff_sessions (
  session_hash text PRIMARY KEY,
  user_id uuid NOT NULL,
  waits_for_code boolean NOT NULL,
  created_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL,
  confirmed_at timestamptz
);
CREATE INDEX staff_sessions_by_user ON staff_sessions (user_id);
CREATE INDEX staff_sessions_by_age ON staff_sessions (seen_at);

-- Second factors: the secret is ciphertext under the user's own key. The last step that was used is never taken again.
CREATE TABLE staff_second_factors (
  user_id uuid PRIMARY KEY,
  secret text NOT NULL,
  confirmed_at timestamptz,
  last_step bigint NOT NULL DEFAULT -1
);
CREATE TABLE staff_recovery_codes (
  user_id uuid NOT NULL,
  code_hash text NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (user_id, code_hash)
);

-- Tries to sign in within a window of time, by a keyed digest of whom and where they are about. Processes share the count.
CREATE TABLE staff_tries (
  subject text PRIMARY KEY,
  tries integer NOT NULL,
  ends_at timestamptz NOT NULL
);
CREATE INDEX staff_tries_by_end ON staff_tries (ends_at);

-- Signing in at another identity provider, from the redirect there to the one back: state, nonce and verifier in one.
CREATE TABLE staff_oidc_flows (
  state_hash text PRIMARY KEY,
  flow jsonb NOT NULL,
  expires_at timestamptz NOT NULL
);
