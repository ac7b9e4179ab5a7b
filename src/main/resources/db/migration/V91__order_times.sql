-- An order that names no time of its own was placed when it was first heard of, whatever becomes of it later: so a row that is there keeps its time.
CREATE OR REPLACE VIEW sale_of_record AS
    SELECT r.record_key AS order_key,
           coalesce(catalog_time(r.payload -> 'orderedAt'), catalog_time(r.payload -> 'ordered_at'), catalog_time(r.payload -> 'created_at'),
                    s.ordered_at, r.modified_at) AS ordered_at,
           coalesce(catalog_word(r.payload -> 'customerId'), catalog_word(r.payload -> 'customer_id')) AS customer_id,
           CASE WHEN lower(catalog_word(r.payload -> 'status')) IN ('cancelled', 'canceled') THEN 'cancelled'
                ELSE coalesce(catalog_word(r.payload -> 'status'), 'confirmed') END AS status,
           (catalog_lines(r.payload)).*
    FROM record r LEFT JOIN sale s ON s.order_key = r.record_key
    WHERE r.entity_type = 'orders' AND NOT r.deleted;
