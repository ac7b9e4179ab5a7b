package dev.serai.storesync;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.database.Bind;
import dev.serai.run.AfterRun;
import dev.serai.run.Run;
import dev.serai.run.RunStatus;
import dev.serai.run.Runs;
import dev.serai.run.StoreRuns;
import dev.serai.run.SyncRequest.JobOptions;
import dev.serai.storesync.Comparison.Compared;
import java.time.Duration;
import java.time.Instant;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** What a job was asked to do besides: compare store and platform at the end, and settle pending conflicts. */
@Component
class AfterSync implements AfterRun {

    /** Says in a run's result that this is done. */
    private static final String CHECKED = "checked";

    /** A hub that dies in between leaves it undone. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private static final int PAGE = 5_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(250);

    private final JdbcTemplate jdbc;
    private final Runs runs;
    private final StoreRuns storeRuns;
    private final Comparison comparison;
    private final ConflictSettling settling;
    private final ObjectMapper json;

    AfterSync(
            JdbcTemplate jdbc,
            Runs runs,
            StoreRuns storeRuns,
            Comparison comparison,
            ConflictSettling settling,
            ObjectMapper json) {
        this.jdbc = jdbc;
        this.runs = runs;
        this.storeRuns = storeRuns;
        this.comparison = comparison;
        this.settling = settling;
        this.json = json;
    }

    /** Whether a run that has ended still waits for this. */
    static boolean isAwaited(Run run, Instant now) {
        return isWanted(run) && run.status() == RunStatus.COMPLETED && (run.result() == null || !run.result().has(CHECKED))
                && run.completedAt().isAfter(now.minus(LONGEST));
    }

    private static boolean isWanted(Run run) {
        JobOptions options = run.request().options();
        return run.storeId() != null && options != null && (options.validateData() || options.resolveConflicts());
    }

    @Override
    public void ended(Run run) {
        if (!isWanted(run) || runs.find(run.runId()).filter(now -> now.status() == RunStatus.COMPLETED).isEmpty()) {
            return;
        }
        ObjectNode found = json.createObjectNode().put(CHECKED, true);
        if (run.request().options().resolveConflicts()) {
            found.put("conflicts_resolved", settling.settle(run.storeId(), run.entityType(), JobId.of(run)));
        }
        if (run.request().options().validateData()) {
            awaitDeliveries(run);
            long differing = differing(run);
            found.put("differing", differing);
            if (differing > 0) {
                found.put("error_code", whyDiffering(run));
            }
        }
        storeRuns.addResult(run.runId(), found);
    }

    /** What was just sent differs until it has arrived. A store that does not take it in time differs. */
    private void awaitDeliveries(Run run) {
        long patience = PATIENCE.toNanos();
        long from = System.nanoTime();
        while (System.nanoTime() - from < patience && isUnderWay(run)) {
            try {
                Thread.sleep(LOOK.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private boolean isUnderWay(Run run) {
        return Boolean.TRUE.equals(jdbc.query(
                """
                SELECT EXISTS (SELECT 1 FROM delivery WHERE store_id = ? AND entity_type = ? AND state = 'WAITING')""",
                ps -> Bind.to(ps).text(run.storeId()).text(run.entityType()),
                rs -> rs.next() && rs.getBoolean(1)));
    }

    /** Parked deliveries, a person's decision that is awaited, or a store that has not taken what was sent in time. */
    private String whyDiffering(Run run) {
        return jdbc.query(
                """
                SELECT CASE WHEN EXISTS (SELECT 1 FROM delivery WHERE store_id = ? AND entity_type = ? AND state = 'DEAD')
                            THEN 'WEBHOOK_FAILED'
                            WHEN EXISTS (SELECT 1 FROM conflict WHERE store_id = ? AND entity_type = ? AND status = 'pending')
                            THEN 'DATA_CONFLICT'
                            ELSE 'SYNC_TIMEOUT' END""",
                ps -> Bind.to(ps).text(run.storeId()).text(run.entityType()).text(run.storeId()).text(run.entityType()),
                rs -> rs.next() ? rs.getString(1) : null);
    }

    private long differing(Run run) {
        long differing = 0;
        String after = "";
        Compared page;
        do {
            page = comparison.page(run.storeId(), run.entityType(), false, after, PAGE);
            differing += page.differences();
            after = page.last();
        } while (page.records() == PAGE);
        return differing;
    }
}
