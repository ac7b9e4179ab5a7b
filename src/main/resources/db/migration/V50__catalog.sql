-- The PMS face's views of records: what it lists, searches and adds up. The records are the truth; these rows follow them in the
-- transaction that applies a change, and each view below says how one is made of a record.

-- A number, also one that a store sent as text; NULL for anything else, however odd.
CREATE FUNCTION catalog_number(value jsonb) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN value #>> '{}' ~ '^-?[0-9]{1,15}(\.[0-9]{1,20})?$' THEN (value #>> '{}')::numeric END;

-- A short text for an index; what is longer would not fit into one.
CREATE FUNCTION catalog_word(value jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN jsonb_typeof(value) IN ('string', 'number') THEN left(value #>> '{}', 200) END;

-- A time in ISO 8601, in UTC where it names no zone; NULL for anything else.
CREATE FUNCTION catalog_time(value jsonb) RETURNS timestamptz
    LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    written text := value #>> '{}';
BEGIN
    IF written !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}|$)' THEN
        RETURN NULL;
    END IF;
    RETURN CASE WHEN written ~ ':.*(Z|[+-][0-9]{2}(:?[0-9]{2})?)$' THEN written ELSE written || 'Z' END::timestamptz;
EXCEPTION WHEN others THEN
    RETURN NULL;
END $$;

-- What an order is worth and how many pieces it has, by its lines; by its total where it has none.
CREATE FUNCTION catalog_lines(content jsonb, OUT units numeric, OUT revenue numeric)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (
        SELECT (coalesce(sum(l.quantity), 0), coalesce(sum(l.quantity * l.price), catalog_number(content -> 'total'), 0))
        FROM (
            SELECT coalesce(catalog_number(line -> 'quantity'), 1) AS quantity,
                   coalesce(catalog_number(line -> 'price'), catalog_number(line -> 'unit_price')) AS price
            FROM jsonb_array_elements(
                CASE WHEN jsonb_typeof(content -> 'items') = 'array' THEN content -> 'items'
                     WHEN jsonb_typeof(content -> 'line_items') = 'array' THEN content -> 'line_items'
                     ELSE '[]' END) AS line) AS l);

CREATE TABLE product (
    product_id  text        COLLATE "C" PRIMARY KEY,
    category_id text,
    status      text        NOT NULL,
    price       numeric,
    words       tsvector    NOT NULL,
    created_at  timestamptz NOT NULL
);
CREATE INDEX product_newest ON product (created_at DESC, product_id);
CREATE INDEX product_category ON product (category_id, created_at DESC, product_id);
CREATE INDEX product_status ON product (status, created_at DESC, product_id);
CREATE INDEX product_words ON product USING gin (words);

CREATE VIEW product_of_record AS
    SELECT record_key AS product_id,
           catalog_word(payload -> 'categoryId') AS category_id,
           coalesce(catalog_word(payload -> 'status'), 'draft') AS status,
           catalog_number(payload -> 'price') AS price,
           to_tsvector('simple', concat_ws(' ', record_key, left(payload ->> 'name', 1000), left(payload ->> 'title', 1000),
                                           left(payload ->> 'sku', 200), left(payload ->> 'description', 4000))) AS words
    FROM record WHERE entity_type = 'products' AND NOT deleted;

-- Apart from the product, since it changes so much more often.
CREATE TABLE stock (
    product_id text        COLLATE "C" PRIMARY KEY,
    stock      bigint      NOT NULL,
    -- Whether anybody counts it.
    counted    boolean     NOT NULL,
    -- The product's own; NULL where the hub's default holds.
    threshold  bigint,
    changed_at timestamptz NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX stock_level ON stock (stock, product_id) WHERE counted AND threshold IS NULL;
CREATE INDEX stock_low ON stock (stock, product_id) WHERE counted AND stock <= threshold;

CREATE VIEW stock_of_record AS
    SELECT record_key AS product_id,
           coalesce(floor(catalog_number(payload -> 'inventory'))::bigint, 0) AS stock,
           catalog_number(payload -> 'inventory') IS NOT NULL AS counted,
           floor(catalog_number(payload -> 'lowStockThreshold'))::bigint AS threshold,
           modified_at AS changed_at
    FROM record WHERE entity_type = 'products' AND NOT deleted;

CREATE TABLE sale (
    order_key   text        COLLATE "C" PRIMARY KEY,
    ordered_at  timestamptz NOT NULL,
    customer_id text,
    status      text        NOT NULL,
    units       numeric     NOT NULL,
    revenue     numeric     NOT NULL
);
CREATE INDEX sale_sum ON sale (ordered_at) INCLUDE (units, revenue) WHERE status <> 'cancelled';
CREATE INDEX sale_newest ON sale (ordered_at DESC, order_key);
CREATE INDEX sale_customer ON sale (customer_id, ordered_at DESC, order_key);
CREATE INDEX sale_status ON sale (status, ordered_at DESC, order_key);

CREATE VIEW sale_of_record AS
    SELECT record_key AS order_key,
           coalesce(catalog_time(payload -> 'orderedAt'), catalog_time(payload -> 'ordered_at'), catalog_time(payload -> 'created_at'),
                    modified_at) AS ordered_at,
           coalesce(catalog_word(payload -> 'customerId'), catalog_word(payload -> 'customer_id')) AS customer_id,
           CASE WHEN lower(catalog_word(payload -> 'status')) IN ('cancelled', 'canceled') THEN 'cancelled'
                ELSE coalesce(catalog_word(payload -> 'status'), 'confirmed') END AS status,
           (catalog_lines(payload)).*
    FROM record WHERE entity_type = 'orders' AND NOT deleted;

-- What is there already.
INSERT INTO product (product_id, category_id, status, price, words, created_at)
    SELECT v.product_id, v.category_id, v.status, v.price, v.words, r.modified_at
    FROM product_of_record v JOIN record r ON r.entity_type = 'products' AND r.record_key = v.product_id;
INSERT INTO stock (product_id, stock, counted, threshold, changed_at)
    SELECT product_id, stock, counted, threshold, changed_at FROM stock_of_record;
INSERT INTO sale (order_key, ordered_at, customer_id, status, units, revenue)
    SELECT order_key, ordered_at, customer_id, status, units, revenue FROM sale_of_record;

-- The integer by which a POS terminal knows an order of the PMS, far from those that terminals give themselves.
CREATE SEQUENCE order_number START 5000000001;
