package dev.serai.storesync;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.change.Outcome;
import dev.serai.health.StoreStatistics;
import dev.serai.health.StoreStatistics.EndedSync;
import dev.serai.journal.Ledger;
import dev.serai.journal.LedgerReport.Tally;
import dev.serai.run.Run;
import dev.serai.run.StoreRuns;
import dev.serai.run.StoreRuns.Settled;
import dev.serai.run.StoreRuns.Untold;
import dev.serai.run.WebhookRuns;
import dev.serai.store.StoreEvents;
import dev.serai.store.StoreEvents.StoreEvent;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Tells the stores' live streams how their runs go, and settles those that have ended: verdict and duration. Any hub may do it for all. */
@Component("runWatch")
public class RunWatch {

    private final StoreRuns runs;
    private final WebhookRuns webhooks;
    private final ApplyTimes times;
    private final Ledger ledger;
    private final StoreStatistics statistics;
    private final StoreEvents events;
    private final ObjectMapper json;
    private final TransactionTemplate transaction;
    private final Clock clock;
    /** What the streams know of runs that go on; forgotten with the run. */
    private final Map<UUID, Progress> told = new HashMap<>();

    RunWatch(
            StoreRuns runs,
            WebhookRuns webhooks,
            ApplyTimes times,
            Ledger ledger,
            StoreStatistics statistics,
            StoreEvents events,
            ObjectMapper json,
            PlatformTransactionManager transactions,
            Clock clock) {
        this.runs = runs;
        this.webhooks = webhooks;
        this.times = times;
        this.ledger = ledger;
        this.statistics = statistics;
        this.events = events;
        this.json = json;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /** Looks at what has happened since the last time; called about once a second. */
    public synchronized void look() {
        times.save();
        if (runs.isAnyUntold()) {
            webhooks.endFinished();
            transaction.executeWithoutResult(status -> tell());
        }
    }

    private void tell() {
        List<Untold> untold = runs.untold();
        Map<UUID, Tally> tallies = ledger.tallies(untold.stream().map(one -> one.run().runId()).toList());
        Map<UUID, Long> expected = runs.expected(tallies.keySet());
        List<StoreEvent> news = new ArrayList<>();
        List<UUID> begun = new ArrayList<>();
        List<Settled> settled = new ArrayList<>();
        List<EndedSync> ended = new ArrayList<>();
        for (Untold one : untold) {
            Run run = one.run();
            Tally tally = tallies.get(run.runId());
            if (!one.begun()) {
                begun.add(run.runId());
                news.add(started(run));
            }
            if (run.hasEnded() && tally.of(Outcome.ACCEPTED) == 0 && !AfterSync.isAwaited(run, clock.instant())) {
                settled.add(new Settled(run.runId(), Verdict.of(run, tally), duration(run)));
                ended.add(new EndedSync(run.storeId(), Verdict.of(run, tally), millis(run)));
                news.add(completed(run, tally));
                told.remove(run.runId());
            } else {
                progress(run, tally, expected.get(run.runId())).ifPresent(news::add);
            }
        }
        runs.markBegun(begun);
        runs.settle(settled);
        statistics.syncsEnded(ended);
        events.tell(news);
    }

    /** A webhook's duration is what {@link ApplyTimes} has found. */
    private static Long duration(Run run) {
        return run.kind().equals(Run.WEBHOOK) || run.startedAt() == null || run.completedAt() == null
                ? null
                : Duration.between(run.startedAt(), run.completedAt()).toMillis();
    }

    private static long millis(Run run) {
        Long millis = duration(run) != null ? duration(run) : run.durationMs();
        return millis == null ? 0 : millis;
    }

    private StoreEvent started(Run run) {
        return new StoreEvent(run.storeId(), "sync_started", data(run).put("trigger", run.trigger()));
    }

    /** Empty where nothing has moved since the last time. */
    private Optional<StoreEvent> progress(Run run, Tally tally, Long expected) {
        Progress progress = Progress.of(run, tally, expected);
        if (progress.processed() == 0 || progress.equals(told.put(run.runId(), progress))) {
            return Optional.empty();
        }
        return Optional.of(new StoreEvent(run.storeId(), "sync_progress", data(run)
                .put("progress", progress.percentage())
                .put("records_processed", progress.processed())
                .put("records_total", progress.total())));
    }

    private StoreEvent completed(Run run, Tally tally) {
        return new StoreEvent(run.storeId(), "sync_completed", data(run)
                .put("status", Verdict.of(run, tally))
                .put("duration", Durations.seconds(millis(run)))
                .put("records_synced", Progress.of(run, tally).processed() - tally.failed()));
    }

    private ObjectNode data(Run run) {
        return json.createObjectNode().put("sync_id", JobId.of(run)).put("entity_type", run.entityType());
    }
}
