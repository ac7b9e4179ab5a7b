-- Who may call, what they did, and the answers kept for repeated calls.

CREATE TABLE access_user (
    username      text        PRIMARY KEY,
    password_hash text        NOT NULL,
    role          text        NOT NULL CHECK (role IN ('super_admin', 'store', 'terminal', 'device', 'viewer')),
    store_id      text,
    terminal_id   text,
    device_id     text,
    created_at    timestamptz NOT NULL,
    CHECK (num_nonnulls(store_id, terminal_id, device_id) <= 1)
);

-- Only the SHA-256 of a secret is here. The secrets are 256 random bits, so that a slow hash would add nothing.
CREATE TABLE access_token (
    token_id    text        PRIMARY KEY,
    secret_hash bytea       NOT NULL UNIQUE,
    name        text        NOT NULL,
    role        text        NOT NULL CHECK (role IN ('super_admin', 'store', 'terminal', 'device', 'viewer')),
    store_id    text,
    terminal_id text,
    device_id   text,
    created_by  text        NOT NULL,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz,
    CHECK (num_nonnulls(store_id, terminal_id, device_id) <= 1)
);
CREATE INDEX access_token_newest ON access_token (created_at DESC, token_id);
CREATE INDEX access_token_expiring ON access_token (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE access_api_key (
    key_id                text        PRIMARY KEY,
    secret_hash           bytea       NOT NULL UNIQUE,
    name                  text        NOT NULL,
    rate_limit_per_minute integer     NOT NULL CHECK (rate_limit_per_minute > 0),
    created_by            text        NOT NULL,
    created_at            timestamptz NOT NULL
);
CREATE INDEX access_api_key_newest ON access_api_key (created_at DESC, key_id);

CREATE TABLE audit_entry (
    audit_id    bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recorded_at timestamptz NOT NULL,
    who         text        NOT NULL,
    user_id     text,
    device_id   text,
    action      text        NOT NULL,
    subject     text        NOT NULL,
    result      text        NOT NULL,
    details     jsonb       NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_entry_when ON audit_entry (recorded_at);
CREATE INDEX audit_entry_device ON audit_entry (device_id, audit_id DESC) WHERE device_id IS NOT NULL;
CREATE INDEX audit_entry_user ON audit_entry (user_id, audit_id DESC) WHERE user_id IS NOT NULL;
CREATE INDEX audit_entry_action ON audit_entry (action, audit_id DESC);

-- One row per Idempotency-Key and caller. Neither the key nor the body is here in the clear: see AnswerSeal.
CREATE TABLE idempotency_answer (
    scope_hash    bytea       PRIMARY KEY,
    request_hash  bytea       NOT NULL,
    claim         uuid        NOT NULL,
    claimed_until timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    status        integer,
    content_type  text,
    sealed_body   bytea
);
CREATE INDEX idempotency_answer_expiring ON idempotency_answer (expires_at);
