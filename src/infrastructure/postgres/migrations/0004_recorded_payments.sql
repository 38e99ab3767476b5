-- Money that came by other ways than by card, and revised invoices. Both read models are read again from the log.
TRUNCATE invoices, payments, payment_invoices;
DELETE FROM checkpoints WHERE member IN ('invoices', 'payment-history');
DELETE FROM parked_events WHERE member IN ('invoices', 'payment-history');

-- What was recorded on an invoice, so that a reversal knows how much is owed again.
CREATE TABLE invoice_recorded_payments (
  payment_id uuid PRIMARY KEY,
  amount_minor bigint NOT NULL,
  revision bigint NOT NULL
);

-- Where a branch's clocks stand: a payment that was received on a day is put at its noon.
CREATE TABLE payment_branches (
  branch_id uuid PRIMARY KEY,
  time_zone text NOT NULL,
  revision bigint NOT NULL
);

-- No link was paid by where staff recorded a payment. When each thing became known, so that a list can be asked for as it was.
ALTER TABLE payments
  ALTER COLUMN link_id DROP NOT NULL,
  ADD COLUMN received_on date,
  ADD COLUMN reference text,
  ADD COLUMN recorded_at timestamptz NOT NULL,
  ADD COLUMN reversed_at timestamptz,
  ADD COLUMN receipt_at timestamptz;
