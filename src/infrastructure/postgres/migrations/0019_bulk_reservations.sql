-- What a worker is about to issue of a branch's day. Once the item has an outcome, that alone counts: what was not used is given back
-- by being recorded, and a worker that was killed finds its own again.
ALTER TABLE bulk_link_items ADD COLUMN reserved_at timestamptz;
CREATE INDEX bulk_link_items_reserved ON bulk_link_items (branch_id, reserved_at) WHERE outcome IS NULL AND reserved_at IS NOT NULL;

-- Of one branch one at a time: each counts what the others before it have taken.
CREATE FUNCTION reserve_bulk_links(for_job uuid, of_branch uuid, asked integer[], since timestamptz, most bigint) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  taken bigint;
  granted integer;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('bulk links of ' || of_branch, 0));
  SELECT (SELECT count(*) FROM bulk_link_items WHERE branch_id = of_branch AND outcome = 'queued' AND done_at >= since)
       + (SELECT count(*) FROM bulk_link_items
          WHERE branch_id = of_branch AND outcome IS NULL AND reserved_at >= since
            AND NOT (job_id = for_job AND ordinal = ANY (asked)))
    INTO taken;
  granted := greatest(0, least(cardinality(asked), most - taken));
  UPDATE bulk_link_items SET reserved_at = CASE WHEN ordinal = ANY (asked[1:granted]) THEN now() END
  WHERE job_id = for_job AND ordinal = ANY (asked) AND outcome IS NULL;
  RETURN granted;
END $$;
