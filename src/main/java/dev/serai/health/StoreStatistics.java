package dev.serai.health;

import dev.serai.database.Bind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Sums up what ends, five minutes of a store in a row. Each call is one statement, in the caller's transaction. */
@Component("storeStatistics")
public class StoreStatistics {

    private static final Duration SLOT = Duration.ofMinutes(5);

    /** Metrics look back a day. */
    private static final Duration KEPT = Duration.ofDays(2);

    private static final String ADD_SYNCS = """
            INSERT INTO store_slot AS s (slot, store_id, syncs, succeeded, failed, duration_ms, slowest_ms)
            SELECT ?::timestamptz, e.* FROM unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[]) AS e
            ON CONFLICT (store_id, slot) DO UPDATE SET syncs = s.syncs + excluded.syncs, succeeded = s.succeeded + excluded.succeeded,
                failed = s.failed + excluded.failed, duration_ms = s.duration_ms + excluded.duration_ms,
                slowest_ms = greatest(s.slowest_ms, excluded.slowest_ms)""";

    private final JdbcTemplate jdbc;
    private final Clock clock;

    StoreStatistics(JdbcTemplate jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** @param verdict {@code success}, {@code partial} or {@code failed} */
    public record EndedSync(String storeId, String verdict, long millis) {}

    private static final class Sums {

        private long syncs;
        private long succeeded;
        private long failed;
        private long millis;
        private long slowest;
    }

    public void syncsEnded(List<EndedSync> ended) {
        TreeMap<String, Sums> sums = new TreeMap<>();
        for (EndedSync sync : ended) {
            Sums sum = sums.computeIfAbsent(sync.storeId(), id -> new Sums());
            sum.syncs++;
            sum.succeeded += "success".equals(sync.verdict()) ? 1 : 0;
            sum.failed += "failed".equals(sync.verdict()) ? 1 : 0;
            sum.millis += sync.millis();
            sum.slowest = Math.max(sum.slowest, sync.millis());
        }
        if (!sums.isEmpty()) {
            jdbc.update(ADD_SYNCS, ps -> Bind.to(ps)
                    .at(slot())
                    .texts(sums.keySet())
                    .numbers(sums.values(), s -> s.syncs)
                    .numbers(sums.values(), s -> s.succeeded)
                    .numbers(sums.values(), s -> s.failed)
                    .numbers(sums.values(), s -> s.millis)
                    .numbers(sums.values(), s -> s.slowest));
        }
    }

    /** Forgets what no metric looks at any more. */
    public void forgetOld() {
        jdbc.update("DELETE FROM store_slot WHERE slot < ?", ps -> Bind.to(ps).at(clock.instant().minus(KEPT)));
    }

    private Instant slot() {
        long seconds = SLOT.toSeconds();
        return Instant.ofEpochSecond(Math.floorDiv(clock.instant().getEpochSecond(), seconds) * seconds);
    }
}
