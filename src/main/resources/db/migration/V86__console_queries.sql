-- What people look at over a hundred thousand failures and many runs is answered from indexes.

-- Groups of failures are counted, and their times read, without the rows.
DROP INDEX dead_letter_groups;
CREATE INDEX dead_letter_groups ON dead_letter (entity_type, stage, error_type, id) INCLUDE (state, last_failed_at)
    WHERE state IN ('RETRY', 'DEAD');
-- Any page of the list, the last one too; and how many there are.
CREATE INDEX dead_letter_newest ON dead_letter (id) WHERE state IN ('RETRY', 'DEAD');

-- The list of pulls, where most runs are webhooks.
CREATE INDEX run_pulls ON run (created_at DESC, run_id) INCLUDE (status) WHERE kind = 'sync';
CREATE INDEX run_pulls_entity ON run (entity_type, created_at DESC, run_id) INCLUDE (status) WHERE kind = 'sync';

-- How many records a store has: all of them, less those that are deleted.
CREATE INDEX store_record_deleted ON store_record (store_id, entity_type) WHERE deleted;
