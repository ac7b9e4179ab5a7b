package dev.serai.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.database.Bind;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The runs of stores, as whoever watches them reads and settles them. Set-based; several hubs may watch at once. */
@Component
public class StoreRuns {

    /** At a time; what is left comes with the next look. */
    private static final int BATCH = 1_000;

    private static final String UNTOLD = "run WHERE store_id IS NOT NULL AND told < 2 AND status <> 'pending'";

    private static final String SETTLE = """
            UPDATE run r SET told = 2, verdict = s.verdict, duration_ms = coalesce(s.ms, r.duration_ms, 0)
            FROM unnest(?::text[], ?::text[], ?::bigint[]) AS s(run_id, verdict, ms) WHERE r.run_id = s.run_id::uuid""";

    private static final String EXPECTED = """
            SELECT r.run_id, l.records
            FROM run r CROSS JOIN LATERAL (
                SELECT (position ->> 'records')::bigint AS records FROM run
                WHERE store_id = r.store_id AND entity_type = r.entity_type AND connector = r.connector AND kind = 'sync' AND sync_type = 'full'
                  AND status = 'completed' ORDER BY created_at DESC LIMIT 1) l
            WHERE r.run_id = ANY (?::uuid[]) AND r.kind = 'sync' AND r.sync_type = 'full' AND l.records IS NOT NULL""";

    private final JdbcTemplate jdbc;
    private final RunRows rows;

    StoreRuns(JdbcTemplate jdbc, RunRows rows) {
        this.jdbc = jdbc;
        this.rows = rows;
    }

    /** A run that has begun, and whether its beginning was told before. */
    public record Untold(Run run, boolean begun) {}

    /**
     * What came of a run that has ended.
     *
     * @param verdict  {@code success}, {@code partial} or {@code failed}
     * @param duration in milliseconds; null where it is known already
     */
    public record Settled(UUID runId, String verdict, Long duration) {}

    /** Whether there is any run that {@link #untold} may answer. */
    public boolean isAnyUntold() {
        return jdbc.queryForObject("SELECT EXISTS (SELECT FROM " + UNTOLD + ")", Boolean.class);
    }

    /** Stores' runs that have begun and are not settled, locked until the transaction ends; those that another hub looks at left out. */
    public List<Untold> untold() {
        return jdbc.query(
                "SELECT " + RunRows.COLUMNS + ", told FROM " + UNTOLD + " ORDER BY created_at LIMIT ? FOR UPDATE SKIP LOCKED",
                ps -> Bind.to(ps).integer(BATCH),
                (rs, row) -> new Untold(rows.run(rs, row), rs.getInt("told") > 0));
    }

    /** How many records the source of these runs may have: as many as its last full run had. Only of full pulls that are not the first. */
    public Map<UUID, Long> expected(Collection<UUID> runIds) {
        Map<UUID, Long> expected = new HashMap<>();
        jdbc.query(EXPECTED, ps -> Bind.to(ps).uuids(runIds, id -> id), rs -> {
            expected.put(rs.getObject(1, UUID.class), rs.getLong(2));
        });
        return expected;
    }

    /** Says what was found and done after a run had ended. */
    public void addResult(UUID runId, ObjectNode result) {
        jdbc.update(
                "UPDATE run SET result = coalesce(result, '{}') || ?::jsonb WHERE run_id = ?",
                ps -> Bind.to(ps).text(result.toString()).uuid(runId));
    }

    public void markBegun(Collection<UUID> runIds) {
        if (!runIds.isEmpty()) {
            jdbc.update("UPDATE run SET told = 1 WHERE run_id = ANY (?::uuid[])", ps -> Bind.to(ps).uuids(runIds, id -> id));
        }
    }

    public void settle(Collection<Settled> settled) {
        if (!settled.isEmpty()) {
            jdbc.update(SETTLE, ps -> Bind.to(ps)
                    .uuids(settled, Settled::runId)
                    .texts(settled, Settled::verdict)
                    .nullableNumbers(settled, Settled::duration));
        }
    }
}
