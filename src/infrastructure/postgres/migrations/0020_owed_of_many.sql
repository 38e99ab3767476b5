-- What is owed says of a link whether it is one of many: the list is read from the log again.
TRUNCATE owed;
DELETE FROM checkpoints WHERE member = 'owed';
DELETE FROM parked_events WHERE member = 'owed';
