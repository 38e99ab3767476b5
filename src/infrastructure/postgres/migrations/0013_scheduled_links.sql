-- Find invoice says when the message of a scheduled link goes out: the list of invoices is read from the log again.
TRUNCATE invoices, invoice_recorded_payments;
DELETE FROM checkpoints WHERE member = 'invoices';
DELETE FROM parked_events WHERE member = 'invoices';

ALTER TABLE invoices ADD COLUMN last_link_send_at timestamptz;
