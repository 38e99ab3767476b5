-- What is decided and tried out of each branch: its checklist.
CREATE TABLE branch_setups (
  branch_id uuid PRIMARY KEY,
  fee_decided boolean NOT NULL,
  email_tried boolean NOT NULL,
  text_tried boolean NOT NULL,
  tests jsonb NOT NULL,
  revision bigint NOT NULL
);

-- Whether a branch has ever sent an email, and a text.
CREATE INDEX links_sent_by_branch ON links (branch_id, channel) WHERE sent_at IS NOT NULL;
CREATE INDEX payments_by_card ON payments (branch_id) WHERE method = 'card';
