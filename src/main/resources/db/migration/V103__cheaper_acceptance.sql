-- What is written with each change that is accepted, made less.

-- Most sources give their events ids that grow, so those of all sources come in at the end of the index; and an id tells events apart where the
-- source hardly does.
ALTER TABLE event_seen DROP CONSTRAINT event_seen_pkey, ADD PRIMARY KEY (event_id, source);

-- A change is due when it is queued: those that have to wait are not in the queue.
ALTER TABLE pending DROP COLUMN due_at;
-- A record's changes are found by its key; their order is asked for afterwards.
DROP INDEX pending_key;
CREATE INDEX pending_key ON pending (entity_type, record_key);
