package dev.serai.record;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.serai.change.RecordKey;
import dev.serai.database.Bind;
import dev.serai.database.Columns;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** A record as it stands, and how it came to be so: its versions, linked from the newest to the first. */
@Component
public class RecordHistory {

    private static final String RECORD = """
            SELECT r.version, r.payload::text, r.modified_at, r.source, r.deleted, j.settled_at, r.last_change
            FROM record r LEFT JOIN journal j ON j.seq = r.last_change WHERE r.entity_type = ? AND r.record_key = ?""";

    private static final String VERSIONS = """
            WITH RECURSIVE v AS (
                SELECT j.*, 1 AS place FROM journal j WHERE j.seq = ?
                UNION ALL
                SELECT j.*, v.place + 1 FROM v JOIN journal j ON j.seq = v.previous WHERE v.place < ?)
            SELECT version, run_id, seq, source, outcome, rule, modified_at, accepted_at, settled_at, operation = 'DELETE', payload, trace
            FROM v WHERE place > ? ORDER BY place""";

    private final JdbcTemplate jdbc;

    RecordHistory(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** The current state; {@code lastChange} leads to its versions. */
    public record State(
            int version, String data, Instant modifiedAt, String source, boolean deleted, Instant updatedAt, long lastChange) {}

    /**
     * One version: the change that made it, from where it came, and the rule that decided. Its content is as it came in; {@link Trace} reads what a
     * merge made of it, where there was one.
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Version(
            int version,
            UUID batchUid,
            long changeId,
            String source,
            String outcome,
            String rule,
            Instant modifiedAt,
            Instant acceptedAt,
            Instant appliedAt,
            boolean deleted,
            @JsonRawValue String data,
            @JsonIgnore String trace) {}

    public Optional<State> find(RecordKey key) {
        return jdbc.query(
                        RECORD,
                        ps -> Bind.to(ps).text(key.entityType()).text(key.key()),
                        (rs, row) -> new State(
                                rs.getInt(1),
                                rs.getString(2),
                                Columns.instant(rs, 3),
                                rs.getString(4),
                                rs.getBoolean(5),
                                Columns.instant(rs, 6),
                                rs.getLong(7)))
                .stream()
                .findFirst();
    }

    /** Versions, newest first; those whose journal rows are past their retention are no longer there. */
    public List<Version> versions(State state, int skip, int limit) {
        return jdbc.query(
                VERSIONS, ps -> Bind.to(ps).number(state.lastChange()).integer(skip + limit).integer(skip), RecordHistory::version);
    }

    private static Version version(ResultSet rs, int row) throws SQLException {
        return new Version(
                rs.getInt(1),
                rs.getObject(2, UUID.class),
                rs.getLong(3),
                rs.getString(4),
                rs.getString(5),
                rs.getString(6),
                Columns.instant(rs, 7),
                Columns.instant(rs, 8),
                Columns.instant(rs, 9),
                rs.getBoolean(10),
                rs.getString(11),
                rs.getString(12));
    }
}
