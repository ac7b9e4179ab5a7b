package dev.serai.delivery;

import dev.serai.database.Bind;
import dev.serai.delivery.Verdict.Kind;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.stereotype.Component;

/** Counts how deliveries to each store's endpoint go: failures in a row, and attempts an hour. */
@Component
class Endpoints {

    private static final String COUNT = """
            INSERT INTO delivery_tally AS t (store_id, hour, delivered, failed, dead)
            SELECT store_id, ?, delivered, failed, dead
            FROM unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[]) AS n(store_id, delivered, failed, dead) ORDER BY store_id
            ON CONFLICT (store_id, hour) DO UPDATE
            SET delivered = t.delivered + excluded.delivered, failed = t.failed + excluded.failed, dead = t.dead + excluded.dead""";

    /** The failures since the page's last success, or on top of those before where it had none. */
    private static final String REMEMBER = """
            INSERT INTO delivery_endpoint AS e
                (store_id, consecutive_failures, last_success_at, last_failure_at, last_error, gone_at)
            SELECT store_id, in_a_row, CASE WHEN delivered > 0 THEN at END, CASE WHEN failed > 0 THEN at END, error, CASE WHEN gone THEN at END
            FROM (SELECT ?::timestamptz AS at, n.* FROM unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::boolean[])
                    AS n(store_id, delivered, failed, in_a_row, error, gone)) n ORDER BY store_id
            ON CONFLICT (store_id) DO UPDATE SET
                consecutive_failures = CASE WHEN excluded.last_success_at IS NULL THEN e.consecutive_failures ELSE 0 END
                    + excluded.consecutive_failures,
                last_success_at = coalesce(excluded.last_success_at, e.last_success_at),
                last_failure_at = coalesce(excluded.last_failure_at, e.last_failure_at),
                last_error = coalesce(excluded.last_error, e.last_error),
                gone_at = CASE WHEN excluded.last_success_at IS NOT NULL THEN excluded.gone_at ELSE coalesce(excluded.gone_at, e.gone_at) END""";

    private final JdbcTemplate jdbc;

    Endpoints(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** One attempt's end. */
    record Ended(String storeId, Verdict verdict, boolean parked) {}

    private static final class Sum {
        private long delivered;
        private long failed;
        private long dead;
        private long inARow;
        private String error;
        private boolean gone;

        void add(Ended ended) {
            if (ended.verdict().kind() == Kind.DELIVERED) {
                delivered++;
                inARow = 0;
                return;
            }
            failed++;
            inARow++;
            dead += ended.parked() ? 1 : 0;
            error = ended.verdict().reason();
            gone |= ended.verdict().kind() == Kind.GONE;
        }
    }

    /** Writes what a page of attempts came to, in the order in which they ended. */
    void count(List<Ended> attempts, Instant now) {
        Map<String, Sum> sums = new LinkedHashMap<>();
        attempts.forEach(ended -> sums.computeIfAbsent(ended.storeId(), store -> new Sum()).add(ended));
        if (sums.isEmpty()) {
            return;
        }
        List<Map.Entry<String, Sum>> rows = new ArrayList<>(sums.entrySet());
        jdbc.execute(COUNT, (PreparedStatementCallback<Integer>) ps -> {
            Bind.to(ps)
                    .at(now.truncatedTo(ChronoUnit.HOURS))
                    .texts(rows, Map.Entry::getKey)
                    .numbers(rows, r -> r.getValue().delivered)
                    .numbers(rows, r -> r.getValue().failed)
                    .numbers(rows, r -> r.getValue().dead);
            return ps.executeUpdate();
        });
        jdbc.execute(REMEMBER, (PreparedStatementCallback<Integer>) ps -> {
            Bind.to(ps)
                    .at(now)
                    .texts(rows, Map.Entry::getKey)
                    .numbers(rows, r -> r.getValue().delivered)
                    .numbers(rows, r -> r.getValue().failed)
                    .numbers(rows, r -> r.getValue().inARow)
                    .texts(rows, r -> r.getValue().error)
                    .flags(rows, r -> r.getValue().gone);
            return ps.executeUpdate();
        });
    }
}
