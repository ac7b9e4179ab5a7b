-- What a store told and its record has just like that needs no second place: the record's stamps name these fields (see rules.Stamps), and
-- store_record, which is as it was before, says nothing of them. What is delivered to the store later is kept by itself, and counts before both.
ALTER TABLE store_record ADD COLUMN delivered jsonb;
COMMENT ON COLUMN store_record.base IS 'The values last agreed on, as of when the row was last written as a whole: see store_base';
COMMENT ON COLUMN store_record.told IS 'When the store told each field last, as of then';
COMMENT ON COLUMN store_record.delivered IS 'What was delivered since';

CREATE FUNCTION store_base(base text, delivered jsonb, store_id text, payload jsonb, stamps text) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN base::jsonb
        || CASE WHEN stamps IS NULL OR stamps NOT LIKE '%}]' THEN '{}' ELSE coalesce(
            (SELECT jsonb_object_agg(field, coalesce(payload -> field, 'null'))
             FROM jsonb_array_elements(stamps::jsonb -> -1 -> store_id) AS g, jsonb_array_elements_text(g) WITH ORDINALITY AS f(field, place)
             WHERE place > 1), '{}') END
        || coalesce(delivered, '{}');

-- As V22 made it, but that a field which is gone is like one that is null.
CREATE OR REPLACE FUNCTION store_differs(base jsonb, base_deleted boolean, payload jsonb, gone boolean, entity jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN base_deleted OR gone THEN base_deleted <> gone
        ELSE EXISTS (SELECT FROM jsonb_each(base) AS b
                     WHERE coalesce(payload -> b.key, 'null') IS DISTINCT FROM b.value
                       AND (jsonb_array_length(entity -> 'fields') = 0 OR entity -> 'fields' ? b.key)
                       AND NOT entity -> 'exclude_fields' ? b.key
                       AND b.key <> entity ->> 'modified_field')
    END;
