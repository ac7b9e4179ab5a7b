package dev.serai.lineage;

import dev.serai.database.Bind;
import dev.serai.database.Columns;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The children that wait, under the parents they wait for. */
@Component
public class WaitingTree {

    private final JdbcTemplate jdbc;

    WaitingTree(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** A record that is not there, and what waits for it. */
    public record MissingParent(String entityType, String key, long children, Instant since) {}

    /** A child; {@code grandchildren} wait for it in turn. */
    public record Child(String entityType, String key, String source, Instant since, int checks, long grandchildren) {}

    /** Missing parents, those with the longest waiting child first. */
    public List<MissingParent> parents(int page, int pageSize) {
        return jdbc.query(
                """
                SELECT parent_entity, parent_key, count(*), min(held_at) FROM hold GROUP BY 1, 2
                ORDER BY 4, 1, 2 LIMIT ? OFFSET ?""",
                ps -> Bind.to(ps).integer(pageSize).number((page - 1L) * pageSize),
                (rs, row) -> new MissingParent(rs.getString(1), rs.getString(2), rs.getLong(3), Columns.instant(rs, 4)));
    }

    public long countParents() {
        return jdbc.queryForObject("SELECT count(*) FROM (SELECT DISTINCT parent_entity, parent_key FROM hold) p", Long.class);
    }

    /** The first children of one parent, in the order in which they came. */
    public List<Child> children(String parentEntity, String parentKey, int limit) {
        return jdbc.query(
                """
                SELECT h.entity_type, h.record_key, h.source, h.held_at, h.checks,
                       (SELECT count(*) FROM hold g WHERE g.parent_entity = h.entity_type AND g.parent_key = h.record_key)
                FROM hold h WHERE h.parent_entity = ? AND h.parent_key = ? ORDER BY h.seq LIMIT ?""",
                ps -> Bind.to(ps).text(parentEntity).text(parentKey).integer(limit),
                (rs, row) -> new Child(
                        rs.getString(1), rs.getString(2), rs.getString(3), Columns.instant(rs, 4), rs.getInt(5), rs.getLong(6)));
    }
}
