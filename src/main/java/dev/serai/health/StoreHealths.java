package dev.serai.health;

import dev.serai.database.Bind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Reads the stores' health from the sums: some hundred short rows a store and day, however many records there are. */
@Component
public class StoreHealths {

    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private static final String READ = """
            SELECT st.store_id, coalesce(s.syncs, 0), coalesce(s.succeeded, 0), coalesce(s.failed, 0), coalesce(s.millis, 0),
                   coalesce(s.recent, 0), coalesce(s.recent_failed, 0), coalesce(s.slowest, 0), coalesce(c.day, 0), coalesce(c.hour, 0),
                   coalesce(d.records, 0), coalesce(d.differing, 0), coalesce(t.attempts, 0), coalesce(t.delivered, 0),
                   coalesce(e.consecutive_failures, 0)
            FROM store st
            LEFT JOIN (SELECT store_id, sum(syncs) AS syncs, sum(succeeded) AS succeeded, sum(failed) AS failed, sum(duration_ms) AS millis,
                              sum(syncs) FILTER (WHERE slot > ?) AS recent, sum(failed) FILTER (WHERE slot > ?) AS recent_failed,
                              max(slowest_ms) FILTER (WHERE slot > ?) AS slowest
                       FROM store_slot WHERE slot > ? AND (?::text IS NULL OR store_id = ?) GROUP BY store_id) s USING (store_id)
            LEFT JOIN (SELECT store_id, count(*) AS day, count(*) FILTER (WHERE created_at > ?) AS hour
                       FROM conflict WHERE created_at > ? AND (?::text IS NULL OR store_id = ?) GROUP BY store_id) c USING (store_id)
            LEFT JOIN (SELECT store_id, sum(records) AS records, sum(differing) AS differing FROM store_drift GROUP BY store_id) d
                 USING (store_id)
            LEFT JOIN (SELECT store_id, sum(delivered) AS delivered, sum(delivered + failed) AS attempts FROM delivery_tally WHERE hour > ?
                       GROUP BY store_id) t USING (store_id)
            LEFT JOIN delivery_endpoint e USING (store_id)
            WHERE (?::text IS NULL OR st.store_id = ?)""";

    private final JdbcTemplate jdbc;
    private final Duration window;
    private final Clock clock;

    StoreHealths(JdbcTemplate jdbc, AlertSettings settings, Clock clock) {
        this.jdbc = jdbc;
        this.window = settings.window();
        this.clock = clock;
    }

    /** Every store's health. */
    public Map<String, StoreHealth> all() {
        return read(null);
    }

    public StoreHealth of(String storeId) {
        return read(storeId).getOrDefault(storeId, StoreHealth.NOTHING);
    }

    /** All stores taken together. */
    public StoreHealth total() {
        return all().values().stream().reduce(StoreHealth.NOTHING, StoreHealth::plus);
    }

    private Map<String, StoreHealth> read(String storeId) {
        Instant now = clock.instant();
        Instant recent = now.minus(window);
        Map<String, StoreHealth> healths = new TreeMap<>();
        jdbc.query(
                READ,
                ps -> Bind.to(ps)
                        .at(recent).at(recent).at(recent).at(now.minus(DAY)).text(storeId).text(storeId)
                        .at(now.minus(HOUR)).at(now.minus(DAY)).text(storeId).text(storeId)
                        .at(now.minus(DAY))
                        .text(storeId).text(storeId),
                rs -> {
                    healths.put(rs.getString(1), new StoreHealth(
                            rs.getLong(2), rs.getLong(3), rs.getLong(4), rs.getLong(5), rs.getLong(6), rs.getLong(7), rs.getLong(8),
                            rs.getLong(9), rs.getLong(10), rs.getLong(11), rs.getLong(12), rs.getLong(13), rs.getLong(14), rs.getInt(15)));
                });
        return healths;
    }
}
