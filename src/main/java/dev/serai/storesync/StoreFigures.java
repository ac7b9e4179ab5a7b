package dev.serai.storesync;

import dev.serai.database.Bind;
import dev.serai.database.Columns;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** A store's figures, entity by entity, each kind with one statement. */
@Component
class StoreFigures {

    private static final String LATEST = """
            SELECT e.entity_type, ended.completed_at, ended.verdict, active.started_at IS NOT NULL
            FROM unnest(?::text[]) AS e(entity_type)
            LEFT JOIN LATERAL (SELECT completed_at, verdict FROM run
                               WHERE store_id = ? AND entity_type = e.entity_type AND verdict IS NOT NULL
                               ORDER BY created_at DESC LIMIT 1) ended ON true
            LEFT JOIN LATERAL (SELECT created_at AS started_at FROM run
                               WHERE store_id = ? AND entity_type = e.entity_type AND told < 2
                               LIMIT 1) active ON true""";

    /** What the ledger has in flight from the store, and what waits to go to it. */
    private static final String PENDING = """
            SELECT entity_type, sum(n) FROM (
                SELECT entity_type, n FROM ledger WHERE store_id = ? AND outcome IN ('ACCEPTED', 'HELD', 'RETRY')
                UNION ALL
                SELECT entity_type, 1 FROM delivery WHERE store_id = ? AND state = 'WAITING') AS waiting
            GROUP BY 1""";

    /** What was to go to it and is given up until somebody, or a sync, sends it again. */
    private static final String PARKED = """
            SELECT entity_type, count(*) FROM delivery JOIN store_entity USING (store_id, entity_type)
            WHERE store_id = ? AND state = 'DEAD' AND config ->> 'direction' <> 'to_platform' GROUP BY 1""";

    /** Both counts come from indexes, where a count of those that are there would read every row. */
    private static final String RECORDS = """
            SELECT entity_type, sum(n) FROM (
                SELECT entity_type, count(*) AS n FROM store_record WHERE store_id = ? GROUP BY 1
                UNION ALL
                SELECT entity_type, -count(*) FROM store_record WHERE store_id = ? AND deleted GROUP BY 1) AS known
            GROUP BY 1""";

    private static final String CONFLICTS =
            "SELECT entity_type, count(*) FROM conflict WHERE store_id = ? AND status = 'pending' GROUP BY 1";

    private final JdbcTemplate jdbc;

    StoreFigures(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * One entity of a store.
     *
     * @param lastSync when its latest sync ended, or null
     * @param verdict  of that sync, or null
     * @param syncing  whether a sync of it waits, runs or is not settled yet
     * @param pending  changes on their way from or to the store
     * @param parked   deliveries to the store that were given up
     */
    record Figures(Instant lastSync, String verdict, boolean syncing, long records, long pending, long parked, long conflicts) {}

    Map<String, Figures> of(String storeId, List<String> entityTypes) {
        Map<String, Long> records = counts(RECORDS, storeId, storeId);
        Map<String, Long> conflicts = counts(CONFLICTS, storeId);
        Map<String, Long> pending = counts(PENDING, storeId, storeId);
        Map<String, Long> parked = counts(PARKED, storeId);
        Map<String, Figures> figures = new HashMap<>();
        jdbc.query(LATEST, ps -> Bind.to(ps).texts(entityTypes).text(storeId).text(storeId), rs -> {
            String type = rs.getString(1);
            figures.put(type, new Figures(
                    Columns.instant(rs, 2), rs.getString(3), rs.getBoolean(4), records.getOrDefault(type, 0L),
                    pending.getOrDefault(type, 0L), parked.getOrDefault(type, 0L), conflicts.getOrDefault(type, 0L)));
        });
        return figures;
    }

    private Map<String, Long> counts(String sql, Object... parameters) {
        Map<String, Long> counts = new HashMap<>();
        jdbc.query(sql, rs -> {
            counts.put(rs.getString(1), rs.getLong(2));
        }, parameters);
        return counts;
    }
}
