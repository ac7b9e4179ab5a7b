package dev.serai.conflict;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.serai.change.RecordKey;
import dev.serai.database.Bind;
import dev.serai.database.Columns;
import dev.serai.database.Where;
import dev.serai.rules.Stamp;
import dev.serai.rules.Stamps;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Conflicts as people see them, pending and past. */
@Component
public class ConflictList {

    private static final String CONFLICT = "conflict_";
    private static final String DECISION = "decision_";

    private static final String PAGE = """
            SELECT c.id, c.entity_type, c.record_key, c.field, c.store_value::text, c.platform_value::text, c.store_modified_at,
                   c.platform_modified_at, c.status, c.reason, c.resolution, c.decision_id, c.created_at, c.resolved_at, c.base::text, r.stamps,
                   r.source
            FROM (SELECT * FROM conflict %s ORDER BY id DESC LIMIT ? OFFSET ?) AS c
            LEFT JOIN record r ON r.entity_type = c.entity_type AND r.record_key = c.record_key
            ORDER BY c.id DESC""";

    private final JdbcTemplate jdbc;

    ConflictList(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * One conflict as the API shows it.
     *
     * @param base           what both sides had agreed on when it arose, for the console; null where that was nothing, or is not known
     * @param platformWriter who wrote the platform's value, for the console: a store or a source; null where the conflict is over
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Shown(
            String conflictId,
            String entityType,
            String entityId,
            String field,
            @JsonRawValue String storeValue,
            @JsonRawValue String platformValue,
            Instant lastModifiedStore,
            Instant lastModifiedPlatform,
            String status,
            String reason,
            @JsonInclude(Include.NON_NULL) String resolution,
            @JsonInclude(Include.NON_NULL) String decisionId,
            Instant createdAt,
            @JsonInclude(Include.NON_NULL) Instant resolvedAt,
            @JsonIgnore String base,
            @JsonIgnore String platformWriter) {}

    /** Where a conflict stands. */
    public record Found(long id, ConflictKey key, String status, Long decisionId) {}

    /** The newest first; a null narrows nothing. */
    public List<Shown> list(String storeId, String status, String entityType, int page, int limit) {
        Where where = where(storeId, status, entityType);
        return jdbc.query(
                PAGE.formatted(where.sql()),
                ps -> where.bind(Bind.to(ps)).integer(limit).number((page - 1L) * limit),
                ConflictList::shown);
    }

    public long count(String storeId, String status, String entityType) {
        Where where = where(storeId, status, entityType);
        return jdbc.query("SELECT count(*) FROM conflict" + where.sql(), ps -> where.bind(Bind.to(ps)), rs -> rs.next() ? rs.getLong(1) : 0L);
    }

    private static Where where(String storeId, String status, String entityType) {
        return Where.that("true").andText("store_id = ?", storeId).andText("status = ?", status).andText("entity_type = ?", entityType);
    }

    /** How many wait for a decision, by store, the longest queue first; stores without any are left out. */
    public Map<String, Long> pendingByStore() {
        Map<String, Long> pending = new LinkedHashMap<>();
        jdbc.query(
                "SELECT store_id, count(*) FROM conflict WHERE status = 'pending' GROUP BY 1 ORDER BY 2 DESC, 1",
                rs -> {
                    pending.put(rs.getString(1), rs.getLong(2));
                });
        return pending;
    }

    public Optional<Found> find(long id) {
        return jdbc.query(
                "SELECT id, entity_type, record_key, store_id, field, status, decision_id FROM conflict WHERE id = ?",
                (rs, row) -> new Found(
                        rs.getLong(1),
                        new ConflictKey(new RecordKey(rs.getString(2), rs.getString(3)), rs.getString(4), rs.getString(5)),
                        rs.getString(6),
                        rs.getObject(7, Long.class)),
                id).stream().findFirst();
    }

    private static Shown shown(ResultSet rs, int row) throws SQLException {
        Long decision = rs.getObject(12, Long.class);
        return new Shown(
                conflictId(rs.getLong(1)),
                rs.getString(2),
                rs.getString(3),
                rs.getString(4),
                rs.getString(5),
                rs.getString(6),
                Columns.instant(rs, 7),
                Columns.instant(rs, 8),
                rs.getString(9),
                rs.getString(10),
                rs.getString(11),
                decision == null ? null : decisionId(decision),
                Columns.instant(rs, 13),
                Columns.instant(rs, 14),
                rs.getString(15),
                platformWriter(rs));
    }

    private static String platformWriter(ResultSet rs) throws SQLException {
        String stamps = rs.getString(16);
        if (!rs.getString(9).equals("pending")) {
            return null;
        }
        if (stamps == null) {
            // Written as a whole.
            return rs.getString(17);
        }
        Stamp written = Stamps.parse(stamps).of(rs.getString(4));
        return written == null ? null : written.writer();
    }

    public static String conflictId(long id) {
        return CONFLICT + id;
    }

    public static String decisionId(long id) {
        return DECISION + id;
    }

    /** The number in an id of a conflict; empty where it is none. */
    public static Optional<Long> conflictNumber(String id) {
        return number(CONFLICT, id);
    }

    /** The number in an id of a decision; empty where it is none. */
    public static Optional<Long> decisionNumber(String id) {
        return number(DECISION, id);
    }

    private static Optional<Long> number(String prefix, String id) {
        String digits = id.startsWith(prefix) ? id.substring(prefix.length()) : "";
        boolean isNumber = !digits.isEmpty() && digits.length() <= 18 && digits.charAt(0) != '0' && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber ? Optional.of(Long.valueOf(digits)) : Optional.empty();
    }
}
