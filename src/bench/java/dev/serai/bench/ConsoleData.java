package dev.serai.bench;

import java.util.List;

/**
 * A hub after a busy month, made by set-based SQL: a million records with their versions, a hundred thousand failures in some sixty groups,
 * held children, conflicts, runs with their ledger, and a day of samples. Everything adds up as the ledger wants it.
 */
final class ConsoleData {

    static final int RUNS = 3_000;
    private static final int WEBHOOK_RUNS = 30_000;
    static final int LONG_LIFE = 400;

    private final int records;
    private final BenchHub hub;

    ConsoleData(int records, BenchHub hub) {
        this.records = records;
        this.hub = hub;
    }

    void fill() {
        runs();
        records();
        failures();
        holds();
        conflicts();
        ledger();
        samples();
        hub.execute("SELECT setval('journal_seq_seq', (SELECT max(seq) FROM journal))");
        hub.execute("VACUUM ANALYZE run, record, journal, dead_letter, hold, conflict, store_record, ledger, flow_sample");
        hub.execute("CHECKPOINT");
    }

    private void runs() {
        execute("""
                CREATE SCHEMA bench;
                CREATE FUNCTION bench.run(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE RETURN md5('run' || n % {runs})::uuid;
                CREATE FUNCTION bench.entity(n bigint) RETURNS text LANGUAGE sql IMMUTABLE
                    RETURN (ARRAY['customers', 'orders', 'order_lines', 'products'])[1 + n % 4];
                CREATE FUNCTION bench.at(n bigint) RETURNS timestamptz LANGUAGE sql STABLE
                    RETURN now() - interval '20 days' + interval '20 days' * n / {records} / 2""");
        execute("""
                INSERT INTO run (run_id, kind, entity_type, connector, sync_type, request, status, message, error_message, created_at, started_at,
                                 completed_at, position, owner)
                SELECT bench.run(n), 'sync', bench.entity(n), bench.entity(n), t, jsonb_build_object('entityName', bench.entity(n),
                       'connector', bench.entity(n), 'keyFields', '["id"]'::jsonb, 'syncType', upper(t), 'pageSize', 1000,
                       'modifiedField', 'updated_at', 'allowMassDelete', false),
                       CASE WHEN n % 25 = 0 THEN 'failed' WHEN n % 40 = 1 THEN 'cancelled' ELSE 'completed' END, 'Synced 1 page with 380 records',
                       CASE WHEN n % 25 = 0 THEN 'Page 2 cannot be read: the source answered 503.' END, at, at, at + interval '9 seconds',
                       jsonb_build_object('pages', 1, 'records', 380, 'ended', true), 1
                FROM generate_series(0, {runs} - 1) AS n,
                     LATERAL (SELECT now() - interval '10 minutes' * ({runs} - n) AS at,
                                     CASE WHEN n % 5 = 0 THEN 'full' ELSE 'incremental' END AS t) r""");
        execute("""
                INSERT INTO run (run_id, kind, trigger, entity_type, store_id, connector, sync_type, request, status, message, created_at, started_at,
                                 completed_at, owner, verdict, duration_ms, told)
                SELECT md5('webhooks' || n)::uuid, 'webhook', 'webhook', 'products', 'store_' || 1 + n % 5, 'webhook', 'incremental',
                       '{"entityName": "products", "connector": "webhook", "keyFields": [], "syncType": "INCREMENTAL", "pageSize": 0}', 'completed',
                       'Webhooks are applied', at, at, at + interval '7 seconds', 1, 'success', 7000, 2
                FROM generate_series(1, {webhooks}) AS n, LATERAL (SELECT now() - interval '45 seconds' * n AS at) r""");
    }

    /** Versions are numbered so that the one before is a million changes earlier; each tenth record has three, one has very many. */
    private void records() {
        for (int version = 1; version <= 3; version++) {
            execute("""
                    INSERT INTO journal (seq, accepted_at, source, run_id, entity_type, record_key, operation, modified_at, hash, payload, outcome,
                                         rule, version, previous, settled_at, from_pull)
                    SELECT ({version} - 1) * {records} + i, bench.at(i), bench.entity(i), bench.run(i), bench.entity(i), 'k' || i, 'UPSERT',
                           bench.at(i), i, format('{"id":"k%s","name":"Name %s","amount":{version},"note":"%s"}', i, i, repeat('x', 120)), 'APPLIED',
                           CASE WHEN {version} = 1 THEN 'new' ELSE 'last_write_wins' END, {version},
                           CASE WHEN {version} > 1 THEN ({version} - 2) * {records} + i END, bench.at(i), true
                    FROM generate_series(1, {records}) AS i WHERE {version} = 1 OR i % 10 = 0""".replace("{version}", "" + version));
        }
        execute("""
                INSERT INTO journal (seq, accepted_at, source, run_id, entity_type, record_key, operation, modified_at, hash, payload, outcome, rule,
                                     version, previous, settled_at, from_pull)
                SELECT 3 * {records} + n, now() - interval '1 minute' * ({life} - n), 'customers', bench.run(n), 'customers', 'long-life', 'UPSERT',
                       now(), n, format('{"id":"long-life","visits":%s}', n), 'APPLIED', 'last_write_wins', n,
                       CASE WHEN n > 1 THEN 3 * {records} + n - 1 END, now(), true
                FROM generate_series(1, {life}) AS n""");
        execute("""
                INSERT INTO record (entity_type, record_key, payload, hash, version, modified_at, origin, source, last_change)
                SELECT bench.entity(i), 'k' || i, jsonb_build_object('id', 'k' || i, 'name', 'Name ' || i, 'amount', v, 'note', repeat('x', 120)), i, v,
                       bench.at(i), bench.entity(i), bench.entity(i), (v - 1) * {records} + i
                FROM generate_series(1, {records}) AS i, LATERAL (SELECT CASE WHEN i % 10 = 0 THEN 3 ELSE 1 END AS v) t
                UNION ALL
                SELECT 'customers', 'long-life', '{"id": "long-life"}', 0, {life}, now(), 'customers', 'customers', 3 * {records} + {life}""");
    }

    /** A tenth as many as records. Some groups are large, most are small; a tenth is tried again by itself. */
    private void failures() {
        execute("""
                WITH failed AS (
                    SELECT 4 * {records} + i AS seq, bench.at(i * 19) AS at, bench.run(i * 7) AS run_id, bench.entity(i) AS entity_type, i,
                           CASE WHEN i % 10 = 3 THEN 'RETRY' ELSE 'DEAD' END AS state,
                           CASE WHEN i * 7919 % 100 < 70 THEN 'validate' ELSE 'apply' END AS stage,
                           CASE WHEN i * 7919 % 100 < 40 THEN 'MISSING_KEY' WHEN i * 7919 % 100 < 60 THEN 'INVALID_TIME'
                                WHEN i * 7919 % 100 < 70 THEN 'NOT_AN_OBJECT' WHEN i * 7919 % 100 < 90 THEN 'INVALID_DATA'
                                ELSE 'CODE_' || i * 7919 % 100 END AS error_type,
                           format('{"id":null,"name":"Name %s","city":"Hamburg","note":"%s"}', i, repeat('y', 150)) AS payload
                    FROM generate_series(1, {records} / 10) AS i),
                noted AS (
                    INSERT INTO journal (seq, accepted_at, source, run_id, entity_type, operation, modified_at, hash, payload, outcome, from_pull)
                    SELECT seq, at, entity_type, run_id, entity_type, 'UPSERT', at, seq, payload, state, true FROM failed)
                INSERT INTO dead_letter (seq, accepted_at, run_id, last_run_id, source, entity_type, record_key, hash, state, stage, error_type,
                                         message, payload, retry_count, next_retry_at, first_failed_at, last_failed_at, attempts)
                SELECT seq, at, run_id, bench.run(i * 7 + 8), entity_type, entity_type, CASE WHEN i % 3 = 0 THEN 'f' || i END, seq, state, stage,
                       error_type, 'The record has no value in its key field id', payload, i % 4,
                       CASE WHEN state = 'RETRY' THEN now() + interval '1 day' END, at, at + interval '1 hour',
                       CASE WHEN i % 4 > 0 THEN '[{"at": "2026-01-01T00:00:00Z", "by": "user:ops", "outcome": "DEAD"}]' ELSE '[]' END::jsonb
                FROM failed ORDER BY seq""");
    }

    /** A fiftieth as many as records, most under a few parents each, three thousand under one; some wait for children themselves. */
    private void holds() {
        execute("""
                WITH held AS (
                    SELECT 5 * {records} + i AS seq, bench.at(i * 90) AS at, bench.run(i * 11) AS run_id,
                           CASE WHEN i % 20 = 0 THEN 'orders' ELSE 'order_lines' END AS entity_type,
                           CASE WHEN i % 20 = 0 THEN 'missing-' || i ELSE 'line-' || i END AS key,
                           CASE WHEN i % 20 = 0 THEN 'customers' ELSE 'orders' END AS parent_entity,
                           CASE WHEN i <= 3000 THEN 'missing-big' ELSE 'missing-' || i / 5 * 5 END AS parent_key
                    FROM generate_series(1, {records} / 50) AS i),
                noted AS (
                    INSERT INTO journal (seq, accepted_at, source, run_id, entity_type, record_key, operation, modified_at, parent_entity, parent_key,
                                         hash, payload, outcome, from_pull)
                    SELECT seq, at, entity_type, run_id, entity_type, key, 'UPSERT', at, parent_entity, parent_key, seq, '{"quantity":1}', 'HELD', true
                    FROM held)
                INSERT INTO hold (seq, accepted_at, run_id, source, entity_type, record_key, parent_entity, parent_key, hash, held_at)
                SELECT seq, at, run_id, entity_type, entity_type, key, parent_entity, parent_key, seq, at FROM held""");
    }

    /** One store knows all products; of five stores' conflicts most are decided. */
    private void conflicts() {
        execute("""
                INSERT INTO store_record (entity_type, record_key, store_id, base)
                SELECT 'products', 'k' || i, 'store_1', jsonb_build_object('id', 'k' || i, 'name', 'Name ' || i, 'amount', 1)
                FROM generate_series(3, {records}, 4) AS i""");
        execute("""
                INSERT INTO conflict (store_id, entity_type, record_key, field, reason, store_value, platform_value, store_modified_at,
                                      platform_modified_at, seq, accepted_at, status, resolution, created_at, resolved_at)
                SELECT 'store_' || CASE WHEN i % 2 = 0 THEN 1 ELSE 1 + i % 5 END, 'products', 'k' || 4 * i + 3,
                       (ARRAY['name', 'amount', 'city'])[1 + i % 3], 'both_changed', to_jsonb(i), to_jsonb(i + 1), bench.at(i * 80), bench.at(i * 79),
                       4 * i + 3, bench.at(4 * i + 3), CASE WHEN i % 5 = 0 THEN 'pending' ELSE 'resolved' END,
                       CASE WHEN i % 5 > 0 THEN 'use_store_value' END, bench.at(i * 80), CASE WHEN i % 5 > 0 THEN now() END
                FROM generate_series(1, {records} / 40) AS i""");
    }

    private void ledger() {
        execute("""
                INSERT INTO ledger (run_id, entity_type, outcome, effect, n)
                SELECT run_id, entity_type, outcome, CASE WHEN outcome = 'APPLIED' THEN CASE WHEN version = 1 THEN 'CREATED' ELSE 'UPDATED' END END,
                       count(*)
                FROM journal GROUP BY 1, 2, 3, 4""");
        execute("""
                INSERT INTO ledger (run_id, store_id, entity_type, outcome, effect, n)
                SELECT run_id, store_id, entity_type, 'APPLIED', 'UPDATED', 3 FROM run WHERE kind = 'webhook'""");
        execute("""
                INSERT INTO ledger (run_id, store_id, entity_type, outcome, n)
                SELECT run_id, store_id, entity_type, '*', sum(n) FROM ledger GROUP BY 1, 2, 3""");
    }

    private void samples() {
        execute("""
                INSERT INTO flow_sample (at, accepted, applied, waiting)
                SELECT date_bin('5 seconds', now(), 'epoch') - interval '5 seconds' * n, (18000 - n) * 60, (18000 - n) * 55, n % 300
                FROM generate_series(1, 18000) AS n ON CONFLICT DO NOTHING""");
    }

    List<String> stores() {
        return List.of("store_1", "store_2", "store_3", "store_4", "store_5");
    }

    private void execute(String sql) {
        hub.execute(sql.replace("{records}", records + "::bigint").replace("{runs}", "" + RUNS).replace("{webhooks}", "" + WEBHOOK_RUNS).replace("{life}", "" + LONG_LIFE));
    }
}
