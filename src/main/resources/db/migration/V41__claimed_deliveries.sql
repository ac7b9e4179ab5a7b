-- Which hub has taken a delivery up: when that hub is gone, another need not wait for the end of its lease.
ALTER TABLE delivery ADD COLUMN claimed_by integer;
CREATE INDEX delivery_claimed ON delivery (claimed_by) WHERE claimed_by IS NOT NULL;
