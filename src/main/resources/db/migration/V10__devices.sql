-- What devices push, in order. A table of the journal for events that concern no record: settled as they are accepted, never changed.

-- Numbers are taken under a lock that lasts until the commit, so that their order is that of the commits: who sees a number sees
-- every smaller one that will ever be, and a reader that goes on behind the last number it saw misses nothing.
CREATE SEQUENCE device_event_id;

CREATE TABLE device_event (
    event_id    bigint      PRIMARY KEY,
    -- Never runs backwards: it is at least that of the event before.
    accepted_at timestamptz NOT NULL,
    device_id   text        COLLATE "C" NOT NULL,
    user_id     text        COLLATE "C",
    event_type  text        NOT NULL,
    -- When it happened, as the device says; NULL where it did not say.
    happened_at timestamptz,
    -- Whose credentials brought it, for the audit trail.
    caller      text        NOT NULL,
    -- Sent to connected clients at once, and again when they come back, until they acknowledge it.
    live        boolean     NOT NULL,
    -- Of the request, where it had an Idempotency-Key: the key with another request is refused.
    hash        bigint      NOT NULL,
    -- JSON, to the letter.
    payload     text        NOT NULL
);
CREATE INDEX device_event_device ON device_event (device_id, event_id);
CREATE INDEX device_event_user ON device_event (user_id, event_id) WHERE user_id IS NOT NULL;
CREATE INDEX device_event_accepted ON device_event (accepted_at);
CREATE INDEX device_event_live ON device_event (event_id) WHERE live;

-- How far each device has come: the numbers that it has acknowledged, with its own events and the numbers of no event between them.
CREATE TABLE device_feed (
    device_id    text           COLLATE "C" PRIMARY KEY,
    acknowledged int8multirange NOT NULL
) WITH (fillfactor = 50);

-- Accepts a batch by one statement, which is one commit: events, what is remembered of their keys, and the ledger. The event at place n (from
-- 1) has the number first_id + n - 1; repeated ones were accepted before, and their numbers are no event's. A function, for a plan that is
-- made once, and since each statement in it sees what was committed before the lock was had.
CREATE FUNCTION accept_device_events(
    at timestamptz, remember_until timestamptz, sources text[], keys text[], device_ids text[], user_ids text[], event_types text[],
    happened timestamptz[], callers text[], lives boolean[], hashes bigint[], payloads text[],
    OUT first_id bigint, OUT moment timestamptz, OUT repeated bigint[])
    LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    n bigint := cardinality(payloads);
BEGIN
    PERFORM pg_advisory_xact_lock(7302, 0);
    SELECT e.accepted_at INTO moment FROM device_event e ORDER BY e.event_id DESC LIMIT 1;
    moment := greatest(at, moment);
    -- They follow each other, since whoever takes one has the lock.
    SELECT min(s.number) INTO first_id FROM (SELECT nextval('device_event_id') AS number FROM generate_series(1, n)) s;
    repeated := '{}';
    IF array_length(array_remove(keys, NULL), 1) > 0 THEN
        WITH claimed AS (
            INSERT INTO event_seen (source, event_id, seq, expires_at)
            SELECT i.source, i.key, first_id + i.place - 1, remember_until
            FROM unnest(sources, keys) WITH ORDINALITY AS i(source, key, place) WHERE i.key IS NOT NULL ORDER BY 1, 2, 3
            ON CONFLICT DO NOTHING RETURNING seq)
        SELECT coalesce(array_agg(i.place), '{}') INTO repeated FROM unnest(keys) WITH ORDINALITY AS i(key, place)
        WHERE i.key IS NOT NULL AND NOT EXISTS (SELECT 1 FROM claimed c WHERE c.seq = first_id + i.place - 1);
    END IF;
    INSERT INTO device_event (event_id, accepted_at, device_id, user_id, event_type, happened_at, caller, live, hash, payload)
    SELECT first_id + i.place - 1, moment, i.device_id, i.user_id, i.event_type, i.happened_at, i.caller, i.live, i.hash, i.payload
    FROM unnest(device_ids, user_ids, event_types, happened, callers, lives, hashes, payloads) WITH ORDINALITY
        AS i(device_id, user_id, event_type, happened_at, caller, live, hash, payload, place)
    WHERE i.place <> ALL (repeated);
    INSERT INTO ledger (entity_type, outcome, n)
    SELECT 'device_events', o.outcome, o.n
    FROM (VALUES ('*', n), ('APPLIED', n - cardinality(repeated)), ('DUPLICATE', cardinality(repeated))) AS o(outcome, n) WHERE o.n > 0;
    IF true = ANY (lives) THEN
        -- The hubs on this database hear of it after the commit, and send it to the clients that they hold.
        PERFORM pg_notify('serai_device_events', first_id || '-' || first_id + n - 1);
    END IF;
END
$$;

-- Marks events as acknowledged by a device; answers how many of the numbers are events. A range begins behind the last event of others
-- before it, so that ranges grow together over the device's own events.
CREATE FUNCTION acknowledge_device_events(device text, ids bigint[]) RETURNS integer
    LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    known bigint[];
    ranges int8multirange;
BEGIN
    SELECT array_agg(e.event_id) INTO known FROM device_event e WHERE e.event_id = ANY (ids);
    IF known IS NULL THEN
        RETURN 0;
    END IF;
    WITH island AS (
        SELECT min(k.id) AS low, max(k.id) AS high
        FROM (SELECT id, id - row_number() OVER (ORDER BY id) AS island FROM unnest(known) AS id) k GROUP BY k.island)
    SELECT range_agg(int8range(coalesce(before.event_id + 1, 0), i.high + 1)) INTO ranges
    FROM island i LEFT JOIN LATERAL (
        SELECT e.event_id FROM device_event e WHERE e.event_id < i.low AND e.device_id <> device ORDER BY e.event_id DESC LIMIT 1)
        AS before ON true;
    INSERT INTO device_feed AS f (device_id, acknowledged) VALUES (device, ranges)
    ON CONFLICT (device_id) DO UPDATE SET acknowledged = f.acknowledged + excluded.acknowledged
    WHERE NOT f.acknowledged @> excluded.acknowledged;
    RETURN cardinality(known);
END
$$;
