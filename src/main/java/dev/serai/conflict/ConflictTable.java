package dev.serai.conflict;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.change.Outcome;
import dev.serai.change.RecordKey;
import dev.serai.database.Bind;
import dev.serai.database.Columns;
import dev.serai.journal.LedgerLines;
import dev.serai.rules.Reason;
import dev.serai.rules.Values;
import dev.serai.store.StoreEvents;
import dev.serai.store.StoreEvents.StoreEvent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.stereotype.Component;

/** Reads and writes pending conflicts, a batch a statement, in the current transaction. */
@Component
public class ConflictTable {

    /** How a conflict ended that nobody had to decide: both sides had the same in the end. */
    public static final String SETTLED = "settled_by_itself";

    public static final String OPEN_COLUMNS = """
            id, entity_type, record_key, store_id, field, reason, store_value::text, platform_value::text, store_modified_at,
            platform_modified_at, seq, accepted_at, base::text""";

    private static final String READ = "SELECT " + OPEN_COLUMNS + """

            FROM conflict WHERE status = 'pending' AND entity_type = ? AND record_key = ANY (?::text[])""";

    private static final String INSERT = """
            INSERT INTO conflict (entity_type, record_key, store_id, field, reason, store_value, platform_value, store_modified_at,
                                  platform_modified_at, seq, accepted_at, base, status, created_at)
            SELECT entity_type, record_key, store_id, field, reason, store_value::jsonb, platform_value::jsonb,
                   store_modified_at::timestamptz, platform_modified_at::timestamptz, seq, accepted_at::timestamptz, base::jsonb, 'pending',
                   ?::timestamptz
            FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[],
                        ?::text[], ?::text[])
              AS c(entity_type, record_key, store_id, field, reason, store_value, platform_value, store_modified_at,
                   platform_modified_at, seq, accepted_at, base)
            RETURNING id, store_id, entity_type, record_key, field, reason""";

    private static final String UPDATE = """
            UPDATE conflict k SET reason = c.reason, store_value = c.store_value::jsonb, platform_value = c.platform_value::jsonb,
                store_modified_at = c.store_modified_at::timestamptz, platform_modified_at = c.platform_modified_at::timestamptz,
                seq = c.seq, accepted_at = c.accepted_at::timestamptz, base = c.base::jsonb
            FROM unnest(?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[])
              AS c(id, reason, store_value, platform_value, store_modified_at, platform_modified_at, seq, accepted_at, base)
            WHERE k.id = c.id""";

    private static final String END = """
            UPDATE conflict SET status = 'resolved', resolution = ?, resolved_at = ?::timestamptz WHERE id = ANY (?::bigint[])
            RETURNING id, store_id, entity_type, record_key, field, resolution""";

    /** A change about which nothing is pending any more is applied where something of it stands, else superseded. */
    private static final String SETTLE = """
            UPDATE journal j SET settled_at = ?::timestamptz, outcome = CASE
                WHEN j.version IS NOT NULL OR EXISTS (SELECT 1 FROM conflict c WHERE c.seq = j.seq AND c.resolution = 'use_store_value')
                THEN 'APPLIED' ELSE 'SUPERSEDED' END
            FROM unnest(?::bigint[], ?::text[]) AS s(seq, accepted_at)
            WHERE j.seq = s.seq AND j.accepted_at = s.accepted_at::timestamptz AND j.outcome = 'CONFLICT'
              AND NOT EXISTS (SELECT 1 FROM conflict c WHERE c.seq = j.seq AND c.status = 'pending')
            RETURNING j.run_id, j.store_id, j.entity_type, j.outcome""";

    private static final String REOPEN = """
            WITH before AS (
                SELECT j.seq, j.accepted_at, j.outcome FROM journal j JOIN unnest(?::bigint[], ?::text[]) AS s(seq, accepted_at)
                  ON j.seq = s.seq AND j.accepted_at = s.accepted_at::timestamptz AND j.outcome IN ('APPLIED', 'SUPERSEDED') FOR UPDATE)
            UPDATE journal j SET outcome = 'CONFLICT' FROM before b WHERE j.seq = b.seq AND j.accepted_at = b.accepted_at
            RETURNING j.run_id, j.store_id, j.entity_type, b.outcome""";

    private final JdbcTemplate jdbc;
    private final StoreEvents events;

    ConflictTable(JdbcTemplate jdbc, StoreEvents events) {
        this.jdbc = jdbc;
        this.events = events;
    }

    /** The change that brought a conflict. */
    public record Brought(long seq, Instant acceptedAt) {}

    /** What is pending about these records. */
    public List<OpenConflict> pending(String entityType, Collection<String> keys) {
        return jdbc.query(READ, ps -> Bind.to(ps).text(entityType).texts(keys), ConflictTable::read);
    }

    public static OpenConflict read(ResultSet rs, int row) throws SQLException {
        return new OpenConflict(
                rs.getLong(1),
                new ConflictKey(new RecordKey(rs.getString(2), rs.getString(3)), rs.getString(4), rs.getString(5)),
                Reason.of(rs.getString(6)),
                value(rs.getString(7)),
                value(rs.getString(8)),
                Columns.instant(rs, 9),
                Columns.instant(rs, 10),
                rs.getLong(11),
                Columns.instant(rs, 12),
                value(rs.getString(13)));
    }

    public static JsonNode value(String json) {
        return json == null ? null : Values.read(json);
    }

    public void insert(List<OpenConflict> conflicts, Instant now) {
        if (conflicts.isEmpty()) {
            return;
        }
        events.tell(jdbc.query(
                INSERT,
                ps -> {
                    Bind bind = Bind.to(ps)
                            .at(now)
                            .texts(conflicts, c -> c.key().record().entityType())
                            .texts(conflicts, c -> c.key().record().key())
                            .texts(conflicts, c -> c.key().storeId())
                            .texts(conflicts, c -> c.key().field());
                    values(bind, conflicts);
                },
                (rs, row) -> event(rs, "conflict_detected", "reason")));
    }

    /** What the store's stream tells of a conflict; {@code why} is the column that says so. */
    private static StoreEvent event(ResultSet rs, String event, String why) throws SQLException {
        return new StoreEvent(rs.getString("store_id"), event, Values.object()
                .put("conflict_id", ConflictList.conflictId(rs.getLong("id")))
                .put("entity_type", rs.getString("entity_type"))
                .put("entity_id", rs.getString("record_key"))
                .put("field", rs.getString("field"))
                .put(why, rs.getString(why)));
    }

    /** Which of these are pending now. */
    public List<ConflictKey> stillPending(Collection<ConflictKey> keys) {
        return jdbc.query(
                """
                SELECT c.entity_type, c.record_key, c.store_id, c.field FROM conflict c
                JOIN unnest(?::text[], ?::text[], ?::text[], ?::text[]) AS k(entity_type, record_key, store_id, field)
                  ON c.entity_type = k.entity_type AND c.record_key = k.record_key AND c.store_id = k.store_id AND c.field = k.field
                WHERE c.status = 'pending'""",
                ps -> Bind.to(ps)
                        .texts(keys, k -> k.record().entityType())
                        .texts(keys, k -> k.record().key())
                        .texts(keys, ConflictKey::storeId)
                        .texts(keys, ConflictKey::field),
                (rs, row) -> new ConflictKey(new RecordKey(rs.getString(1), rs.getString(2)), rs.getString(3), rs.getString(4)));
    }

    public void update(List<OpenConflict> conflicts) {
        if (conflicts.isEmpty()) {
            return;
        }
        jdbc.execute(UPDATE, (PreparedStatementCallback<Integer>) ps -> {
            values(Bind.to(ps).numbers(conflicts, OpenConflict::id), conflicts);
            return ps.executeUpdate();
        });
    }

    private static void values(Bind bind, List<OpenConflict> conflicts) throws SQLException {
        bind.texts(conflicts, c -> c.reason().text())
                .texts(conflicts, c -> Values.write(Values.orNull(c.storeValue())))
                .texts(conflicts, c -> Values.write(Values.orNull(c.platformValue())))
                .instants(conflicts, OpenConflict::storeModifiedAt)
                .instants(conflicts, OpenConflict::platformModifiedAt)
                .numbers(conflicts, OpenConflict::seq)
                .instants(conflicts, OpenConflict::acceptedAt)
                .texts(conflicts, c -> c.base() == null ? null : Values.write(c.base()));
    }

    /** Ends conflicts that nobody has to decide any more. */
    public void end(Collection<Long> ids, Instant now) {
        if (!ids.isEmpty()) {
            events.tell(jdbc.query(
                    END,
                    ps -> Bind.to(ps).text(SETTLED).at(now).numbers(ids, Long::longValue),
                    (rs, row) -> event(rs, "conflict_resolved", "resolution")));
        }
    }

    /** Gives changes that were CONFLICT their outcome where nothing of theirs is pending any more; answers the ledger's lines. */
    public LedgerLines settle(Collection<Brought> changes, Instant now) {
        LedgerLines lines = new LedgerLines();
        if (!changes.isEmpty()) {
            List<Brought> all = new ArrayList<>(changes);
            jdbc.query(
                    SETTLE,
                    ps -> Bind.to(ps).at(now).numbers(all, Brought::seq).instants(all, Brought::acceptedAt),
                    rs -> {
                        count(lines, rs, Outcome.CONFLICT, Outcome.valueOf(rs.getString(4)));
                    });
        }
        return lines;
    }

    /** Makes changes CONFLICT again; answers the ledger's lines. */
    public LedgerLines reopen(Collection<Brought> changes) {
        LedgerLines lines = new LedgerLines();
        List<Brought> all = new ArrayList<>(changes);
        jdbc.query(
                REOPEN,
                ps -> Bind.to(ps).numbers(all, Brought::seq).instants(all, Brought::acceptedAt),
                rs -> {
                    count(lines, rs, Outcome.valueOf(rs.getString(4)), Outcome.CONFLICT);
                });
        return lines;
    }

    private static void count(LedgerLines lines, ResultSet rs, Outcome before, Outcome after) throws SQLException {
        UUID runId = rs.getObject(1, UUID.class);
        lines.outcome(runId, rs.getString(2), rs.getString(3), before, null, -1);
        lines.outcome(runId, rs.getString(2), rs.getString(3), after, null, 1);
    }
}
