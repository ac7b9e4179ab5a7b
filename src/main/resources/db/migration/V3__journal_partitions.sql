-- The journal has a partition a month, made ahead by upkeep-keep-journal; what falls into none of them is in the default one.
-- A new database begins with this month and the next; one that has rows already goes on with the months to come.
DO $$
DECLARE
    month timestamptz;
BEGIN
    IF EXISTS (SELECT 1 FROM journal_default) THEN
        RETURN;
    END IF;
    FOR ahead IN 0..1 LOOP
        month := (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => ahead)) AT TIME ZONE 'UTC';
        EXECUTE format('CREATE TABLE %I PARTITION OF journal FOR VALUES FROM (%L) TO (%L)',
                       to_char(month AT TIME ZONE 'UTC', '"journal_"YYYY_MM'),
                       month, (month AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC');
    END LOOP;
END
$$;
