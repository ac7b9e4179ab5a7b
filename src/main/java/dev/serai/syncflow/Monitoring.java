package dev.serai.syncflow;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.serai.database.Bind;
import dev.serai.database.Columns;
import dev.serai.database.Where;
import dev.serai.deadletter.FailureGroups;
import dev.serai.deadletter.FailureGroups.Group;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** What the monitoring endpoints read. */
@Component
public class Monitoring {

    private static final String OPEN = "state IN ('RETRY', 'DEAD')";

    private final JdbcTemplate jdbc;
    private final FailureGroups failures;

    Monitoring(JdbcTemplate jdbc, FailureGroups failures) {
        this.jdbc = jdbc;
        this.failures = failures;
    }

    /** A failed record; {@code payload} is as it came in, as text where it is no JSON. */
    @JsonNaming(SnakeCaseStrategy.class)
    public record FailedRecord(
            String id,
            UUID batchUid,
            String entityName,
            String key,
            String stage,
            String errorType,
            String errorMessage,
            @JsonRawValue String payload,
            String status,
            int retryCount,
            Instant nextRetryAt,
            int occurrences,
            Instant failedAt,
            @JsonRawValue String attempts) {}

    /** A child that waits. */
    @JsonNaming(SnakeCaseStrategy.class)
    public record PendingChild(
            String entityName,
            String key,
            String parentEntity,
            String parentKey,
            UUID batchUid,
            int retryCount,
            Instant lastRetryAt,
            Instant heldSince,
            @JsonRawValue String payload) {}

    public record FailedSelection(UUID batch, String entity, String errorType, String stage) {

        private Where where() {
            return Where.that(OPEN)
                    .andUuid("run_id = ? OR last_run_id = ?", batch)
                    .andText("entity_type = ?", entity)
                    .andText("stage = ?", stage)
                    .andText("error_type = ?", errorType);
        }
    }

    private static final String FAILED_COLUMNS = """
            SELECT id, coalesce(last_run_id, run_id), entity_type, record_key, stage, error_type, message, payload, state, retry_count,
                   next_retry_at, occurrences, last_failed_at, attempts::text\s""";

    /** The newest first. Whichever page it is, only its own rows are read; those before it are passed over in the index. */
    public List<FailedRecord> failed(FailedSelection selection, int page, int pageSize) {
        Where where = selection.where();
        return jdbc.query(
                FAILED_COLUMNS + "FROM dead_letter WHERE id = ANY (ARRAY(SELECT id FROM dead_letter" + where.sql()
                        + " ORDER BY id DESC LIMIT ? OFFSET ?)) ORDER BY id DESC",
                ps -> where.bind(Bind.to(ps)).integer(pageSize).number((page - 1L) * pageSize),
                Monitoring::failedRecord);
    }

    /** One that is not resolved. */
    public Optional<FailedRecord> failed(long id) {
        return jdbc.query(
                        FAILED_COLUMNS + "FROM dead_letter WHERE id = ? AND state IN ('RETRY', 'DEAD')",
                        ps -> Bind.to(ps).number(id),
                        Monitoring::failedRecord)
                .stream()
                .findFirst();
    }

    private static FailedRecord failedRecord(ResultSet rs, int row) throws SQLException {
        return new FailedRecord(
                rs.getString(1),
                rs.getObject(2, UUID.class),
                rs.getString(3),
                rs.getString(4),
                rs.getString(5),
                rs.getString(6),
                rs.getString(7),
                rs.getString(8),
                rs.getString(9).toLowerCase(Locale.ROOT),
                rs.getInt(10),
                Columns.instant(rs, 11),
                rs.getInt(12),
                Columns.instant(rs, 13),
                rs.getString(14));
    }

    public long countFailed(FailedSelection selection) {
        Where where = selection.where();
        return jdbc.query(
                "SELECT count(*) FROM dead_letter" + where.sql(), ps -> where.bind(Bind.to(ps)), rs -> rs.next() ? rs.getLong(1) : 0L);
    }

    /** Those that have waited longest first. */
    public List<PendingChild> pendingChildren(String parentEntity, String entity, int page, int pageSize) {
        Where where = held(parentEntity, entity);
        return jdbc.query(
                """
                SELECT h.entity_type, h.record_key, h.parent_entity, h.parent_key, h.run_id, h.checks, h.checked_at, h.held_at, j.payload
                FROM hold h LEFT JOIN journal j ON j.seq = h.seq AND j.accepted_at = h.accepted_at
                WHERE h.seq = ANY (ARRAY(SELECT seq FROM hold""" + where.sql() + " ORDER BY seq LIMIT ? OFFSET ?)) ORDER BY h.seq",
                ps -> where.bind(Bind.to(ps)).integer(pageSize).number((page - 1L) * pageSize),
                (rs, row) -> new PendingChild(
                        rs.getString(1),
                        rs.getString(2),
                        rs.getString(3),
                        rs.getString(4),
                        rs.getObject(5, UUID.class),
                        rs.getInt(6),
                        Columns.instant(rs, 7),
                        Columns.instant(rs, 8),
                        rs.getString(9)));
    }

    public long countPendingChildren(String parentEntity, String entity) {
        Where where = held(parentEntity, entity);
        return jdbc.query("SELECT count(*) FROM hold" + where.sql(), ps -> where.bind(Bind.to(ps)), rs -> rs.next() ? rs.getLong(1) : 0L);
    }

    private static Where held(String parentEntity, String entity) {
        return Where.that("true").andText("parent_entity = ?", parentEntity).andText("entity_type = ?", entity);
    }

    public Map<String, Object> stats(Instant now) {
        List<Group> groups = failures.list();
        Map<String, Object> failed = new LinkedHashMap<>();
        failed.put("total", groups.stream().mapToLong(Group::count).sum());
        failed.put("retryable", groups.stream().mapToLong(Group::waiting).sum());
        failed.put("by_stage", sums(groups, Group::stage));
        failed.put("by_error_type", sums(groups, Group::errorType));
        failed.put("by_entity", sums(groups, Group::entityType));
        Map<String, Object> pending = new LinkedHashMap<>();
        Map<String, Long> byParent = new TreeMap<>();
        Map<String, Long> byEntity = new TreeMap<>();
        jdbc.query("SELECT parent_entity, entity_type, count(*) FROM hold GROUP BY 1, 2", rs -> {
            byParent.merge(rs.getString(1), rs.getLong(3), Long::sum);
            byEntity.merge(rs.getString(2), rs.getLong(3), Long::sum);
        });
        pending.put("total", byEntity.values().stream().mapToLong(Long::longValue).sum());
        pending.put("by_parent_entity", byParent);
        pending.put("by_entity", byEntity);
        Map<String, Object> stats = new LinkedHashMap<>();
        Map<String, Long> batches = new LinkedHashMap<>();
        List.of("pending", "running", "completed", "failed", "cancelled").forEach(status -> batches.put(status, 0L));
        batches.putAll(sum("SELECT status, count(*) FROM run WHERE kind = 'sync' GROUP BY 1"));
        batches.put("total", batches.values().stream().mapToLong(Long::longValue).sum());
        stats.put("batches", batches);
        stats.put("failed_records", failed);
        stats.put("pending_children", pending);
        stats.put("generated_at", now);
        return stats;
    }

    private static Map<String, Long> sums(List<Group> groups, Function<Group, String> by) {
        Map<String, Long> sums = new TreeMap<>();
        groups.forEach(group -> sums.merge(by.apply(group), group.count(), Long::sum));
        return sums;
    }

    private Map<String, Long> sum(String sql) {
        Map<String, Long> sums = new LinkedHashMap<>();
        jdbc.query(sql, rs -> {
            sums.put(rs.getString(1), rs.getLong(2));
        });
        return sums;
    }
}
