-- What the stock is worth is added up from the stock alone, without a million look-ups of prices.
ALTER TABLE stock ADD COLUMN price numeric, ADD COLUMN published boolean NOT NULL DEFAULT false;

CREATE OR REPLACE VIEW stock_of_record AS
    SELECT record_key AS product_id,
           coalesce(floor(catalog_number(payload -> 'inventory'))::bigint, 0) AS stock,
           catalog_number(payload -> 'inventory') IS NOT NULL AS counted,
           floor(catalog_number(payload -> 'lowStockThreshold'))::bigint AS threshold,
           modified_at AS changed_at,
           catalog_number(payload -> 'price') AS price,
           catalog_word(payload -> 'status') IS NOT DISTINCT FROM 'published' AS published
    FROM record WHERE entity_type = 'products' AND NOT deleted;

UPDATE stock s SET price = p.price, published = p.status = 'published' FROM product p WHERE p.product_id = s.product_id;
