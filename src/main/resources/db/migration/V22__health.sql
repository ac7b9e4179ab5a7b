-- How stores' syncs go, summed up as it happens, and the alerts that follow from it.

-- What a pause kept waiting is no slowness: a store's times are measured from its resumption on.
ALTER TABLE store ADD COLUMN resumed_at timestamptz;

-- Five minutes of a store, added to as syncs end, so that no metric reads runs.
CREATE TABLE store_slot (
    slot             timestamptz NOT NULL,
    store_id         text        NOT NULL,
    syncs            bigint      NOT NULL DEFAULT 0,
    succeeded        bigint      NOT NULL DEFAULT 0,
    failed           bigint      NOT NULL DEFAULT 0,
    duration_ms      bigint      NOT NULL DEFAULT 0,
    slowest_ms       bigint      NOT NULL DEFAULT 0,
    PRIMARY KEY (store_id, slot)
);
CREATE INDEX store_slot_time ON store_slot (slot);

-- The entities of all stores with how each is configured.
CREATE VIEW store_entity AS
    SELECT store_id, e ->> 'type' AS entity_type, e AS config FROM store CROSS JOIN LATERAL jsonb_array_elements(config -> 'entities') AS e;

-- Whether what a store is known to have differs from the platform's record, in the fields that it syncs. The time goes with either edit.
CREATE FUNCTION store_differs(base jsonb, base_deleted boolean, payload jsonb, gone boolean, entity jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN base_deleted OR gone THEN base_deleted <> gone
        ELSE EXISTS (SELECT FROM jsonb_each(base) AS b
                     WHERE payload -> b.key IS DISTINCT FROM b.value
                       AND (jsonb_array_length(entity -> 'fields') = 0 OR entity -> 'fields' ? b.key)
                       AND NOT entity -> 'exclude_fields' ? b.key
                       AND b.key <> entity ->> 'modified_field')
    END;

-- What the last complete round of comparing store and platform has found, and what the round in progress has so far.
CREATE TABLE store_drift (
    store_id        text        NOT NULL,
    entity_type     text        NOT NULL,
    records         bigint      NOT NULL DEFAULT 0,
    differing       bigint      NOT NULL DEFAULT 0,
    measured_at     timestamptz,
    round_records   bigint      NOT NULL DEFAULT 0,
    round_differing bigint      NOT NULL DEFAULT 0,
    PRIMARY KEY (store_id, entity_type)
);

-- Where the round in progress stands: everything up to this record is compared. One row.
CREATE TABLE store_drift_round (
    entity_type text NOT NULL,
    record_key  text COLLATE "C" NOT NULL,
    store_id    text NOT NULL
);
INSERT INTO store_drift_round VALUES ('', '', '');

CREATE TABLE alert (
    alert_id   bigint           PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    store_id   text             NOT NULL,
    condition  text             NOT NULL,
    threshold  double precision NOT NULL,
    -- As measured last while it stood.
    value      double precision NOT NULL,
    message    text             NOT NULL,
    raised_at  timestamptz      NOT NULL,
    cleared_at timestamptz
);
-- However many hubs look: one alert a store and condition.
CREATE UNIQUE INDEX alert_active ON alert (store_id, condition) WHERE cleared_at IS NULL;
CREATE INDEX alert_store ON alert (store_id, alert_id DESC);

-- Alerts on their way to the alert webhook; a row is gone when it was taken, and stays with its error after the last attempt.
CREATE TABLE alert_notice (
    notice_id       text        PRIMARY KEY,
    body            text        NOT NULL,
    attempts        integer     NOT NULL DEFAULT 0,
    next_attempt_at timestamptz,
    last_error      text,
    created_at      timestamptz NOT NULL
);
CREATE INDEX alert_notice_due ON alert_notice (next_attempt_at) WHERE next_attempt_at IS NOT NULL;

-- The latest run of an entity of a store.
CREATE INDEX run_store_entity ON run (store_id, entity_type, created_at DESC) WHERE store_id IS NOT NULL;
