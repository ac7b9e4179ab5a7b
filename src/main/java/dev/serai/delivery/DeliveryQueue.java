package dev.serai.delivery;

import dev.serai.change.RecordKey;
import dev.serai.database.Bind;
import dev.serai.database.Columns;
import dev.serai.delivery.StoreDeliveries.Released;
import dev.serai.delivery.StoreDelivery.Content;
import dev.serai.run.HubNumber;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.stereotype.Component;

/**
 * The deliveries to stores. A record's deliveries to a store are taken in their order, one at a time; those of other records and stores
 * never wait for them. Each call is one statement for all rows.
 */
@Component
class DeliveryQueue {

    /** Where a delivery waits untried, the newer change goes with it; its row stays locked until the change is committed. */
    private static final String ADD = """
            INSERT INTO delivery (target, store_id, seq, accepted_at, entity_type, record_key, next_attempt_at, created_at)
            SELECT 'webhook', store_id, seq, accepted_at::timestamptz, entity_type, record_key, due::timestamptz, ?::timestamptz
            FROM unnest(?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[])
              AS d(store_id, seq, accepted_at, entity_type, record_key, due)
            ON CONFLICT (store_id, entity_type, record_key) WHERE store_id IS NOT NULL AND state = 'WAITING' AND webhook_id IS NULL
            DO UPDATE SET seq = excluded.seq, accepted_at = excluded.accepted_at,
                next_attempt_at = least(delivery.next_attempt_at, excluded.next_attempt_at)""";

    /** Stores with something due: one step through the index for each store that has deliveries at all. */
    private static final String DUE_STORES = """
            WITH RECURSIVE first AS (
                (SELECT store_id, next_attempt_at FROM delivery WHERE store_id IS NOT NULL AND state = 'WAITING'
                 ORDER BY store_id, next_attempt_at LIMIT 1)
                UNION ALL
                SELECT n.store_id, n.next_attempt_at FROM first f CROSS JOIN LATERAL (
                    SELECT store_id, next_attempt_at FROM delivery
                    WHERE store_id > f.store_id AND store_id IS NOT NULL AND state = 'WAITING'
                    ORDER BY store_id, next_attempt_at LIMIT 1) n)
            SELECT store_id FROM first WHERE next_attempt_at <= ?""";

    /** The record's first by a subquery, which is looked up for each row: a join is planned for a table of which nobody knows yet how full it is. */
    private static final String CLAIM = """
            WITH next AS (
                SELECT d.id FROM unnest(?::text[], ?::int[]) AS room(store_id, n) CROSS JOIN LATERAL (
                    SELECT w.id FROM delivery w
                    WHERE w.store_id = room.store_id AND w.state = 'WAITING' AND w.next_attempt_at <= ?
                      AND w.id = (
                        SELECT e.id FROM delivery e
                        WHERE e.store_id = w.store_id AND e.entity_type = w.entity_type AND e.record_key = w.record_key
                          AND e.state = 'WAITING' ORDER BY e.id LIMIT 1)
                    ORDER BY w.next_attempt_at, w.id LIMIT room.n FOR UPDATE OF w SKIP LOCKED) d)
            UPDATE delivery d SET claimed_by = ?, leased_until = ?::timestamptz, next_attempt_at = ?::timestamptz,
                webhook_id = coalesce(d.webhook_id, 'msg_' || replace(gen_random_uuid()::text, '-', ''))
            FROM next n WHERE d.id = n.id
            RETURNING d.id, d.store_id, d.entity_type, d.record_key, d.webhook_id, d.attempts,
                d.leased_until, d.deleted, d.data, d.changed_fields, d.modified_at, d.made_of, d.withdrawn""";

    private static final String TAKE_OVER = """
            UPDATE delivery SET claimed_by = NULL, leased_until = NULL, next_attempt_at = ?
            WHERE claimed_by IS NOT NULL AND claimed_by NOT IN (
                SELECT objid::int FROM pg_locks WHERE locktype = 'advisory' AND classid = ? AND objsubid = 2 AND granted
                  AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))""";

    private static final String KEEP = """
            UPDATE delivery d SET deleted = n.deleted, data = n.data, changed_fields = n.fields,
                modified_at = n.modified_at::timestamptz, made_of = n.made_of, withdrawn = false
            FROM unnest(?::bigint[], ?::boolean[], ?::text[], ?::text[], ?::text[], ?::bigint[])
              AS n(id, deleted, data, fields, modified_at, made_of)
            WHERE d.id = n.id""";

    /** Parked ones say less than the record's newest delivery, which says everything that the store lacks. */
    private static final String DROP_OUTDATED = """
            DELETE FROM delivery d USING unnest(?::bigint[], ?::text[], ?::text[], ?::text[]) AS n(id, store_id, entity_type, record_key)
            WHERE d.store_id = n.store_id AND d.entity_type = n.entity_type AND d.record_key = n.record_key AND d.state = 'DEAD'
              AND d.id < n.id""";

    /**
     * The record has moved on while it was on its way, or not all of it was told: the store is told how things stand, whatever it has told
     * itself meanwhile.
     */
    private static final String FOLLOW_UP = """
            INSERT INTO delivery (target, store_id, seq, accepted_at, entity_type, record_key, next_attempt_at, created_at, last_sent)
            SELECT 'webhook', d.store_id, d.seq, d.accepted_at, d.entity_type, d.record_key, ?::timestamptz, ?::timestamptz,
                   d.data::jsonb || (coalesce(d.last_sent, '{}') - ARRAY(SELECT jsonb_array_elements_text(d.changed_fields::jsonb)))
            FROM delivery d JOIN record r ON r.entity_type = d.entity_type AND r.record_key = d.record_key
            WHERE d.id = ANY (?::bigint[]) AND r.last_change <> d.made_of ORDER BY d.entity_type, d.record_key, d.store_id
            ON CONFLICT (store_id, entity_type, record_key) WHERE store_id IS NOT NULL AND state = 'WAITING' AND webhook_id IS NULL
            DO UPDATE SET last_sent = excluded.last_sent, next_attempt_at = least(delivery.next_attempt_at, excluded.next_attempt_at)""";

    private static final String FAILED = """
            UPDATE delivery d SET attempts = d.attempts + 1, claimed_by = NULL, leased_until = NULL, last_error = n.error, state = n.state,
                next_attempt_at = n.next::timestamptz, attempt_log = d.attempt_log || jsonb_build_array(jsonb_build_object('at', ?::text, 'result', n.error))
            FROM unnest(?::bigint[], ?::text[], ?::text[], ?::text[]) AS n(id, state, next, error)
            WHERE d.id = n.id""";

    /**
     * What was given up while the endpoint took nothing at all, from the first attempt on: it was the store that was away. What failed while
     * others arrived stays parked.
     */
    private static final String RESUME = """
            UPDATE delivery d SET state = 'WAITING', attempts = 0, next_attempt_at = ?::timestamptz
            FROM delivery_endpoint e
            WHERE e.store_id = ANY (?::text[]) AND e.consecutive_failures > 0 AND d.store_id = e.store_id AND d.state = 'DEAD'
              AND d.attempts > ? AND (e.last_success_at IS NULL OR (d.attempt_log -> -d.attempts ->> 'at')::timestamptz >= e.last_success_at)""";

    private static final String HURRY = """
            WITH released AS (
                UPDATE delivery SET next_attempt_at = ?
                WHERE store_id = ? AND entity_type = ANY (?::text[]) AND state = 'WAITING' AND attempts = 0 AND leased_until IS NULL
                  AND next_attempt_at > ?
                RETURNING store_id, entity_type, record_key)
            SELECT count(*), count(*) FILTER (WHERE NOT EXISTS (
                SELECT FROM store_record s WHERE s.entity_type = r.entity_type AND s.record_key = r.record_key AND s.store_id = r.store_id))
            FROM released r""";

    private final JdbcTemplate jdbc;

    DeliveryQueue(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** A record of which a store is to be told, from {@code due} on. */
    record Due(String storeId, RecordKey key, long seq, Instant acceptedAt, Instant due) {

        Due at(Instant when) {
            return new Due(storeId, key, seq, acceptedAt, when);
        }
    }

    /** An attempt that failed, and what comes next: {@code next} is null for a delivery that is parked. */
    record Failed(long id, String error, Instant next) {}

    void add(List<Due> rows, Instant now) {
        update(ADD, rows, bind -> bind.at(now)
                .texts(rows, Due::storeId)
                .numbers(rows, Due::seq)
                .instants(rows, Due::acceptedAt)
                .texts(rows, d -> d.key().entityType())
                .texts(rows, d -> d.key().key())
                .instants(rows, Due::due));
    }

    List<String> dueStores(Instant now) {
        return jdbc.query(DUE_STORES, ps -> Bind.to(ps).at(now), (rs, row) -> rs.getString(1));
    }

    /** Takes up to so many deliveries for each of these stores, and keeps them from everybody else until the lease ends. */
    List<StoreDelivery> claim(int hub, Map<String, Integer> room, Instant now, Instant leasedUntil) {
        Collection<Map.Entry<String, Integer>> stores = room.entrySet();
        return jdbc.query(
                CLAIM,
                ps -> Bind.to(ps)
                        .texts(stores, Map.Entry::getKey)
                        .integers(stores, Map.Entry::getValue)
                        .at(now)
                        .integer(hub)
                        .at(leasedUntil)
                        .at(leasedUntil),
                (rs, row) -> delivery(rs));
    }

    private static StoreDelivery delivery(ResultSet rs) throws SQLException {
        String data = rs.getString(9);
        Content content = data == null
                ? null
                : new Content(rs.getBoolean(8), data, rs.getString(10), Columns.instant(rs, 11), rs.getLong(12));
        return new StoreDelivery(
                rs.getLong(1),
                rs.getString(2),
                new RecordKey(rs.getString(3), rs.getString(4)),
                rs.getString(5),
                rs.getInt(6),
                Columns.instant(rs, 7),
                content != null && !rs.getBoolean(13),
                content);
    }

    /** Keeps what is sent, so that every attempt sends the same. */
    void keep(List<StoreDelivery> made) {
        update(KEEP, made, bind -> bind.numbers(made, StoreDelivery::id)
                .flags(made, d -> d.content().deleted())
                .texts(made, d -> d.content().data())
                .texts(made, d -> d.content().changedFields())
                .instants(made, d -> d.content().modifiedAt())
                .numbers(made, d -> d.content().madeOf()));
    }

    /** Drops parked deliveries that these replace: also where it has turned out that there is nothing left to be sent. */
    void dropOutdated(List<StoreDelivery> newer) {
        update(DROP_OUTDATED, newer, bind -> bind.numbers(newer, StoreDelivery::id)
                .texts(newer, StoreDelivery::storeId)
                .texts(newer, d -> d.key().entityType())
                .texts(newer, d -> d.key().key()));
    }

    /**
     * After these deliveries got their 2xx: another one for each record that has changed since they were made, or of which they did not tell
     * everything. Not before: what is made of a record tells all that the store lacks, so that beside one that is parked it would be parked too.
     */
    void followUp(List<Long> delivered, Instant now) {
        update(FOLLOW_UP, delivered, bind -> bind.at(now).at(now).numbers(delivered, Long::longValue));
    }

    /** The stores have not got these: the next attempt is to be told of like the first one. */
    void withdrawn(List<Long> ids) {
        update("UPDATE delivery SET withdrawn = true WHERE id = ANY (?::bigint[])", ids, bind -> bind.numbers(ids, Long::longValue));
    }

    void remove(List<Long> ids) {
        update("DELETE FROM delivery WHERE id = ANY (?::bigint[])", ids, bind -> bind.numbers(ids, Long::longValue));
    }

    void failed(List<Failed> failed, Instant now) {
        update(FAILED, failed, bind -> bind.text(now.toString())
                .numbers(failed, Failed::id)
                .texts(failed, f -> f.next() == null ? "DEAD" : "WAITING")
                .instants(failed, f -> f.next() == null ? now : f.next())
                .texts(failed, Failed::error));
    }

    /** These stores take deliveries again: what they missed meanwhile goes to them, too. Before the success is counted. */
    void resume(Collection<String> stores, int retries, Instant now) {
        update(RESUME, stores, bind -> bind.at(now).texts(stores).integer(retries));
    }

    /** What hubs that are gone had taken up may be taken up by anybody. */
    void takeOver(Instant now) {
        jdbc.update(TAKE_OVER, ps -> Bind.to(ps).at(now).integer(HubNumber.HUB_LOCKS));
    }

    /** What was taken up and not tried may be taken up by anybody. */
    void release(List<Long> ids, Instant now) {
        update("UPDATE delivery SET claimed_by = NULL, leased_until = NULL, next_attempt_at = ? WHERE id = ANY (?::bigint[])", ids,
                bind -> bind.at(now).numbers(ids, Long::longValue));
    }

    /** What waits untried for the store's next sync goes now. */
    Released hurry(String storeId, Collection<String> entityTypes, Instant now) {
        return jdbc.query(
                        HURRY,
                        ps -> Bind.to(ps).at(now).text(storeId).texts(entityTypes).at(now),
                        (rs, row) -> new Released(rs.getLong(1), rs.getLong(2)))
                .get(0);
    }

    @FunctionalInterface
    private interface Binding {
        void to(Bind bind) throws SQLException;
    }

    private void update(String sql, Collection<?> rows, Binding binding) {
        if (!rows.isEmpty()) {
            jdbc.execute(sql, (PreparedStatementCallback<Integer>) ps -> {
                binding.to(Bind.to(ps));
                return ps.executeUpdate();
            });
        }
    }
}
