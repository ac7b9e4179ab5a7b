package dev.serai.run;

import dev.serai.database.Bind;
import dev.serai.run.SyncRequest.SyncType;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.stereotype.Component;

/** Stores' jobs: the runs that were asked for together, one an entity, and that share a job id. */
@Component
public class Jobs {

    /** Runs that nobody has settled yet: also those that have ended and are compared, or have changes in flight. Webhooks keep no job from running. */
    private static final String UNSETTLED = "run WHERE told < 2 AND kind <> 'webhook' AND store_id = ? AND entity_type = ANY (?::text[])";

    private static final String CREATE = """
            INSERT INTO run (run_id, kind, job_id, trigger, priority, entity_type, store_id, connector, sync_type, request, status, message,
                             created_at)
            SELECT r.run_id::uuid, r.kind, ?::uuid, ?, ?, r.entity_type, ?, r.connector, r.sync_type, r.request::jsonb, 'pending',
                   'Sync is queued', ?::timestamptz + r.place * interval '1 microsecond'
            FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
                 WITH ORDINALITY AS r(run_id, kind, entity_type, connector, sync_type, request, place)
            WHERE NOT EXISTS (SELECT FROM\s""" + UNSETTLED + ")";

    private static final String BUSY = "SELECT entity_type FROM " + UNSETTLED + " ORDER BY array_position(?::text[], entity_type) LIMIT 1";

    /** Jobs whose turn comes before this one's. */
    private static final String AHEAD = """
            SELECT count(DISTINCT coalesce(o.job_id, o.run_id)) FROM run o,
                   (SELECT max(priority) AS priority, min(created_at) AS created_at FROM run WHERE job_id = ? AND status = 'pending') AS own
            WHERE o.status = 'pending' AND o.job_id IS DISTINCT FROM ?
              AND (o.priority > own.priority OR o.priority = own.priority AND o.created_at < own.created_at)""";

    private static final String DURATIONS = """
            SELECT min(ms), max(ms) FROM (
                SELECT duration_ms AS ms FROM run
                WHERE store_id = ? AND entity_type = ? AND kind = ? AND sync_type = ? AND verdict IN ('success', 'partial')
                ORDER BY created_at DESC LIMIT 10) AS latest""";

    private final JdbcTemplate jdbc;
    private final RunRows rows;
    private final Clock clock;

    Jobs(JdbcTemplate jdbc, RunRows rows, Clock clock) {
        this.jdbc = jdbc;
        this.rows = rows;
        this.clock = clock;
    }

    /** @param kind {@link Run#PULL} or {@link Run#RECONCILE} */
    public record Part(String kind, SyncRequest request) {}

    /** How long something took at least and at most. */
    public record Span(Duration least, Duration most) {}

    /**
     * Asks for a job: a run for each part, in this order as far as workers are free.
     *
     * @param priority higher ones are taken up first
     * @throws AlreadyRunning where one of the entities is being synced, or a sync of it is not settled yet; nothing is asked for then
     */
    public UUID create(String storeId, String trigger, int priority, List<Part> parts) {
        UUID jobId = UUID.randomUUID();
        List<String> entities = parts.stream().map(part -> part.request().entityName()).toList();
        if (!insert(jobId, storeId, trigger, priority, parts, entities)) {
            throw new AlreadyRunning(busy(storeId, entities));
        }
        return jobId;
    }

    /** Answers false where one of the entities is being synced: it was before, or another job came at the same moment. */
    private boolean insert(UUID jobId, String storeId, String trigger, int priority, List<Part> parts, List<String> entities) {
        try {
            return jdbc.execute(CREATE, (PreparedStatementCallback<Integer>) ps -> {
                Bind.to(ps)
                        .uuid(jobId)
                        .text(trigger)
                        .integer(priority)
                        .text(storeId)
                        .at(clock.instant())
                        .uuids(parts, part -> UUID.randomUUID())
                        .texts(parts, Part::kind)
                        .texts(entities)
                        .texts(parts, part -> part.request().connector())
                        .texts(parts, part -> part.request().syncType().text())
                        .texts(parts, part -> rows.write(part.request()))
                        .text(storeId)
                        .texts(entities);
                return ps.executeUpdate();
            }) > 0;
        } catch (DuplicateKeyException e) {
            return false;
        }
    }

    /** Which of the entities is being synced by a job; the first of them where the other job has just ended. */
    private String busy(String storeId, List<String> entities) {
        return jdbc.query(BUSY, ps -> Bind.to(ps).text(storeId).texts(entities).texts(entities), (rs, row) -> rs.getString(1)).stream()
                .findFirst()
                .orElse(entities.get(0));
    }

    /** The job's runs, in their order, or the run of a store's webhooks, which is a job of its own; none where there is neither. */
    public List<Run> find(UUID jobId) {
        return jdbc.query(
                "SELECT " + RunRows.COLUMNS + " FROM run WHERE job_id = ? OR run_id = ? AND kind = 'webhook' ORDER BY created_at",
                ps -> Bind.to(ps).uuid(jobId).uuid(jobId),
                rows::run);
    }

    /** The place of a job that waits, from 1; 0 for one that waits no more. */
    public int queuePosition(UUID jobId) {
        boolean waits = find(jobId).stream().anyMatch(run -> run.status() == RunStatus.PENDING);
        return waits ? 1 + jdbc.query(AHEAD, ps -> Bind.to(ps).uuid(jobId).uuid(jobId), rs -> rs.next() ? rs.getInt(1) : 0) : 0;
    }

    /** How long the latest runs of this kind took, or null where there were none. */
    public Span durations(String storeId, String entityType, String kind, SyncType type) {
        return jdbc.query(
                DURATIONS,
                ps -> Bind.to(ps).text(storeId).text(entityType).text(kind).text(type.text()),
                rs -> rs.next() && rs.getObject(1) != null
                        ? new Span(Duration.ofMillis(rs.getLong(1)), Duration.ofMillis(rs.getLong(2)))
                        : null);
    }

    /**
     * Which ended jobs are listed; null lets everything through.
     *
     * @param verdict {@code success}, {@code partial} or {@code failed}
     */
    public record Selection(String storeId, Instant from, Instant to, String entityType, String verdict, String trigger) {}

    private static final String ENDED = """
            SELECT coalesce(job_id, run_id) AS job, min(created_at) AS created_at,
                   CASE WHEN bool_and(verdict = 'success') THEN 'success' WHEN bool_and(verdict = 'failed') THEN 'failed'
                        ELSE 'partial' END AS verdict
            FROM run WHERE store_id = ? AND (?::timestamptz IS NULL OR created_at >= ?) AND (?::timestamptz IS NULL OR created_at < ?)
              AND (?::text IS NULL OR trigger = ?)
            GROUP BY 1
            HAVING bool_and(verdict IS NOT NULL) AND (?::text IS NULL OR bool_or(entity_type = ?))""";

    private static final String SELECTED = "FROM (" + ENDED + ") AS ended WHERE (?::text IS NULL OR verdict = ?)";

    /** The runs of ended jobs (and of gathered webhooks), newest job first, each job's runs together in their order. */
    public List<List<Run>> history(Selection selection, int page, int limit) {
        List<UUID> ids = jdbc.query(
                "SELECT job " + SELECTED + " ORDER BY created_at DESC, job LIMIT ? OFFSET ?",
                ps -> bind(Bind.to(ps), selection).integer(limit).number((page - 1L) * limit),
                (rs, row) -> rs.getObject(1, UUID.class));
        List<Run> runs = jdbc.query(
                "SELECT " + RunRows.COLUMNS + " FROM run WHERE job_id = ANY (?::uuid[]) OR run_id = ANY (?::uuid[]) ORDER BY created_at",
                ps -> Bind.to(ps).uuids(ids, id -> id).uuids(ids, id -> id),
                rows::run);
        List<List<Run>> jobs = new ArrayList<>();
        ids.forEach(id -> jobs.add(runs.stream().filter(run -> id.equals(run.jobId() == null ? run.runId() : run.jobId())).toList()));
        return jobs;
    }

    public long count(Selection selection) {
        return jdbc.query("SELECT count(*) " + SELECTED, ps -> bind(Bind.to(ps), selection), rs -> rs.next() ? rs.getLong(1) : 0L);
    }

    private static Bind bind(Bind bind, Selection s) throws SQLException {
        return bind.text(s.storeId())
                .at(s.from()).at(s.from()).at(s.to()).at(s.to())
                .text(s.trigger()).text(s.trigger())
                .text(s.entityType()).text(s.entityType())
                .text(s.verdict()).text(s.verdict());
    }
}
