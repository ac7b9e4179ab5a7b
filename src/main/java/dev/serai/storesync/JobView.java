package dev.serai.storesync;

import dev.serai.change.Outcome;
import dev.serai.journal.Effect;
import dev.serai.journal.Ledger;
import dev.serai.journal.LedgerReport.Tally;
import dev.serai.run.Jobs;
import dev.serai.run.Jobs.Span;
import dev.serai.run.Run;
import dev.serai.run.RunStatus;
import dev.serai.run.StoreRuns;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Jobs as the document shows them. Their numbers are the ledger's. */
@Component
class JobView {

    private final Ledger ledger;
    private final Jobs jobs;
    private final StoreRuns storeRuns;
    private final Clock clock;

    JobView(Ledger ledger, Jobs jobs, StoreRuns storeRuns, Clock clock) {
        this.ledger = ledger;
        this.jobs = jobs;
        this.storeRuns = storeRuns;
        this.clock = clock;
    }

    /** A job in progress, or one that has ended. */
    Map<String, Object> job(List<Run> runs) {
        Map<UUID, Tally> tallies = tallies(runs);
        Run first = runs.get(0);
        String status = status(runs);
        boolean ended = runs.stream().allMatch(run -> run.verdict() != null);
        Instant started = runs.stream().map(Run::startedAt).filter(Objects::nonNull).min(Comparator.naturalOrder()).orElse(null);
        Instant completed = runs.stream().map(Run::completedAt).filter(Objects::nonNull).max(Comparator.naturalOrder()).orElse(null);
        Map<String, Object> job = new LinkedHashMap<>();
        job.put("job_id", JobId.of(first));
        job.put("store_id", first.storeId());
        job.put("status", status);
        job.put("trigger", first.trigger());
        job.put("created_at", first.createdAt());
        job.put("started_at", started);
        job.put("completed_at", ended ? completed : null);
        if ("queued".equals(status) && first.jobId() != null) {
            job.put("queue_position", jobs.queuePosition(first.jobId()));
        }
        job.put("progress", progress(runs, tallies));
        Map<String, Object> results = new LinkedHashMap<>();
        runs.stream().filter(run -> run.status() != RunStatus.PENDING)
                .forEach(run -> results.put(run.entityType(), result(run, tallies.get(run.runId()))));
        job.put("results", results);
        job.put("estimated_completion", ended ? completed : estimatedCompletion(runs));
        return job;
    }

    private static String status(List<Run> runs) {
        if (runs.stream().allMatch(run -> run.status() == RunStatus.PENDING)) {
            return "queued";
        }
        if (runs.stream().anyMatch(run -> run.verdict() == null)) {
            return "in_progress";
        }
        String verdict = verdict(runs);
        return "success".equals(verdict) ? "completed" : verdict;
    }

    /** {@code success} or {@code failed} where all runs are, else {@code partial}. */
    private static String verdict(List<Run> runs) {
        List<String> verdicts = runs.stream().map(Run::verdict).distinct().toList();
        return verdicts.size() == 1 ? verdicts.get(0) : "partial";
    }

    private Map<String, Object> progress(List<Run> runs, Map<UUID, Tally> tallies) {
        List<Run> done = runs.stream().filter(run -> run.verdict() != null).toList();
        Run current = runs.stream().filter(run -> run.verdict() == null && run.status() != RunStatus.PENDING).findFirst().orElse(null);
        Run shown = current != null ? current : runs.get(done.isEmpty() ? 0 : runs.size() - 1);
        Long expected = storeRuns.expected(List.of(shown.runId())).get(shown.runId());
        Progress records = Progress.of(shown, tallies.get(shown.runId()), expected);
        Map<String, Object> progress = new LinkedHashMap<>();
        progress.put("total_entities", runs.size());
        progress.put("completed_entities", done.size());
        progress.put("percentage",
                runs.size() == 1 && done.isEmpty() ? records.percentage() : Progress.percentage(done.size(), runs.size()));
        progress.put("current_entity", current == null ? null : current.entityType());
        progress.put("records_processed", records.processed());
        progress.put("records_total", records.total());
        return progress;
    }

    private static Map<String, Object> result(Run run, Tally tally) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("status", run.verdict() == null ? "in_progress" : "success".equals(run.verdict()) ? "completed" : run.verdict());
        result.put("records_synced", Progress.of(run, tally).processed() - tally.failed());
        result.put("records_updated", updated(run, tally));
        result.put("records_created", created(run, tally));
        result.put("conflicts_resolved", number(run, "conflicts_resolved"));
        result.put("errors", tally.failed() + number(run, "differing"));
        if (errorCode(run) != null) {
            result.put("error_code", errorCode(run));
        }
        if (run.errorMessage() != null) {
            result.put("error_message", run.errorMessage());
        }
        if (run.result() != null) {
            result.put("details", run.result());
        }
        return result;
    }

    /** On either side: here, or at the store, which was sent what it had otherwise. */
    private static long updated(Run run, Tally tally) {
        return tally.of(Effect.UPDATED) + number(run, "redelivered") + number(run, "sent_now") - number(run, "new_to_store");
    }

    private static long created(Run run, Tally tally) {
        return tally.of(Effect.CREATED) + number(run, "new_to_store");
    }

    /** The document's code of what went wrong, or null. */
    private static String errorCode(Run run) {
        return run.result() == null ? null : run.result().path("error_code").asText(null);
    }

    private static long number(Run run, String name) {
        return run.result() == null ? 0 : run.result().path(name).asLong(0);
    }

    /** From what runs of each entity that has not ended took at most, now at the earliest; null where one has no past. */
    private Instant estimatedCompletion(List<Run> runs) {
        Instant latest = null;
        for (Run run : runs) {
            if (run.verdict() == null) {
                Span span = jobs.durations(run.storeId(), run.entityType(), run.kind(), run.request().syncType());
                if (span == null) {
                    return null;
                }
                Instant begun = run.startedAt() == null ? latest == null ? run.createdAt() : latest : run.startedAt();
                Instant end = begun.plus(span.most());
                latest = latest == null || end.isAfter(latest) ? end : latest;
            }
        }
        Instant now = clock.instant();
        return latest != null && latest.isBefore(now) ? now : latest;
    }

    /** Ended jobs, as the history lists them. */
    List<Map<String, Object>> history(List<List<Run>> jobs) {
        Map<UUID, Tally> tallies = tallies(jobs.stream().flatMap(List::stream).toList());
        return jobs.stream().map(runs -> entry(runs, tallies)).toList();
    }

    private static Map<String, Object> entry(List<Run> runs, Map<UUID, Tally> tallies) {
        Run first = runs.get(0);
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("sync_id", JobId.of(first));
        entry.put("started_at", runs.stream().map(Run::startedAt).filter(Objects::nonNull).min(Comparator.naturalOrder())
                .orElse(first.createdAt()));
        entry.put("completed_at", runs.stream().map(Run::completedAt).filter(Objects::nonNull).max(Comparator.naturalOrder()).orElse(null));
        entry.put("status", verdict(runs));
        entry.put("trigger", first.trigger());
        List<Map<String, Object>> entities = new ArrayList<>();
        long total = 0;
        long failed = 0;
        long conflicts = 0;
        for (Run run : runs) {
            Tally tally = tallies.get(run.runId());
            long processed = Progress.of(run, tally).processed();
            total += processed;
            failed += tally.failed();
            conflicts += tally.of(Outcome.CONFLICT);
            Map<String, Object> entity = new LinkedHashMap<>();
            entity.put("type", run.entityType());
            entity.put("records_processed", processed);
            entity.put("records_updated", updated(run, tally));
            entity.put("records_created", created(run, tally));
            entity.put("duration", Durations.seconds(run.durationMs()));
            entities.add(entity);
        }
        entry.put("entities_synced", entities);
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("total_records", total);
        summary.put("successful", total - failed);
        summary.put("failed", failed);
        summary.put("conflicts", conflicts);
        entry.put("summary", summary);
        runs.stream().map(JobView::errorCode).filter(Objects::nonNull).findFirst().ifPresent(code -> entry.put("error_code", code));
        runs.stream().map(Run::errorMessage).filter(Objects::nonNull).findFirst().ifPresent(message -> entry.put("error_message", message));
        return entry;
    }

    private Map<UUID, Tally> tallies(Collection<Run> runs) {
        return ledger.tallies(runs.stream().map(Run::runId).toList());
    }
}
