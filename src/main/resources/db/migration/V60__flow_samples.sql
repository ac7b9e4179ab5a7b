-- What had flowed through the hub by a moment, one row every few seconds whatever the number of hubs; for charts and rates.
CREATE TABLE flow_sample (
    at       timestamptz PRIMARY KEY,
    accepted bigint      NOT NULL,
    applied  bigint      NOT NULL,
    waiting  bigint      NOT NULL
);

-- Records that failed alike are listed, replayed and discarded together, in order.
CREATE INDEX dead_letter_groups ON dead_letter (entity_type, stage, error_type, id) WHERE state IN ('RETRY', 'DEAD');
