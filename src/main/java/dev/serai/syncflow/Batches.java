package dev.serai.syncflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.serai.change.Outcome;
import dev.serai.journal.Effect;
import dev.serai.journal.Ledger;
import dev.serai.journal.LedgerReport.Tally;
import dev.serai.run.Run;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Runs as SyncFlow shows them: batches, with their counts from the ledger. */
@Component
public class Batches {

    private final Ledger ledger;

    Batches(Ledger ledger) {
        this.ledger = ledger;
    }

    /** A batch and its counts. Held children that are released, and failed records that are resolved, move to the other counts. */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Batch(
            UUID batchUid,
            String entityName,
            String connectorApiSlug,
            String syncType,
            String status,
            String message,
            Instant startedAt,
            Instant completedAt,
            String errorMessage,
            long pages,
            long total,
            long created,
            long updated,
            long unchanged,
            long deleted,
            long failed,
            long pendingChildren,
            long superseded,
            @JsonInclude(Include.NON_NULL) Map<String, Long> stageMs) {}

    public Batch show(Run run) {
        return show(List.of(run)).get(0);
    }

    public List<Batch> show(List<Run> runs) {
        Map<UUID, Tally> tallies = ledger.tallies(runs.stream().map(Run::runId).toList());
        return runs.stream().map(run -> batch(run, tallies.getOrDefault(run.runId(), Tally.NOTHING))).toList();
    }

    private static Batch batch(Run run, Tally tally) {
        return new Batch(
                run.runId(),
                run.entityType(),
                run.request().connector(),
                run.request().syncType().text(),
                run.status().text(),
                run.message(),
                run.startedAt() == null ? run.createdAt() : run.startedAt(),
                run.completedAt(),
                run.errorMessage(),
                run.position() == null ? 0 : run.position().pages(),
                tally.accepted(),
                tally.of(Effect.CREATED),
                tally.of(Effect.UPDATED),
                tally.of(Outcome.UNCHANGED),
                tally.of(Effect.DELETED),
                tally.failed(),
                tally.of(Outcome.HELD),
                tally.of(Outcome.SUPERSEDED),
                run.stages());
    }
}
