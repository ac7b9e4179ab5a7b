package dev.serai.lineage;

import dev.serai.change.RecordKey;
import dev.serai.database.Bind;
import dev.serai.journal.Entry;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * The children that wait for their parent. A held change keeps its outcome HELD until it is applied; releasing it only queues it.
 *
 * <p>A parent and its child may be written at once by transactions that do not see each other: so the parent's transaction releases
 * what waits for it, the child's hub looks again after its commit, and a sweep comes by from time to time for what a crash left over.
 */
@Component("holds")
public class Holds {

    private static final String IS_FREE = """
            EXISTS (SELECT 1 FROM record p WHERE p.entity_type = h.parent_entity AND p.record_key = h.parent_key AND NOT p.deleted)
            AND NOT EXISTS (SELECT 1 FROM hold e
                WHERE e.entity_type = h.entity_type AND e.record_key = h.record_key AND e.seq < h.seq
                  AND NOT EXISTS (SELECT 1 FROM record q
                      WHERE q.entity_type = e.parent_entity AND q.record_key = e.parent_key AND NOT q.deleted))""";

    private static final String QUEUE_FREED = """
            , gone AS (DELETE FROM hold h USING free WHERE h.seq = free.seq
                       RETURNING h.seq, h.accepted_at, h.entity_type, h.record_key, h.store_id)
            INSERT INTO pending (seq, accepted_at, bucket, entity_type, record_key, store_id)
            SELECT seq, accepted_at, bucket_of(entity_type, record_key), entity_type, record_key, store_id FROM gone""";

    /**
     * Also what stands behind such a change of the same record, and waits for another parent that came meanwhile. Waits for the sweep where
     * that looks at one of them: a newer change must not be queued without the older.
     */
    private static final String RELEASE = """
            WITH free AS (SELECT h.seq FROM hold h
                          WHERE h.seq IN (SELECT behind.seq FROM unnest(?::text[], ?::text[]) AS k(entity_type, record_key)
                                          JOIN hold child ON child.parent_entity = k.entity_type AND child.parent_key = k.record_key
                                          JOIN hold behind ON behind.entity_type = child.entity_type AND behind.record_key = child.record_key)
                            AND %s ORDER BY h.seq FOR UPDATE OF h)""".formatted(IS_FREE) + QUEUE_FREED;

    private static final String SWEEP = """
            WITH looked AS (UPDATE hold SET checks = checks + 1, checked_at = ?::timestamptz
                            WHERE seq IN (SELECT seq FROM hold WHERE coalesce(checked_at, held_at) < ?::timestamptz
                                          ORDER BY checked_at NULLS FIRST LIMIT ? FOR UPDATE SKIP LOCKED)
                            RETURNING seq)
            SELECT seq FROM looked""";

    /** Not where an older change of the record is somebody else's to release at this moment, or a later look's. */
    private static final String RELEASE_LOOKED_AT = """
            WITH free AS (SELECT h.seq FROM hold h WHERE h.seq = ANY (?::bigint[]) AND %s
                            AND NOT EXISTS (SELECT 1 FROM hold o WHERE o.entity_type = h.entity_type AND o.record_key = h.record_key
                                              AND o.seq < h.seq AND o.seq <> ALL (?::bigint[]))
                          FOR UPDATE OF h SKIP LOCKED)""".formatted(IS_FREE) + QUEUE_FREED;

    private static final String KEEP = """
            INSERT INTO hold (seq, accepted_at, run_id, source, store_id, entity_type, record_key, parent_entity, parent_key, hash, held_at)
            SELECT seq, accepted_at::timestamptz, run_id::uuid, source, store_id, entity_type, record_key, parent_entity, parent_key, hash,
                   ?::timestamptz
            FROM unnest(?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[])
              AS h(seq, accepted_at, run_id, source, store_id, entity_type, record_key, parent_entity, parent_key, hash)""";

    private static final String WAITING = """
            SELECT entity_type, record_key, seq, hash, parent_entity, parent_key FROM hold
            WHERE entity_type = ? AND record_key = ANY (?::text[])
            UNION ALL
            SELECT entity_type, record_key, seq, NULL, NULL, NULL FROM pending
            WHERE entity_type = ? AND record_key = ANY (?::text[]) AND bucket >= 0
            ORDER BY 3""";

    private static final int SWEEP_SIZE = 5_000;
    private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(10);

    private final JdbcTemplate jdbc;
    private final Clock clock;

    Holds(JdbcTemplate jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * The newest change of a record that still waits.
     *
     * @param hash   of its content, or null where it waits in the queue
     * @param parent what it waits for, or null where it waits in the queue
     */
    public record Waiting(long seq, Long hash, RecordKey parent) {

        public boolean isHeld() {
            return parent != null;
        }
    }

    /** Which of these keys have a change waiting; a newer change must not overtake it. A paused store's changes are in nobody's way. */
    public Map<String, Waiting> waiting(String entityType, Collection<String> keys) {
        Map<String, Waiting> newest = new HashMap<>();
        if (!isAnyWaiting(entityType)) {
            return newest;
        }
        jdbc.query(
                WAITING,
                ps -> Bind.to(ps).text(entityType).texts(keys).text(entityType).texts(keys),
                rs -> {
                    String parentEntity = rs.getString(5);
                    RecordKey parent = parentEntity == null ? null : new RecordKey(parentEntity, rs.getString(6));
                    newest.put(rs.getString(2), new Waiting(rs.getLong(3), rs.getObject(4, Long.class), parent));
                });
        return newest;
    }

    /** Most entity types have nothing waiting: one look spares the search by key. */
    private boolean isAnyWaiting(String entityType) {
        return Boolean.TRUE.equals(jdbc.query(
                "SELECT EXISTS (SELECT 1 FROM hold WHERE entity_type = ?) OR EXISTS (SELECT 1 FROM pending WHERE entity_type = ?)",
                ps -> Bind.to(ps).text(entityType).text(entityType),
                rs -> rs.next() && rs.getBoolean(1)));
    }

    /** Which of these parents are there. */
    public Set<RecordKey> present(Collection<RecordKey> parents) {
        Set<RecordKey> present = new HashSet<>();
        if (!parents.isEmpty()) {
            jdbc.query(
                    """
                    SELECT k.entity_type, k.record_key FROM unnest(?::text[], ?::text[]) AS k(entity_type, record_key)
                    JOIN record r ON r.entity_type = k.entity_type AND r.record_key = k.record_key AND NOT r.deleted""",
                    ps -> bindKeys(Bind.to(ps), parents),
                    rs -> {
                        present.add(new RecordKey(rs.getString(1), rs.getString(2)));
                    });
        }
        return present;
    }

    /** Keeps entries whose parent is missing; each names the parent that it waits for in {@code waitsFor}. */
    public void keep(List<Entry> entries, Map<Entry, RecordKey> waitsFor, Instant now) {
        if (entries.isEmpty()) {
            return;
        }
        jdbc.execute(KEEP, (PreparedStatementCallback<Integer>) ps -> {
            Bind.to(ps)
                    .at(now)
                    .numbers(entries, Entry::seq)
                    .instants(entries, Entry::acceptedAt)
                    .uuids(entries, e -> e.change().runId())
                    .texts(entries, e -> e.change().source())
                    .texts(entries, e -> e.change().storeId())
                    .texts(entries, e -> e.change().entityType())
                    .texts(entries, e -> e.change().key())
                    .texts(entries, e -> waitsFor.get(e).entityType())
                    .texts(entries, e -> waitsFor.get(e).key())
                    .numbers(entries, e -> e.change().hash());
            return ps.executeUpdate();
        });
    }

    /** Queues what waits for these parents and is free to go; answers how many. */
    public int release(Collection<RecordKey> parents) {
        if (parents.isEmpty() || !somethingWaitsFor(parents)) {
            return 0;
        }
        return jdbc.execute(RELEASE, (PreparedStatementCallback<Integer>) ps -> {
            bindKeys(Bind.to(ps), parents);
            return ps.executeUpdate();
        });
    }

    /** Most records are nobody's parent: one look at their entity types spares the search by key. */
    private boolean somethingWaitsFor(Collection<RecordKey> parents) {
        List<String> types = parents.stream().map(RecordKey::entityType).distinct().toList();
        return Boolean.TRUE.equals(jdbc.query(
                "SELECT EXISTS (SELECT 1 FROM hold WHERE parent_entity = ANY (?::text[]))",
                ps -> Bind.to(ps).texts(types),
                rs -> rs.next() && rs.getBoolean(1)));
    }

    /** Looks again at holds not looked at for a while, a bounded number of them; answers how many it could release. */
    @Transactional
    public int sweep() {
        Instant now = clock.instant();
        Instant before = now.minus(SWEEP_INTERVAL);
        List<Long> looked = jdbc.query(
                SWEEP, ps -> Bind.to(ps).at(now).at(before).integer(SWEEP_SIZE), (rs, row) -> rs.getLong(1));
        if (looked.isEmpty()) {
            return 0;
        }
        return jdbc.execute(RELEASE_LOOKED_AT, (PreparedStatementCallback<Integer>) ps -> {
            Bind.to(ps).numbers(looked, Long::longValue).numbers(looked, Long::longValue);
            return ps.executeUpdate();
        });
    }

    private static Bind bindKeys(Bind bind, Collection<RecordKey> keys) throws SQLException {
        return bind.texts(keys, RecordKey::entityType).texts(keys, RecordKey::key);
    }
}
