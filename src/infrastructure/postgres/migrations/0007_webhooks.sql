-- Read from the log: who is told of what.
CREATE TABLE webhook_endpoints (
  endpoint_id uuid PRIMARY KEY,
  url text NOT NULL,
  events jsonb,
  branch_ids jsonb,
  description text,
  enabled boolean NOT NULL,
  disabled_because text,
  former_secret_until timestamptz,
  created_at timestamptz NOT NULL,
  removed_at timestamptz,
  position bigint NOT NULL,
  revision bigint NOT NULL
);

-- Signing secrets of endpoints: ciphertext under the endpoint's key. Not to be had from the log: without the row a secret is gone.
CREATE TABLE webhook_secrets (
  secret_id uuid PRIMARY KEY,
  endpoint_id uuid NOT NULL,
  secret text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX webhook_secrets_by_endpoint ON webhook_secrets (endpoint_id);

-- What is to be told to whom, and what came of it. Of the message itself only where it comes from: it is made of the log again
-- for each try. `event_*` is missing where an administrator asked for a message to try the endpoint with.
CREATE TABLE webhook_deliveries (
  delivery_id uuid PRIMARY KEY,
  endpoint_id uuid NOT NULL,
  message_id uuid NOT NULL,
  type text NOT NULL,
  event_stream text,
  event_revision bigint,
  status text NOT NULL,
  created_at timestamptz NOT NULL,
  -- The first try of the present round: from it the three days count.
  round_began_at timestamptz NOT NULL,
  round integer NOT NULL,
  tries integer NOT NULL,
  next_try_at timestamptz,
  last_try_at timestamptz,
  response_code integer,
  duration_ms integer,
  error text,
  UNIQUE (endpoint_id, message_id)
) WITH (fillfactor = 80);
CREATE INDEX webhook_deliveries_by_endpoint ON webhook_deliveries (endpoint_id, created_at DESC, delivery_id DESC);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_try_at) WHERE next_try_at IS NOT NULL;
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (created_at);
