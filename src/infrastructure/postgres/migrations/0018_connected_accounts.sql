-- Which connected account a branch charges on decides who may name it for another branch: branches are read from the log again.
TRUNCATE branches;
DELETE FROM checkpoints WHERE member = 'branches';
DELETE FROM parked_events WHERE member = 'branches';

ALTER TABLE branches ADD COLUMN connected_account text;
CREATE INDEX branches_by_connected_account ON branches (connected_account) WHERE connected_account IS NOT NULL;
