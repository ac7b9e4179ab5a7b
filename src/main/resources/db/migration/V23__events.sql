-- A position orders events as their transactions began to write: all of one transaction show at once, and whoever reads only what is older
-- than every transaction in progress has missed nothing before. The last 20 bits keep the order within a transaction.
DROP TABLE store_event;
CREATE SEQUENCE store_event_number;
CREATE TABLE store_event (
    position bigint      PRIMARY KEY
        DEFAULT pg_current_xact_id()::text::bigint * 1048576 + (nextval('store_event_number') & 1048575),
    store_id text        NOT NULL,
    event    text        NOT NULL,
    data     jsonb       NOT NULL,
    at       timestamptz NOT NULL
);
CREATE INDEX store_event_store ON store_event (store_id, position);
CREATE INDEX store_event_time ON store_event (at);
