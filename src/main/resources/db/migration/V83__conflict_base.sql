-- What the store and the platform had agreed on when the conflict arose: where that is another value by now, the store has been sent
-- something since. NULL where it is not known.
ALTER TABLE conflict ADD COLUMN base jsonb;
