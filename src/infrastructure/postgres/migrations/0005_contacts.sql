-- What is known of each address, which is named by its keyed digest alone.
CREATE TABLE contacts (
  digest text PRIMARY KEY,
  text_consent_at timestamptz,
  text_consent_how text,
  opted_out_at timestamptz,
  opted_out_source text,
  unreachable jsonb,
  revision bigint NOT NULL
) WITH (fillfactor = 80);

-- Texts to customers, each by the link that it carries or the payment that it is the receipt of: whatever the provider reports
-- names its own id of the text only, and an answer names nothing but the number.
CREATE TABLE texts (
  text_id text PRIMARY KEY,
  invoice_id uuid NOT NULL,
  link_id text,
  number text,
  provider_id text,
  sent_at timestamptz,
  revision bigint NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX texts_by_provider_id ON texts (provider_id) WHERE provider_id IS NOT NULL;
CREATE INDEX texts_by_number ON texts (number, sent_at DESC) WHERE number IS NOT NULL;

-- What the text provider told, until it has been dealt with. `notice` holds a number and perhaps words of a customer: it is
-- emptied then, and the row stays so that the same news is known when it comes again.
CREATE TABLE text_notices (
  notice_id text PRIMARY KEY,
  notice jsonb,
  received_at timestamptz NOT NULL,
  processed_at timestamptz,
  -- `done`, or why nothing came of it.
  outcome text
);
CREATE INDEX text_notices_from_strangers ON text_notices (outcome) WHERE outcome = 'unknown_sender';
CREATE INDEX text_notices_waiting ON text_notices (received_at) WHERE processed_at IS NULL;

-- Messages that people asked for one by one, for the caps: kept for two days. `number` is a keyed digest.
CREATE TABLE message_uses (
  message_id text PRIMARY KEY,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  invoice_id uuid NOT NULL,
  number text
);
CREATE INDEX message_uses_by_number ON message_uses (number, at) WHERE number IS NOT NULL;
CREATE INDEX message_uses_by_invoice ON message_uses (invoice_id, at);
CREATE INDEX message_uses_by_actor ON message_uses (actor, at);
CREATE INDEX message_uses_by_age ON message_uses (at);

-- What texts of a day cost, in segments, over all branches.
CREATE TABLE text_spend (
  day date PRIMARY KEY,
  segments bigint NOT NULL
);
