package dev.serai.deadletter;

import dev.serai.database.Columns;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** What failed, put together by what went wrong. */
@Component
public class FailureGroups {

    private final JdbcTemplate jdbc;

    FailureGroups(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Records that failed alike; {@code waiting} of them are tried again by themselves. */
    public record Group(String entityType, String stage, String errorType, long count, long waiting, Instant newest) {}

    /** The largest groups first; there are as many as errors have names, and failures only add to their numbers. */
    public List<Group> list() {
        return jdbc.query(
                """
                SELECT entity_type, stage, error_type, count(*) AS n, count(*) FILTER (WHERE state = 'RETRY'), max(last_failed_at)
                FROM dead_letter WHERE state IN ('RETRY', 'DEAD') GROUP BY 1, 2, 3 ORDER BY n DESC, 1, 2, 3""",
                (rs, row) -> new Group(
                        rs.getString(1), rs.getString(2), rs.getString(3), rs.getLong(4), rs.getLong(5), Columns.instant(rs, 6)));
    }
}
