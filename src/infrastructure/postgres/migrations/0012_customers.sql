-- Customers as they are now, found as staff type.
CREATE TABLE customers (
  customer_id uuid PRIMARY KEY,
  branch_id uuid NOT NULL,
  external_id text,
  name text NOT NULL,
  -- Names in the order of an alphabet without case and accents; bytes compare the same on every server.
  name_key text COLLATE "C" NOT NULL,
  email text,
  phone text,
  locale text,
  time_zone text,
  search text NOT NULL,
  revision bigint NOT NULL
);
CREATE INDEX customers_by_name ON customers (name_key, customer_id);
CREATE INDEX customers_by_branch ON customers (branch_id, name_key, customer_id);
CREATE INDEX customers_by_external_id ON customers (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX customers_by_search ON customers USING gin (search gin_trgm_ops);
