package dev.serai.decision;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.change.RecordKey;
import dev.serai.conflict.ConflictKey;
import dev.serai.conflict.ConflictTable;
import dev.serai.conflict.ConflictTable.Brought;
import dev.serai.conflict.OpenConflict;
import dev.serai.database.Bind;
import dev.serai.database.Columns;
import dev.serai.rules.Values;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.stereotype.Component;

/** Reads and writes decisions and the conflicts that they ended, in the current transaction. */
@Component
class DecisionTable {

    private static final String OPEN = "SELECT " + ConflictTable.OPEN_COLUMNS + " FROM conflict WHERE status = 'pending'";

    private static final String ABOUT = OPEN
            + " AND (entity_type, record_key) IN (SELECT * FROM unnest(?::text[], ?::text[])) ORDER BY id FOR UPDATE";

    private static final String END = """
            UPDATE conflict k SET status = ?, resolution = ?, decision_id = ?, resolved_at = ?::timestamptz, undo = e.undo::jsonb
            FROM unnest(?::bigint[], ?::text[]) AS e(id, undo) WHERE k.id = e.id""";

    private static final String JOIN = """
            UPDATE conflict k SET decision_id = ?, undo = e.undo::jsonb
            FROM unnest(?::bigint[], ?::text[]) AS e(id, undo) WHERE k.id = e.id""";

    private static final String ENDED = """
            SELECT id, entity_type, record_key, store_id, field, store_value::text, seq, accepted_at, undo::text
            FROM conflict WHERE decision_id = ? ORDER BY id FOR UPDATE""";

    private static final String REOPEN = """
            UPDATE conflict SET status = 'pending', resolution = NULL, decision_id = NULL, resolved_at = NULL, undo = NULL
            WHERE decision_id = ?""";

    private final JdbcTemplate jdbc;

    DecisionTable(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** A decision as it is kept. */
    record Made(long id, String storeId, String resolution, boolean undone) {}

    /** A conflict that a decision ended, with what brings it back. */
    record Ended(long id, ConflictKey key, Brought bringer, Undo undo) {}

    /** The pending conflict, without a lock. */
    Optional<OpenConflict> pending(long id) {
        return jdbc.query(OPEN + " AND id = ?", ConflictTable::read, id).stream().findFirst();
    }

    /** All that are pending about the same field of the same entity, for the same store. */
    List<OpenConflict> similar(ConflictKey key) {
        return jdbc.query(
                OPEN + " AND store_id = ? AND entity_type = ? AND field = ? ORDER BY id",
                ConflictTable::read,
                key.storeId(),
                key.record().entityType(),
                key.field());
    }

    /** Those of them that are still pending, locked. */
    List<OpenConflict> lock(Collection<OpenConflict> conflicts) {
        return jdbc.query(
                OPEN + " AND id = ANY (?::bigint[]) ORDER BY id FOR UPDATE",
                ps -> Bind.to(ps).numbers(conflicts, OpenConflict::id),
                ConflictTable::read);
    }

    /** All that is pending about these records, for whatever store, locked. */
    List<OpenConflict> about(Collection<RecordKey> records) {
        return jdbc.query(
                ABOUT,
                ps -> Bind.to(ps).texts(records, RecordKey::entityType).texts(records, RecordKey::key),
                ConflictTable::read);
    }

    /** Those of them that are pending no more. */
    Set<Long> settled(Collection<OpenConflict> conflicts) {
        return conflicts.isEmpty() ? Set.of() : new HashSet<>(jdbc.query(
                "SELECT id FROM conflict WHERE id = ANY (?::bigint[]) AND status <> 'pending'",
                ps -> Bind.to(ps).numbers(conflicts, OpenConflict::id),
                (rs, row) -> rs.getLong(1)));
    }

    /** Conflicts that ended by what the decision wrote are brought back with it. */
    void join(long decisionId, Map<Long, JsonNode> undo) {
        if (!undo.isEmpty()) {
            List<Map.Entry<Long, JsonNode>> rows = new ArrayList<>(undo.entrySet());
            jdbc.execute(JOIN, (PreparedStatementCallback<Integer>) ps -> {
                Bind.to(ps).number(decisionId).numbers(rows, Map.Entry::getKey).texts(rows, row -> Values.write(row.getValue()));
                return ps.executeUpdate();
            });
        }
    }

    private static ConflictKey key(ResultSet rs) throws SQLException {
        return new ConflictKey(new RecordKey(rs.getString(2), rs.getString(3)), rs.getString(4), rs.getString(5));
    }

    long insert(String storeId, String resolution, JsonNode value, String by, Instant now, int conflicts) {
        return jdbc.query(
                """
                INSERT INTO decision (store_id, resolution, value, decided_by, decided_at, conflicts)
                VALUES (?, ?, ?::jsonb, ?, ?::timestamptz, ?) RETURNING id""",
                ps -> Bind.to(ps).text(storeId).text(resolution).text(value == null ? null : Values.write(value)).text(by).at(now)
                        .integer(conflicts),
                (rs, row) -> rs.getLong(1)).get(0);
    }

    /** Ends the conflicts; each {@code undo} says what brings it back. */
    void end(long decisionId, String status, String resolution, Map<Long, JsonNode> undo, Instant now) {
        List<Map.Entry<Long, JsonNode>> rows = new ArrayList<>(undo.entrySet());
        jdbc.execute(END, (PreparedStatementCallback<Integer>) ps -> {
            Bind.to(ps).text(status).text(resolution).number(decisionId).at(now)
                    .numbers(rows, Map.Entry::getKey)
                    .texts(rows, row -> Values.write(row.getValue()));
            return ps.executeUpdate();
        });
    }

    Optional<Made> find(long id) {
        return jdbc.query(
                "SELECT id, store_id, resolution, undone_at IS NOT NULL FROM decision WHERE id = ?",
                (rs, row) -> new Made(rs.getLong(1), rs.getString(2), rs.getString(3), rs.getBoolean(4)),
                id).stream().findFirst();
    }

    /** The records of the conflicts that the decision ended, without a lock. */
    List<RecordKey> records(long decisionId) {
        return jdbc.query(
                "SELECT entity_type, record_key FROM conflict WHERE decision_id = ?",
                (rs, row) -> new RecordKey(rs.getString(1), rs.getString(2)),
                decisionId);
    }

    List<Ended> ended(long decisionId) {
        return jdbc.query(
                ENDED,
                (rs, row) -> new Ended(
                        rs.getLong(1),
                        key(rs),
                        new Brought(rs.getLong(7), Columns.instant(rs, 8)),
                        Undo.of(Values.read(rs.getString(9)), ConflictTable.value(rs.getString(6)))),
                decisionId);
    }

    void reopen(long decisionId, String by, Instant now) {
        jdbc.update(REOPEN, decisionId);
        jdbc.update(
                "UPDATE decision SET undone_by = ?, undone_at = ?::timestamptz WHERE id = ?",
                ps -> Bind.to(ps).text(by).at(now).number(decisionId));
    }

    /** What the changes carried, by their place in the journal. */
    Map<Long, String> payloads(Collection<Brought> changes) {
        Map<Long, String> payloads = new HashMap<>();
        if (changes.isEmpty()) {
            return payloads;
        }
        jdbc.query(
                """
                SELECT j.seq, j.payload FROM unnest(?::bigint[], ?::text[]) AS s(seq, accepted_at)
                JOIN journal j ON j.seq = s.seq AND j.accepted_at = s.accepted_at::timestamptz""",
                ps -> Bind.to(ps).numbers(changes, Brought::seq).instants(changes, Brought::acceptedAt),
                rs -> {
                    payloads.put(rs.getLong(1), rs.getString(2));
                });
        return payloads;
    }
}
