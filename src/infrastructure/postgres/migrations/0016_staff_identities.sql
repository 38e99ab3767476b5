-- Who a user is at the identity provider: the one who signed in first, whatever their address is called later. Issuer and subject are
-- the only thing that a provider promises never to give to somebody else.
CREATE TABLE staff_identities (
  user_id uuid PRIMARY KEY,
  issuer text NOT NULL,
  subject text NOT NULL,
  bound_at timestamptz NOT NULL,
  UNIQUE (issuer, subject)
);
