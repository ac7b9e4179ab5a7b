-- The store certainly has not got it: what it tells is not among store_record.sent until the next attempt.
ALTER TABLE delivery ADD COLUMN withdrawn boolean NOT NULL DEFAULT false;
