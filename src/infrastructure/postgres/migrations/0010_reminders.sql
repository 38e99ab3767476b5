-- Which branches remind their customers, and when.
CREATE TABLE reminder_settings (
  branch_id uuid PRIMARY KEY,
  time_zone text NOT NULL,
  policy jsonb,
  revision bigint NOT NULL
);

-- Whose reminders of a day are all decided: they are not looked for again.
CREATE TABLE reminder_runs (
  branch_id uuid NOT NULL,
  on_date date NOT NULL,
  due_on date NOT NULL,
  PRIMARY KEY (branch_id, on_date, due_on)
);

CREATE INDEX invoices_by_due_date ON invoices (branch_id, due_on, invoice_id);
