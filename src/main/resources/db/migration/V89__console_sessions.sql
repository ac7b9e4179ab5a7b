-- Who is signed in to the console, for every hub on this database. The columns are Spring Session's.
CREATE TABLE console_session (
    primary_id            text    PRIMARY KEY,
    session_id            text    NOT NULL UNIQUE,
    creation_time         bigint  NOT NULL,
    last_access_time      bigint  NOT NULL,
    max_inactive_interval integer NOT NULL,
    expiry_time           bigint  NOT NULL,
    principal_name        text
);
CREATE INDEX console_session_expiry ON console_session (expiry_time);

CREATE TABLE console_session_attributes (
    session_primary_id text  NOT NULL REFERENCES console_session ON DELETE CASCADE,
    attribute_name     text  NOT NULL,
    attribute_bytes    bytea NOT NULL,
    PRIMARY KEY (session_primary_id, attribute_name)
);
