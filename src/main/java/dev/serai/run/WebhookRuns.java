package dev.serai.run;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.serai.database.Bind;
import dev.serai.run.SyncRequest.SyncType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Gathers webhooks into runs: those of one store and entity that come in one after the other belong to one run, until none has come for a
 * while or the run is old enough. The database is written to once a run, not once a webhook.
 */
@Component("webhookRuns")
public class WebhookRuns {

    private static final int MOST_KNOWN = 100_000;
    private static final int FORGOTTEN_AT_A_TIME = 10_000;

    private final JdbcTemplate jdbc;
    private final RunRows rows;
    private final HubNumber hub;
    private final Clock clock;
    private final Duration quiet;
    private final Duration longest;
    private final Duration kept;
    private final Cache<Key, Gathering> current = Caffeine.newBuilder().maximumSize(MOST_KNOWN).build();

    WebhookRuns(
            JdbcTemplate jdbc,
            RunRows rows,
            HubNumber hub,
            Clock clock,
            @Value("${serai.stores.webhook-run.quiet}") Duration quiet,
            @Value("${serai.stores.webhook-run.longest}") Duration longest,
            @Value("${serai.stores.webhook-run.keep}") Duration kept) {
        this.jdbc = jdbc;
        this.rows = rows;
        this.hub = hub;
        this.clock = clock;
        this.quiet = quiet;
        this.longest = longest;
        this.kept = kept;
    }

    private record Key(String storeId, String entityType) {}

    private record Gathering(UUID runId, Instant begun, Instant latest) {}

    /** The run to which a webhook belongs that comes in now. */
    public UUID of(String storeId, String entityType) {
        Instant now = clock.instant();
        return current.asMap().compute(new Key(storeId, entityType), (key, known) -> known != null && isOpen(known, now)
                ? new Gathering(known.runId(), known.begun(), now)
                : begin(key, now)).runId();
    }

    private boolean isOpen(Gathering gathering, Instant now) {
        return now.isBefore(gathering.latest().plus(quiet)) && now.isBefore(gathering.begun().plus(longest));
    }

    private Gathering begin(Key key, Instant now) {
        UUID runId = UUID.randomUUID();
        SyncRequest request = new SyncRequest(
                key.entityType(), Run.WEBHOOK, List.of(), SyncType.INCREMENTAL, 0, null, null, null, false);
        jdbc.update(
                """
                INSERT INTO run (run_id, kind, trigger, entity_type, store_id, connector, sync_type, request, status, message, created_at,
                                 started_at, owner)
                VALUES (?, 'webhook', 'webhook', ?, ?, 'webhook', 'incremental', ?::jsonb, 'running', 'Webhooks are coming in', ?, ?, ?)""",
                ps -> Bind.to(ps)
                        .uuid(runId)
                        .text(key.entityType())
                        .text(key.storeId())
                        .text(rows.write(request))
                        .at(now)
                        .at(now)
                        .integer(hub.get()));
        return new Gathering(runId, now, now);
    }

    /**
     * Ends the runs to which no webhook will be added any more, those of hubs that are gone among them, once everything of them is decided.
     * Answers how many ended.
     */
    public int endFinished() {
        Instant now = clock.instant();
        List<UUID> open = current.asMap().values().stream().filter(gathering -> isOpen(gathering, now)).map(Gathering::runId).toList();
        current.asMap().values().removeIf(gathering -> !isOpen(gathering, now));
        return jdbc.update(
                """
                UPDATE run r SET status = 'completed', message = 'Webhooks are applied', completed_at = ?
                WHERE kind = 'webhook' AND status = 'running' AND run_id <> ALL (?::uuid[])
                  AND (owner = ? OR owner NOT IN (SELECT objid::int FROM pg_locks
                                                  WHERE locktype = 'advisory' AND classid = ? AND objsubid = 2 AND granted
                                                    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())))
                  AND coalesce((SELECT sum(n) FROM ledger l WHERE l.run_id = r.run_id AND l.outcome = 'ACCEPTED'), 0) = 0""",
                ps -> Bind.to(ps).at(now).uuids(open, id -> id).integer(hub.get()).integer(HubNumber.HUB_LOCKS));
    }

    /** Forgets runs that are too old, so many at a time; their changes stay counted for their store. Answers how many went. */
    public int forgetOld() {
        return jdbc.update(
                """
                WITH old AS (SELECT run_id FROM run WHERE kind = 'webhook' AND verdict IS NOT NULL AND created_at < ?
                             ORDER BY created_at LIMIT ?),
                     kept AS (UPDATE ledger SET run_id = NULL WHERE run_id IN (SELECT run_id FROM old))
                DELETE FROM run WHERE run_id IN (SELECT run_id FROM old)""",
                ps -> Bind.to(ps).at(clock.instant().minus(kept)).integer(FORGOTTEN_AT_A_TIME));
    }
}
