-- Work that takes longer than a request: many links at once, the import of a file. A row is accepted before the caller is
-- answered; whoever holds the lease works on it, and a lease that ran out is anybody's.
CREATE TABLE long_jobs (
  job_id uuid PRIMARY KEY,
  kind text NOT NULL,
  -- receiving (an upload that is not here yet), queued, running, done, cancelled
  status text NOT NULL,
  -- The branches that it concerns; null where it may concern any, and only those who see all of them see it.
  branch_ids uuid[],
  actor text NOT NULL,
  correlation_id text NOT NULL,
  -- Ids and choices alone, nothing personal.
  request jsonb NOT NULL,
  -- How far an import has got; links have rows of their own.
  progress jsonb NOT NULL DEFAULT '{}',
  cancel_asked boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL,
  started_at timestamptz,
  finished_at timestamptz,
  lease_owner uuid,
  lease_until timestamptz
);
CREATE INDEX long_jobs_waiting ON long_jobs (kind, created_at) WHERE status IN ('queued', 'running');
CREATE INDEX long_jobs_latest ON long_jobs (created_at DESC, job_id);

-- One row for each invoice that a link was asked for; `outcome` is missing while it waits. Whom the link goes to stands here as a
-- keyed digest alone.
CREATE TABLE bulk_link_items (
  job_id uuid NOT NULL REFERENCES long_jobs ON DELETE CASCADE,
  ordinal integer NOT NULL,
  invoice_id uuid NOT NULL,
  branch_id uuid NOT NULL,
  number text NOT NULL,
  link_id text NOT NULL,
  -- Links with one key share one message.
  message_key text NOT NULL,
  recipient_digest text,
  outcome text,
  reason text,
  done_at timestamptz,
  PRIMARY KEY (job_id, ordinal)
);
CREATE INDEX bulk_link_items_waiting ON bulk_link_items (job_id, ordinal) WHERE outcome IS NULL;
CREATE INDEX bulk_link_items_by_message ON bulk_link_items (message_key, ordinal);
CREATE INDEX bulk_link_items_by_branch ON bulk_link_items (branch_id, done_at) WHERE outcome = 'queued';

-- An uploaded file in pieces, until it has been read: several copies of the service share no disk.
CREATE TABLE import_chunks (
  job_id uuid NOT NULL REFERENCES long_jobs ON DELETE CASCADE,
  ordinal integer NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (job_id, ordinal)
);

-- What is wrong with a file, by line.
CREATE TABLE import_problems (
  job_id uuid NOT NULL REFERENCES long_jobs ON DELETE CASCADE,
  line integer NOT NULL,
  ordinal integer NOT NULL,
  number text,
  field text NOT NULL,
  code text NOT NULL,
  reason text,
  PRIMARY KEY (job_id, line, ordinal)
);
