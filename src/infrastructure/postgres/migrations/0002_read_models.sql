-- Everything here can be emptied and read again from the log.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Indexes are on columns that events seldom change, so that the many small changes of an invoice touch no index.
CREATE TABLE invoices (
  invoice_id uuid PRIMARY KEY,
  branch_id uuid NOT NULL,
  number text NOT NULL,
  external_id text,
  customer_id uuid NOT NULL,
  customer_name text NOT NULL,
  customer_email text,
  customer_phone text,
  issued_on date NOT NULL,
  due_on date NOT NULL,
  currency text NOT NULL,
  total_minor bigint NOT NULL,
  paid_minor bigint NOT NULL,
  balance_minor bigint NOT NULL,
  status text NOT NULL,
  search text NOT NULL,
  position bigint NOT NULL,
  revision bigint NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX invoices_by_issue ON invoices (issued_on DESC, position DESC);
CREATE INDEX invoices_by_branch ON invoices (branch_id, issued_on DESC, position DESC);
CREATE INDEX invoices_by_customer ON invoices (customer_id);
CREATE INDEX invoices_by_external_id ON invoices (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX invoices_by_search ON invoices USING gin (search gin_trgm_ops);

-- What the links need to know of an invoice, so that they depend on no other read model.
CREATE TABLE link_invoices (
  invoice_id uuid PRIMARY KEY,
  branch_id uuid NOT NULL,
  revision bigint NOT NULL
);

CREATE TABLE links (
  link_id text PRIMARY KEY,
  invoice_id uuid NOT NULL,
  branch_id uuid NOT NULL,
  channel text NOT NULL,
  recipient text,
  status text NOT NULL,
  issued_at timestamptz NOT NULL,
  sent_at timestamptz,
  opened_at timestamptz,
  expires_at timestamptz NOT NULL,
  failure jsonb,
  history jsonb NOT NULL,
  position bigint NOT NULL,
  revision bigint NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX links_by_invoice ON links (invoice_id, position);

-- What payment history needs to know of an invoice, so that it depends on no other read model.
CREATE TABLE payment_invoices (
  invoice_id uuid PRIMARY KEY,
  branch_id uuid NOT NULL,
  number text NOT NULL,
  customer_id uuid NOT NULL,
  customer_name text NOT NULL,
  revision bigint NOT NULL
);

CREATE TABLE payments (
  payment_id uuid PRIMARY KEY,
  invoice_id uuid NOT NULL,
  link_id text NOT NULL,
  branch_id uuid NOT NULL,
  invoice_number text NOT NULL,
  customer_id uuid NOT NULL,
  customer_name text NOT NULL,
  method text NOT NULL,
  status text NOT NULL,
  captured_at timestamptz NOT NULL,
  amount_minor bigint NOT NULL,
  fee_minor bigint NOT NULL,
  total_minor bigint NOT NULL,
  refunded_minor bigint NOT NULL,
  currency text NOT NULL,
  card_brand text,
  card_last4 text,
  card_funding text,
  payment_intent_id text,
  receipt_id text,
  receipt_number text,
  search text NOT NULL,
  position bigint NOT NULL,
  revision bigint NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX payments_by_time ON payments (captured_at DESC, payment_id DESC);
CREATE INDEX payments_by_branch ON payments (branch_id, captured_at DESC, payment_id DESC);
CREATE UNIQUE INDEX payments_by_receipt ON payments (receipt_id) WHERE receipt_id IS NOT NULL;
CREATE INDEX payments_by_search ON payments USING gin (search gin_trgm_ops);

CREATE TABLE branches (
  branch_id uuid PRIMARY KEY,
  name text NOT NULL,
  time_zone text NOT NULL,
  details jsonb NOT NULL,
  card_processing text,
  position bigint NOT NULL,
  revision bigint NOT NULL
);

CREATE TABLE api_keys (
  key_id text PRIMARY KEY,
  key_hash text NOT NULL,
  name text NOT NULL,
  role text NOT NULL,
  branch_ids jsonb,
  expires_at timestamptz,
  created_at timestamptz NOT NULL,
  revoked_at timestamptz,
  position bigint NOT NULL,
  revision bigint NOT NULL
);
CREATE UNIQUE INDEX api_keys_by_hash ON api_keys (key_hash);

-- For each invoice what was promised and has not been done yet: what the sweeps look after.
CREATE TABLE owed (
  invoice_id uuid PRIMARY KEY,
  items jsonb NOT NULL,
  copied_links jsonb NOT NULL,
  oldest_since timestamptz,
  revision bigint NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX owed_by_age ON owed (oldest_since) WHERE oldest_since IS NOT NULL;
