package dev.serai.pos;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.serai.database.Bind;
import dev.serai.database.Columns;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Where a terminal's orders stand. */
@Component
class PosStatus {

    private static final List<String> STATES = List.of("pending", "in_progress", "synced", "failed", "retry", "conflict");

    private final JdbcTemplate jdbc;

    PosStatus(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @JsonNaming(SnakeCaseStrategy.class)
    record LastBatch(
            String batchId, Instant startedAt, Instant completedAt, int totalOrders, int successfulSyncs, int failedSyncs) {}

    /** How many orders are in each state; every state is there. */
    Map<String, Long> counts(String terminalId) {
        Map<String, Long> counts = new LinkedHashMap<>();
        STATES.forEach(state -> counts.put(state, 0L));
        jdbc.query("SELECT state, count(*) FROM pos_order WHERE terminal_id = ? GROUP BY state",
                ps -> Bind.to(ps).text(terminalId), rs -> {
                    counts.put(rs.getString(1), rs.getLong(2));
                });
        return counts;
    }

    /** The terminal's latest sync, or null. */
    LastBatch lastBatch(String terminalId) {
        return jdbc.query(
                """
                SELECT batch_id, started_at, completed_at, total, synced, failed FROM pos_batch
                WHERE terminal_id = ? ORDER BY batch_no DESC LIMIT 1""",
                ps -> Bind.to(ps).text(terminalId),
                (rs, row) -> new LastBatch(rs.getString(1), seconds(Columns.instant(rs, 2)), seconds(Columns.instant(rs, 3)),
                        rs.getInt(4), rs.getInt(5), rs.getInt(6))).stream().findFirst().orElse(null);
    }

    private static Instant seconds(Instant time) {
        return time == null ? null : time.truncatedTo(ChronoUnit.SECONDS);
    }
}
