package dev.serai.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.database.Bind;
import dev.serai.database.Where;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The runs of all hubs: asked for, claimed, carried on, ended, listed. */
@Component
public class Runs {

    /** What a run says of itself as long as nothing else is to be said. */
    public static final String RUNNING = "Sync is running";

    private static final String COLUMNS = RunRows.COLUMNS;

    private static final String CLAIM = "UPDATE run SET message = '" + RUNNING + """
            ', status = 'running', owner = ?, started_at = ?::timestamptz
            WHERE run_id = (SELECT run_id FROM run WHERE status = 'pending' AND kind = ANY (?::text[])
                            ORDER BY priority DESC, created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING\s""" + COLUMNS;

    /** A run is nobody's where its hub holds no lock on its number, or where it is this hub's but was cut off. */
    private static final String ADOPT = """
            UPDATE run SET owner = ?
            WHERE run_id = (SELECT run_id FROM run WHERE status = 'running' AND kind = ANY (?::text[])
                              AND (owner = ? AND run_id <> ALL (?::uuid[]) OR owner NOT IN (SELECT objid::int FROM pg_locks
                                                WHERE locktype = 'advisory' AND classid = ? AND objsubid = 2 AND granted
                                                  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())))
                            ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING\s""" + COLUMNS;

    private final JdbcTemplate jdbc;
    private final RunRows rows;
    private final Clock clock;

    Runs(JdbcTemplate jdbc, RunRows rows, Clock clock) {
        this.jdbc = jdbc;
        this.rows = rows;
        this.clock = clock;
    }

    /**
     * Asks for a run; a worker takes it up at once where one is free.
     *
     * @throws AlreadyRunning where the entity is being synced
     */
    public Run create(SyncRequest request) {
        UUID runId = UUID.randomUUID();
        try {
            jdbc.update(
                    """
                    INSERT INTO run (run_id, kind, entity_type, connector, sync_type, request, status, message, created_at)
                    VALUES (?, 'sync', ?, ?, ?, ?::jsonb, 'pending', 'Sync is queued', ?)""",
                    ps -> Bind.to(ps)
                            .uuid(runId)
                            .text(request.entityName())
                            .text(request.connector())
                            .text(request.syncType().text())
                            .text(rows.write(request))
                            .at(clock.instant()));
        } catch (DuplicateKeyException e) {
            throw new AlreadyRunning(request.entityName());
        }
        return find(runId).orElseThrow();
    }

    public Optional<Run> find(UUID runId) {
        return jdbc.query("SELECT " + COLUMNS + " FROM run WHERE run_id = ?", ps -> Bind.to(ps).uuid(runId), rows::run).stream()
                .findFirst();
    }

    /** Narrows a list of pulls; null lets everything through. */
    public record Selection(String entityName, RunStatus status) {

        private Where where() {
            return Where.that("kind = 'sync'")
                    .andText("entity_type = ?", entityName)
                    .andText("status = ?", status == null ? null : status.text());
        }
    }

    /** Pulls, newest first. */
    public List<Run> list(Selection selection, int page, int pageSize) {
        Where where = selection.where();
        return jdbc.query(
                "SELECT " + COLUMNS + " FROM run WHERE run_id = ANY (ARRAY(SELECT run_id FROM run" + where.sql()
                        + " ORDER BY created_at DESC, run_id LIMIT ? OFFSET ?)) ORDER BY created_at DESC, run_id",
                ps -> where.bind(Bind.to(ps)).integer(pageSize).number((page - 1L) * pageSize),
                rows::run);
    }

    public long count(Selection selection) {
        Where where = selection.where();
        return jdbc.query("SELECT count(*) FROM run" + where.sql(), ps -> where.bind(Bind.to(ps)), rs -> rs.next() ? rs.getLong(1) : 0L);
    }

    /** The oldest run that waits, or one that nobody carries on; it is this hub's from now on. */
    Optional<Run> claim(int hub, Collection<UUID> inHand, Collection<String> kinds) {
        List<Run> orphan = jdbc.query(
                ADOPT,
                ps -> Bind.to(ps).integer(hub).texts(kinds).integer(hub).uuids(inHand, id -> id).integer(HubNumber.HUB_LOCKS),
                rows::run);
        if (!orphan.isEmpty()) {
            return orphan.stream().findFirst();
        }
        return jdbc.query(CLAIM, ps -> Bind.to(ps).integer(hub).at(clock.instant()).texts(kinds), rows::run).stream().findFirst();
    }

    /** Asks a run to stop; one that waits is cancelled at once. Answers false where it had ended before. */
    public boolean requestStop(UUID runId) {
        return jdbc.update(
                        """
                        UPDATE run SET stop_requested = true,
                            status = CASE WHEN status = 'pending' THEN 'cancelled' ELSE status END,
                            completed_at = CASE WHEN status = 'pending' THEN ?::timestamptz END,
                            message = CASE WHEN status = 'pending' THEN 'Stopped before it began' ELSE 'Sync is stopping' END
                        WHERE run_id = ? AND status IN ('pending', 'running')""",
                        ps -> Bind.to(ps).at(clock.instant()).uuid(runId))
                > 0;
    }

    /** Whether the run is asked to stop. */
    public boolean isStopRequested(Run run) {
        return Boolean.TRUE.equals(jdbc.query(
                "SELECT stop_requested OR owner IS DISTINCT FROM ? FROM run WHERE run_id = ?",
                ps -> Bind.to(ps).integer(run.owner()).uuid(run.runId()),
                rs -> rs.next() && rs.getBoolean(1)));
    }

    /**
     * Saves where the run stands, in the current transaction.
     *
     * @throws RunLost where the run is no longer this hub's; the transaction must not be committed then
     */
    public void progress(Run run, Position position, Stages stages) {
        int changed = jdbc.update(
                "UPDATE run SET position = ?::jsonb, stages = ?::jsonb WHERE run_id = ? AND owner = ? AND status = 'running'",
                ps -> Bind.to(ps)
                        .text(rows.write(position))
                        .text(rows.write(stages.millis()))
                        .uuid(run.runId())
                        .integer(run.owner()));
        if (changed == 0) {
            throw new RunLost(run.runId());
        }
    }

    /** Says how the run is getting on, if it is still this hub's and nobody has asked it to stop. */
    public void say(Run run, String message) {
        jdbc.update(
                "UPDATE run SET message = ? WHERE run_id = ? AND owner = ? AND status = 'running' AND NOT stop_requested",
                ps -> Bind.to(ps).text(message).uuid(run.runId()).integer(run.owner()));
    }

    /** Saves what the run found and did, if it is still this hub's. */
    public void saveResult(Run run, JsonNode result) {
        jdbc.update(
                "UPDATE run SET result = ?::jsonb WHERE run_id = ? AND owner = ? AND status = 'running'",
                ps -> Bind.to(ps).text(result.toString()).uuid(run.runId()).integer(run.owner()));
    }

    /** Saves the time that the run took, if it is still this hub's. */
    public void saveStages(Run run, Stages stages) {
        jdbc.update(
                "UPDATE run SET stages = ?::jsonb WHERE run_id = ? AND owner = ? AND status = 'running'",
                ps -> Bind.to(ps).text(rows.write(stages.millis())).uuid(run.runId()).integer(run.owner()));
    }

    /** Ends the run, if it is still this hub's. */
    public void end(Run run, RunStatus status, String message, String errorMessage) {
        jdbc.update(
                """
                UPDATE run SET status = ?, message = ?, error_message = ?, completed_at = ?
                WHERE run_id = ? AND owner = ? AND status = 'running'""",
                ps -> Bind.to(ps)
                        .text(status.text())
                        .text(message)
                        .text(errorMessage)
                        .at(clock.instant())
                        .uuid(run.runId())
                        .integer(run.owner()));
    }
}
