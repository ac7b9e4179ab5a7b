package dev.serai.record;

import dev.serai.database.Bind;
import dev.serai.database.Columns;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Finds records by the beginning of their key. */
@Component
public class RecordSearch {

    /** Walks the key's index from one entity type to the next: as many steps as there are types, whatever the number of records. */
    private static final String TYPES = """
            WITH RECURSIVE t AS (
                (SELECT entity_type FROM record ORDER BY entity_type LIMIT 1)
                UNION ALL
                SELECT (SELECT r.entity_type FROM record r WHERE r.entity_type > t.entity_type ORDER BY r.entity_type LIMIT 1)
                FROM t WHERE t.entity_type IS NOT NULL)
            SELECT entity_type FROM t WHERE entity_type IS NOT NULL""";

    /** The first keys of each type, of which the first ones are the answer: however many keys begin so, few are read. */
    private static final String BY_KEY = """
            SELECT r.* FROM unnest(?::text[]) AS t(entity_type), LATERAL (
                SELECT entity_type, record_key, version, modified_at, source, deleted FROM record
                WHERE entity_type = t.entity_type AND record_key >= ? AND record_key < ? || U&'\\+10FFFF' ORDER BY record_key LIMIT ?) r
            ORDER BY record_key, entity_type LIMIT ?""";

    private final JdbcTemplate jdbc;

    RecordSearch(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    public record Found(String entityType, String key, int version, Instant modifiedAt, String source, boolean deleted) {}

    public List<String> entityTypes() {
        return jdbc.queryForList(TYPES, String.class);
    }

    /** @param entityType or null for all */
    public List<Found> byKey(String beginning, String entityType, int limit) {
        List<String> types = entityType == null ? entityTypes() : List.of(entityType);
        return jdbc.query(
                BY_KEY,
                ps -> Bind.to(ps).texts(types).text(beginning).text(beginning).integer(limit).integer(limit),
                (rs, row) -> new Found(
                        rs.getString(1), rs.getString(2), rs.getInt(3), Columns.instant(rs, 4), rs.getString(5), rs.getBoolean(6)));
    }
}
