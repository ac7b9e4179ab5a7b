-- What the hub whose newest migration was V101 had in its tables, as it wrote it, after this:
-- store shop told of a mug, a lamp and a cup (changes 1 to 3); the platform edited all three (4 to 6), and the cup's edit is on its way to the shop;
-- the shop told of another title of the lamp (7), which is a conflict; it told of a rug (8), which waits to be applied.

UPDATE store_revision SET revision = 1;
SELECT setval('hub_number', 1);

INSERT INTO store (store_id, version, config, paused, revision, created_at, updated_at) VALUES
    ('shop', 1, '{"rules": [], "entities": [{"type": "products", "fields": [], "filters": [], "direction": "bidirectional", "key_fields": ["id"], "share_stores": true, "delete_marker": {"field": "deleted"}, "exclude_fields": [], "modified_field": "updated_at", "conflict_resolution": "manual_resolution"}], "sync_frequency": "real_time", "webhook_config": {"enabled": true, "endpoint": "http://127.0.0.1:9/hook"}}', false, 1, '2026-01-05T10:00:00Z', '2026-01-05T10:00:00Z');

INSERT INTO store_config_version (store_id, version, config, saved_at, saved_by) VALUES
    ('shop', 1, '{"rules": [], "entities": [{"type": "products", "fields": [], "filters": [], "direction": "bidirectional", "key_fields": ["id"], "share_stores": true, "delete_marker": {"field": "deleted"}, "exclude_fields": [], "modified_field": "updated_at", "conflict_resolution": "manual_resolution"}], "sync_frequency": "real_time", "webhook_config": {"enabled": true, "endpoint": "http://127.0.0.1:9/hook"}}', '2026-01-05T10:00:00Z', 'test');

INSERT INTO store_secret (store_id, sealed, created_at) VALUES
    ('shop', '\x72bab73d839494141799f5207b3449981b6f394cd9a05495980b0024db46c401462f0e5fa322d8787c7be2568ef2', '2026-01-05T10:00:00Z');

INSERT INTO journal (accepted_at, source, store_id, entity_type, record_key, operation, modified_at, event_id, hash, payload, partial, outcome, rule, version, previous, trace, settled_at) VALUES
    ('2026-01-05T10:00:00Z', 'shop', 'shop', 'products', 'mug', 'UPSERT', '2026-01-05T09:50:01Z', 'then-1', -7509420175383488478, '{"id": "mug", "title": "Mug", "price": 10, "inventory": 50}', true, 'APPLIED', 'new', 1, NULL, '{"title":[null,"Mug",null],"price":[null,10,null],"inventory":[null,50,null]}', '2026-01-05T10:00:00Z'),
    ('2026-01-05T10:00:00Z', 'shop', 'shop', 'products', 'lamp', 'UPSERT', '2026-01-05T09:50:01Z', 'then-2', -5836305173819270717, '{"id": "lamp", "title": "Lamp"}', true, 'APPLIED', 'new', 1, NULL, '{"title":[null,"Lamp",null]}', '2026-01-05T10:00:00Z'),
    ('2026-01-05T10:00:00Z', 'shop', 'shop', 'products', 'cup', 'UPSERT', '2026-01-05T09:50:01Z', 'then-3', -4762894771419940055, '{"id": "cup", "title": "Cup"}', true, 'APPLIED', 'new', 1, NULL, '{"title":[null,"Cup",null]}', '2026-01-05T10:00:00Z'),
    ('2026-01-05T10:00:00Z', 'platform', NULL, 'products', 'cup', 'UPSERT', '2026-01-05T09:50:02Z', 'then-4', 4453845425314324696, '{"title": "Big cup"}', true, 'APPLIED', 'last_write_wins', 2, 3, '{"title":["Cup","Big cup"]}', '2026-01-05T10:00:00Z'),
    ('2026-01-05T10:00:00Z', 'platform', NULL, 'products', 'mug', 'UPSERT', '2026-01-05T09:50:03Z', 'then-5', 9144047161415109233, '{"price": 12}', true, 'APPLIED', 'last_write_wins', 2, 1, '{"price":[10,12]}', '2026-01-05T10:00:00Z'),
    ('2026-01-05T10:00:00Z', 'platform', NULL, 'products', 'lamp', 'UPSERT', '2026-01-05T09:50:03Z', 'then-6', -1648426786500983557, '{"title": "Light"}', true, 'APPLIED', 'last_write_wins', 2, 2, '{"title":["Lamp","Light"]}', '2026-01-05T10:00:00Z'),
    ('2026-01-05T10:00:00Z', 'shop', 'shop', 'products', 'lamp', 'UPSERT', '2026-01-05T09:50:04Z', 'then-7', -9146151155860237689, '{"title": "Lantern"}', true, 'CONFLICT', NULL, NULL, NULL, '{"title":["Light","Light","Lamp",1767606603000000,"platform"]}', '2026-01-05T10:00:00Z'),
    ('2026-01-05T10:00:00Z', 'shop', 'shop', 'products', 'rug', 'UPSERT', '2026-01-05T09:50:05Z', 'then-8', -5780242499050395161, '{"id": "rug", "title": "Rug"}', true, 'ACCEPTED', NULL, NULL, NULL, NULL, NULL);

INSERT INTO event_seen (source, event_id, seq, expires_at) VALUES
    ('shop', 'then-1', 1, '2026-02-04T10:00:00Z'),
    ('shop', 'then-2', 2, '2026-02-04T10:00:00Z'),
    ('shop', 'then-3', 3, '2026-02-04T10:00:00Z'),
    ('platform', 'then-4', 4, '2026-02-04T10:00:00Z'),
    ('platform', 'then-5', 5, '2026-02-04T10:00:00Z'),
    ('platform', 'then-6', 6, '2026-02-04T10:00:00Z'),
    ('shop', 'then-7', 7, '2026-02-04T10:00:00Z'),
    ('shop', 'then-8', 8, '2026-02-04T10:00:00Z');

INSERT INTO record (entity_type, record_key, payload, hash, version, modified_at, origin, source, last_change, stamps) VALUES
    ('products', 'mug', '{"id": "mug", "price": 12, "title": "Mug", "inventory": 50}', 7675739358634226677, 2, '2026-01-05T09:50:03Z', 'shop', 'platform', 5, '[[1767606601000000,"shop","id","title","inventory"],[1767606603000000,"platform","price"]]'),
    ('products', 'lamp', '{"id": "lamp", "title": "Light"}', 4788423354954633967, 2, '2026-01-05T09:50:03Z', 'shop', 'platform', 6, '[[1767606603000000,"platform","title"],[1767606601000000,"shop","id"]]'),
    ('products', 'cup', '{"id": "cup", "title": "Big cup"}', 5825201069586528444, 2, '2026-01-05T09:50:02Z', 'shop', 'platform', 4, '[[1767606602000000,"platform","title"],[1767606601000000,"shop","id"]]');

INSERT INTO store_record (entity_type, record_key, store_id, base, told, sent) VALUES
    ('products', 'mug', 'shop', '{"title":"Mug","price":10,"inventory":50}', '[[1767606601000000,"price","title","inventory"]]', NULL),
    ('products', 'cup', 'shop', '{"title":"Cup"}', '[[1767606601000000,"title"]]', '{"title": "Big cup", "_deleted": false}'),
    ('products', 'lamp', 'shop', '{"title":"Lamp"}', '[[1767606604000000,"title"]]', NULL);

INSERT INTO pending (seq, accepted_at, bucket, due_at, entity_type, record_key, store_id) VALUES
    (8, '2026-01-05T10:00:00Z', 35, '2026-01-05T10:00:00Z', 'products', 'rug', 'shop');

INSERT INTO conflict (store_id, entity_type, record_key, field, reason, store_value, platform_value, base, store_modified_at, platform_modified_at, seq, accepted_at, status, created_at) VALUES
    ('shop', 'products', 'lamp', 'title', 'both_changed', '"Lantern"', '"Light"', '"Lamp"', '2026-01-05T09:50:04Z', '2026-01-05T09:50:03Z', 7, '2026-01-05T10:00:00Z', 'pending', '2026-01-05T10:00:00Z');

INSERT INTO delivery (target, store_id, seq, accepted_at, entity_type, record_key, next_attempt_at, created_at, webhook_id, data, changed_fields, modified_at, made_of, leased_until, claimed_by) VALUES
    ('webhook', 'shop', 4, '2026-01-05T10:00:00Z', 'products', 'cup', '2026-01-05T10:05:00Z', '2026-01-05T10:00:00Z', 'msg_275dd6a266b34294996cb0d43d8b377c', '{"id":"cup","title":"Big cup"}', '["title"]', '2026-01-05T09:50:02Z', 4, '2026-01-05T10:05:00Z', 1),
    ('webhook', 'shop', 5, '2026-01-05T10:00:00Z', 'products', 'mug', '2026-01-05T10:00:00Z', '2026-01-05T10:00:00Z', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    ('webhook', 'shop', 6, '2026-01-05T10:00:00Z', 'products', 'lamp', '2026-01-05T10:00:00Z', '2026-01-05T10:00:00Z', NULL, NULL, NULL, NULL, NULL, NULL, NULL);

INSERT INTO ledger (store_id, entity_type, outcome, effect, n) VALUES
    ('shop', 'products', 'ACCEPTED', NULL, 1),
    ('shop', 'products', '*', NULL, 5),
    ('shop', 'products', 'APPLIED', 'CREATED', 3),
    (NULL, 'products', '*', NULL, 3),
    (NULL, 'products', 'APPLIED', 'UPDATED', 3),
    ('shop', 'products', 'CONFLICT', NULL, 1);
