-- Stores: what each one syncs and how, every version of it, and its secrets.

-- One row, locked by whoever changes a store: so revisions become visible in their order, and a hub that knows one
-- has seen every change before it.
CREATE TABLE store_revision (
    revision bigint NOT NULL
);
INSERT INTO store_revision VALUES (0);

CREATE TABLE store (
    store_id   text        PRIMARY KEY,
    config_id  bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    version    integer     NOT NULL,
    -- As the API shows it, without secrets.
    config     jsonb       NOT NULL,
    paused     boolean     NOT NULL DEFAULT false,
    revision   bigint      NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX store_by_revision ON store (revision);

CREATE TABLE store_config_version (
    store_id text        NOT NULL REFERENCES store,
    version  integer     NOT NULL,
    config   jsonb       NOT NULL,
    saved_at timestamptz NOT NULL,
    saved_by text        NOT NULL,
    PRIMARY KEY (store_id, version)
);

-- Sealed with the hub's key. An older secret stays valid for a while after a newer one came.
CREATE TABLE store_secret (
    secret_id   bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    store_id    text        NOT NULL REFERENCES store,
    sealed      bytea       NOT NULL,
    created_at  timestamptz NOT NULL,
    valid_until timestamptz
);
CREATE INDEX store_secret_store ON store_secret (store_id, secret_id DESC);

-- What a store's live stream tells, kept for clients that come back. The transaction's number stands before the id, so that it is
-- taken first: whoever reads only what is older than every transaction in progress misses no event that commits late.
CREATE TABLE store_event (
    written_by xid8        NOT NULL DEFAULT pg_current_xact_id(),
    id         bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    store_id   text        NOT NULL,
    event      text        NOT NULL,
    data       jsonb       NOT NULL,
    at         timestamptz NOT NULL
);
CREATE INDEX store_event_store ON store_event (store_id, id);
