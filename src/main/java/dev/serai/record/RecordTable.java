package dev.serai.record;

import dev.serai.change.RecordKey;
import dev.serai.database.BinaryRows;
import dev.serai.database.Bind;
import dev.serai.database.Columns;
import dev.serai.record.EditedRecords.State;
import dev.serai.rules.Values;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.stereotype.Component;

/** Reads and writes records, a batch a statement, in the current transaction. */
@Component
class RecordTable {

    /** By = ANY and not by a join: PostgreSQL walks the index once for all keys, which takes a sixth of the time of a look-up each. */
    private static final String COMPARE = """
            SELECT record_key, id, hash, deleted FROM record WHERE entity_type = ? AND record_key = ANY (?::text[])""";

    private static final String READ = """
            SELECT record_key, id, version, modified_at, source, origin, hash, deleted, last_change, stamps,
                   CASE WHEN ? OR stamps IS NOT NULL THEN payload END
            FROM record WHERE entity_type = ? AND record_key = ANY (?::text[]) ORDER BY record_key FOR UPDATE""";

    private static final String CONTENTS = """
            SELECT record_key, version, modified_at, origin, deleted, payload::text
            FROM record WHERE entity_type = ? AND record_key = ANY (?::text[]) ORDER BY record_key FOR UPDATE""";

    private static final String SHARE = """
            SELECT count(*) FROM (SELECT FROM record WHERE entity_type = ? AND record_key = ANY (?::text[])
                                  ORDER BY record_key FOR KEY SHARE) AS locked""";

    private static final String COLUMNS = """
            record (id, entity_type, record_key, payload, hash, version, modified_at, origin, source, last_change, deleted, stamps)""";

    private static final String NEXT_IDS = "SELECT array_agg(nextval('record_id_seq')) FROM generate_series(1, ?)";

    private static final String UPDATE = """
            UPDATE record r SET payload = coalesce(w.payload::jsonb, r.payload), hash = w.hash, version = w.version,
                modified_at = w.modified_at::timestamptz, source = w.source, last_change = w.last_change, deleted = w.deleted,
                stamps = w.stamps
            FROM unnest(?::text[], ?::text[], ?::text[], ?::bigint[], ?::int[], ?::text[], ?::text[], ?::bigint[], ?::boolean[],
                        ?::text[])
              AS w(entity_type, record_key, payload, hash, version, modified_at, source, last_change, deleted, stamps)
            WHERE r.entity_type = w.entity_type AND r.record_key = w.record_key""";

    private final JdbcTemplate jdbc;

    RecordTable(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** What is known of a key without reading its content. */
    record Known(long id, long hash, boolean deleted) {}

    /** What is known of each key; nothing of a key without a record. Takes no lock. */
    Map<String, Known> compare(String entityType, Collection<String> keys) {
        Map<String, Known> known = new HashMap<>(keys.size() * 2);
        jdbc.query(
                COMPARE,
                ps -> Bind.to(ps).text(entityType).texts(keys),
                rs -> {
                    known.put(rs.getString(1), new Known(rs.getLong(2), rs.getLong(3), rs.getBoolean(4)));
                });
        return known;
    }

    /**
     * The records of these keys, locked until the transaction ends: in order, so that two batches never wait crosswise.
     *
     * @param merged says of which entity types the content is read too; that of a record which was merged before always is
     */
    Map<RecordKey, Current> read(Collection<RecordKey> keys, Predicate<String> merged) {
        Map<RecordKey, Current> records = new HashMap<>();
        keysByType(keys).forEach((type, keysOfType) -> jdbc.query(
                READ,
                ps -> Bind.to(ps).flag(merged.test(type)).text(type).texts(keysOfType),
                rs -> {
                    records.put(new RecordKey(type, rs.getString(1)), current(rs));
                }));
        return records;
    }

    private static Current current(ResultSet rs) throws SQLException {
        Current light = new Current(
                rs.getLong(2),
                rs.getInt(3),
                rs.getObject(4, OffsetDateTime.class).toInstant(),
                rs.getString(5),
                rs.getString(6),
                rs.getLong(7),
                rs.getBoolean(8),
                rs.getLong(9),
                null);
        String payload = rs.getString(11);
        return payload == null ? light : light.withContent(Content.of(payload, rs.getString(10), light.stamp()));
    }

    /** The same with their content, for edits. */
    Map<RecordKey, State> contents(Collection<RecordKey> keys) {
        Map<RecordKey, State> contents = new HashMap<>();
        keysByType(keys).forEach((type, keysOfType) -> jdbc.query(
                CONTENTS,
                ps -> Bind.to(ps).text(type).texts(keysOfType),
                rs -> {
                    contents.put(
                            new RecordKey(type, rs.getString(1)),
                            new State(
                                    rs.getInt(2),
                                    rs.getObject(3, OffsetDateTime.class).toInstant(),
                                    rs.getString(4),
                                    rs.getBoolean(5),
                                    Values.object(rs.getString(6))));
                }));
        return contents;
    }

    /** Nobody changes these records until the transaction ends, and whoever was about to has done so; in the same order as {@link #read}. */
    void share(Collection<RecordKey> keys) {
        keysByType(keys).forEach((type, keysOfType) -> jdbc.query(
                SHARE,
                ps -> Bind.to(ps).text(type).texts(keysOfType),
                ResultSet::next));
    }

    /** The keys of each entity type, the types in order: a statement each, and no two batches wait crosswise. */
    static Map<String, List<String>> keysByType(Collection<RecordKey> keys) {
        return keys.stream().collect(Collectors.groupingBy(
                RecordKey::entityType, TreeMap::new, Collectors.mapping(RecordKey::key, Collectors.toList())));
    }

    /** Creates records; a key that somebody else created meanwhile fails the statement. Answers their ids. */
    List<Long> insert(List<Draft> rows) {
        if (rows.isEmpty()) {
            return List.of();
        }
        List<Long> ids = jdbc.queryForObject(NEXT_IDS, (rs, row) -> Columns.numbers(rs, 1), rows.size());
        BinaryRows.copy(COLUMNS, 12, jdbc, records -> {
            for (int i = 0; i < rows.size(); i++) {
                Draft row = rows.get(i);
                Current state = row.current();
                records.row()
                        .number(ids.get(i))
                        .text(row.key().entityType())
                        .text(row.key().key())
                        .json(row.payload() == null ? "{}" : row.payload())
                        .number(state.hash())
                        .integer(state.version())
                        .at(state.modifiedAt())
                        .text(state.origin())
                        .text(state.writer())
                        .number(state.lastChange())
                        .flag(state.deleted())
                        .text(row.stamps());
            }
        });
        return ids;
    }

    void update(List<Draft> rows) {
        if (rows.isEmpty()) {
            return;
        }
        jdbc.execute(UPDATE, (PreparedStatementCallback<Integer>) ps -> {
            Bind.to(ps)
                    .texts(rows, w -> w.key().entityType())
                    .texts(rows, w -> w.key().key())
                    .texts(rows, Draft::payload)
                    .numbers(rows, w -> w.current().hash())
                    .integers(rows, w -> w.current().version())
                    .instants(rows, w -> w.current().modifiedAt())
                    .texts(rows, w -> w.current().writer())
                    .numbers(rows, w -> w.current().lastChange())
                    .flags(rows, w -> w.current().deleted())
                    .texts(rows, Draft::stamps);
            return ps.executeUpdate();
        });
    }
}
