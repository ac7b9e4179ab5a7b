-- Deliveries to stores' webhook endpoints stand in the same table as those to ScheduleHub.

ALTER TABLE delivery ADD COLUMN store_id text;
-- Set when a delivery is taken up; the same for every attempt. From then on a newer change of the record has a delivery of its own.
ALTER TABLE delivery ADD COLUMN webhook_id text;
-- What is sent, made of the record as it was at the first attempt, and what the store had of it.
ALTER TABLE delivery ADD COLUMN deleted boolean NOT NULL DEFAULT false;
ALTER TABLE delivery ADD COLUMN data text;
-- The fields in which it differs from what the store is known to have, as a JSON array.
ALTER TABLE delivery ADD COLUMN changed_fields text;
ALTER TABLE delivery ADD COLUMN modified_at timestamptz;
-- The record's version from which it was made.
ALTER TABLE delivery ADD COLUMN made_of bigint;
-- What the store was sent last, where it may have told something else at that moment: then it is told once more how things stand.
ALTER TABLE delivery ADD COLUMN last_sent jsonb;
ALTER TABLE delivery ADD COLUMN created_at timestamptz;
-- One entry an attempt: when, with what result.
ALTER TABLE delivery ADD COLUMN attempt_log jsonb NOT NULL DEFAULT '[]';

-- One delivery of a record waits for its first attempt; further changes of the record go with it.
CREATE UNIQUE INDEX delivery_untried ON delivery (store_id, entity_type, record_key)
    WHERE store_id IS NOT NULL AND state = 'WAITING' AND webhook_id IS NULL;
CREATE INDEX delivery_due ON delivery (store_id, next_attempt_at, id) WHERE store_id IS NOT NULL AND state = 'WAITING';
CREATE INDEX delivery_record ON delivery (store_id, entity_type, record_key, id) WHERE store_id IS NOT NULL;
CREATE INDEX delivery_dead ON delivery (store_id, id DESC) WHERE store_id IS NOT NULL AND state = 'DEAD';

-- How deliveries to a store go.
CREATE TABLE delivery_endpoint (
    store_id             text        PRIMARY KEY,
    consecutive_failures integer     NOT NULL DEFAULT 0,
    last_success_at      timestamptz,
    last_failure_at      timestamptz,
    last_error           text,
    -- When the endpoint said that it is gone for good.
    gone_at              timestamptz
);

-- Attempts an hour; a day of them says how well deliveries go.
CREATE TABLE delivery_tally (
    store_id  text        NOT NULL,
    hour      timestamptz NOT NULL,
    delivered bigint      NOT NULL DEFAULT 0,
    failed    bigint      NOT NULL DEFAULT 0,
    dead      bigint      NOT NULL DEFAULT 0,
    PRIMARY KEY (store_id, hour)
);
