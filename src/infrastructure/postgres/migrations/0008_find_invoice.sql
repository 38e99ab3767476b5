-- Find invoice shows what happened last to an invoice's links, and finds names whatever their accents: both are read from the log
-- again, and so is the payment history, which is searched in the same way.
TRUNCATE invoices, payments, payment_invoices;
DELETE FROM checkpoints WHERE member IN ('invoices', 'payment-history');
DELETE FROM parked_events WHERE member IN ('invoices', 'payment-history');

ALTER TABLE invoices
  ADD COLUMN last_link_id text,
  ADD COLUMN last_link_status text,
  ADD COLUMN last_link_channel text,
  ADD COLUMN last_link_at timestamptz,
  ADD COLUMN link_channels jsonb NOT NULL;

-- An invoice changes its status once or twice, but much happens to its links: that still touches no index.
CREATE INDEX invoices_by_status ON invoices (status, issued_on DESC, position DESC);
CREATE INDEX invoices_by_branch_and_status ON invoices (branch_id, status, issued_on DESC, position DESC);
