-- What opens the accounts of branches at the card processor: ciphertext under a key of each secret's own, which a master key wraps.
-- Rows are added and never changed, because payments that began under a former key are settled under it.
CREATE TABLE branch_secrets (
  branch_id uuid NOT NULL,
  -- `keys:` and the fingerprint of the secret key, or `connect:` and the account's id.
  account text NOT NULL,
  -- `secret_key`, or the processor's id of the endpoint whose signing secret it is.
  name text NOT NULL,
  secret text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (branch_id, account, name)
);
