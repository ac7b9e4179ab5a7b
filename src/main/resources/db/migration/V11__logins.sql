-- Failed logins of a user ("user:ada") or from an address ("address:10.0.0.7"), counted by all hubs.
CREATE TABLE login_attempt (
    subject      text        PRIMARY KEY,
    failures     integer     NOT NULL,
    locked_until timestamptz,
    last_at      timestamptz NOT NULL
);
CREATE INDEX login_attempt_last ON login_attempt (last_at);

-- How long the n-th failure too many locks: 1, 2, 4 … seconds; NULL where none is too many.
CREATE FUNCTION lock_after(too_many integer, longest integer) RETURNS interval
    LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN too_many >= 0 THEN make_interval(secs => least(longest, 2 ^ least(too_many, 20))) END;
