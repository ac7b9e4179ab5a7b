package dev.serai.storesync;

import dev.serai.change.RecordKey;
import dev.serai.database.Bind;
import dev.serai.database.Columns;
import dev.serai.record.Differing;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Compares what a store is known to have of an entity with what the platform has, page by page in the order of keys. What was to be sent to a
 * store and is parked differs, too: the store may never have been told of the record, so that there is nothing to compare.
 */
@Component
class Comparison {

    /** Records that the store has; those that it does not know are none of its business. */
    private static final String KNOWN = """
            SELECT s.record_key, r.payload, coalesce(r.deleted, true) AS gone, r.last_change,
                   store_base(s.base, s.delivered, s.store_id, r.payload, r.stamps) AS base, s.deleted AS base_deleted
            FROM store_record s LEFT JOIN record r USING (entity_type, record_key)
            WHERE s.entity_type = ? AND s.record_key > ? AND s.store_id = ?""";

    /** Records of the platform, whether the store has them or not. */
    private static final String ALL = """
            SELECT r.record_key, r.payload, r.deleted AS gone, r.last_change,
                   coalesce(store_base(s.base, s.delivered, s.store_id, r.payload, r.stamps), '{}') AS base, coalesce(s.deleted, true) AS base_deleted
            FROM record r LEFT JOIN store_record s ON s.entity_type = r.entity_type AND s.record_key = r.record_key AND s.store_id = ?
            WHERE r.entity_type = ? AND r.record_key > ?""";

    private static final String COMPARE = """
            WITH page AS MATERIALIZED (%s ORDER BY record_key LIMIT ?)
            SELECT p.record_key, d.differs, p.last_change,
                   CASE WHEN d.differs AND NOT EXISTS (
                       SELECT FROM delivery q WHERE q.store_id = e.store_id AND q.entity_type = e.entity_type AND q.record_key = p.record_key
                         AND q.state = 'WAITING') THEN (SELECT accepted_at FROM journal j WHERE j.seq = p.last_change) END
            FROM page p JOIN store_entity e ON e.store_id = ? AND e.entity_type = ?
            CROSS JOIN LATERAL (SELECT store_differs(p.base, p.base_deleted, p.payload, p.gone, e.config)
                OR e.config ->> 'direction' <> 'to_platform' AND EXISTS (
                    SELECT FROM delivery q WHERE q.store_id = e.store_id AND q.entity_type = e.entity_type AND q.record_key = p.record_key
                      AND q.state = 'DEAD') AS differs) d
            ORDER BY p.record_key""";

    private final JdbcTemplate jdbc;

    Comparison(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * What one page has shown.
     *
     * @param last      the last key that was compared; null where there was none
     * @param differing the records that differ, that the platform has or has deleted, and that are not on their way to the store
     */
    record Compared(int records, String last, int differences, List<Differing> differing) {}

    /**
     * Compares the records after a key.
     *
     * @param all whether records that the store does not know count as different
     */
    Compared page(String storeId, String entityType, boolean all, String after, int size) {
        String sql = COMPARE.formatted(all ? ALL : KNOWN);
        List<Differing> differing = new ArrayList<>();
        int[] counts = {0, 0};
        String[] last = {null};
        jdbc.query(
                sql,
                ps -> {
                    Bind bind = Bind.to(ps);
                    if (all) {
                        bind.text(storeId).text(entityType).text(after);
                    } else {
                        bind.text(entityType).text(after).text(storeId);
                    }
                    bind.integer(size).text(storeId).text(entityType);
                },
                rs -> {
                    counts[0]++;
                    last[0] = rs.getString(1);
                    if (rs.getBoolean(2)) {
                        counts[1]++;
                        if (rs.getObject(3) != null && Columns.instant(rs, 4) != null) {
                            differing.add(new Differing(
                                    storeId, new RecordKey(entityType, last[0]), rs.getLong(3), Columns.instant(rs, 4),
                                    Differing.NO_DISPUTE));
                        }
                    }
                });
        return new Compared(counts[0], last[0], counts[1], differing);
    }

    /** How many records there are to compare. */
    long count(String storeId, String entityType, boolean all) {
        return all
                ? jdbc.queryForObject("SELECT count(*) FROM record WHERE entity_type = ?", Long.class, entityType)
                : jdbc.queryForObject(
                        "SELECT count(*) FROM store_record WHERE store_id = ? AND entity_type = ?", Long.class, storeId, entityType);
    }
}
