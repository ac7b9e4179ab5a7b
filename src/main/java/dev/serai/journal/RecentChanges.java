package dev.serai.journal;

import dev.serai.database.Bind;
import dev.serai.database.Columns;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The end of the journal. */
@Component
public class RecentChanges {

    private final JdbcTemplate jdbc;

    RecentChanges(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** A change without its content; {@code outcome} is as of now. */
    public record Recent(
            long seq, Instant acceptedAt, String source, UUID runId, String entityType, String key, String operation, String outcome,
            String rule) {}

    public List<Recent> newest(int limit) {
        return jdbc.query(
                """
                SELECT seq, accepted_at, source, run_id, entity_type, record_key, operation, outcome, rule
                FROM journal ORDER BY seq DESC LIMIT ?""",
                ps -> Bind.to(ps).integer(limit),
                (rs, row) -> new Recent(
                        rs.getLong(1),
                        Columns.instant(rs, 2),
                        rs.getString(3),
                        rs.getObject(4, UUID.class),
                        rs.getString(5),
                        rs.getString(6),
                        rs.getString(7),
                        rs.getString(8),
                        rs.getString(9)));
    }
}
