-- How far each member of a consumer has read the log. `position` is what has been seen, `event_*` the last event among it:
-- that event is looked up at the next start, so that a log restored from an older backup is noticed.
CREATE TABLE checkpoints (
  member text PRIMARY KEY,
  consumer text NOT NULL,
  position bigint NOT NULL,
  event_position bigint,
  event_id uuid,
  event_stream text,
  event_revision bigint,
  updated_at timestamptz NOT NULL DEFAULT now()
);

-- Events that a member could not take, and every later event of their streams.
CREATE TABLE parked_events (
  member text NOT NULL,
  position bigint NOT NULL,
  stream text NOT NULL,
  revision bigint NOT NULL,
  event_id uuid NOT NULL,
  type text NOT NULL,
  error text NOT NULL,
  parked_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (member, position)
);

-- One row for each capture. The rank is missing while an unreadable event before it could still be a capture of the branch.
CREATE TABLE receipt_numbers (
  payment_id uuid PRIMARY KEY,
  member text NOT NULL,
  branch_id uuid NOT NULL,
  invoice_id uuid NOT NULL,
  cause_event_id uuid NOT NULL,
  position bigint NOT NULL,
  rank bigint,
  UNIQUE (branch_id, rank)
);
CREATE INDEX receipt_numbers_waiting ON receipt_numbers (branch_id, position) WHERE rank IS NULL;

-- Unreadable events that stop numbering: in one branch, or in all where nothing tells the branch.
CREATE TABLE numbering_stops (
  member text NOT NULL,
  position bigint NOT NULL,
  branch_id text,
  PRIMARY KEY (member, position)
);

-- The key of each customer's personal data, wrapped by a master key. Without the row the data are gone.
CREATE TABLE customer_keys (
  customer_id text PRIMARY KEY,
  master_version text NOT NULL,
  wrapped_key bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Quotes of a price, kept until they expire and a day longer.
CREATE TABLE quotes (
  quote_id text PRIMARY KEY,
  quote jsonb NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX quotes_by_expiry ON quotes (expires_at);

-- Notices of the card processor that were seen: of their contents nothing is kept.
CREATE TABLE webhook_notices (
  event_id text PRIMARY KEY,
  type text NOT NULL,
  object_id text NOT NULL,
  received_at timestamptz NOT NULL,
  processed_at timestamptz
);

-- Pay pages that were fetched while nobody showed that a person was there. Neither address nor browser is kept.
CREATE TABLE link_loads (
  load_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  link_id text NOT NULL,
  at timestamptz NOT NULL,
  likely_scanner boolean NOT NULL
);
CREATE INDEX link_loads_by_link ON link_loads (link_id, at);
