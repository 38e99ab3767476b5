-- How often what a user signs in with changed, or they were shut out. A sign-in that began before such a change must end in no session,
-- so each session names the version under which it was asked for, and holds for that one alone.
CREATE TABLE staff_credentials (
  user_id uuid PRIMARY KEY,
  version bigint NOT NULL
);
ALTER TABLE staff_sessions ADD COLUMN credentials bigint NOT NULL DEFAULT 0;

-- A second factor that was begun and never confirmed is begun anew after a while. Those of before count as begun long ago.
ALTER TABLE staff_second_factors ADD COLUMN begun_at timestamptz NOT NULL DEFAULT 'epoch';
