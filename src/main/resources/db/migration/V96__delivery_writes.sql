-- A webhook's row is written three times before it is gone. The index of what waits for the ScheduleHub does not need it, and
-- with room in its page the message is put into it without touching an index.
DROP INDEX delivery_waiting;
CREATE INDEX delivery_waiting ON delivery (target, entity_type, id) WHERE state = 'WAITING' AND store_id IS NULL;
ALTER TABLE delivery SET (fillfactor = 50);
