-- Where another provider looks after the sign-in: whether it was made to ask who it is, or may have gone by a session of its own.
ALTER TABLE staff_sessions ADD COLUMN proven_anew boolean NOT NULL DEFAULT false;
