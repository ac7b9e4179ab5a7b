package dev.serai.record;

import dev.serai.change.Change;
import dev.serai.change.Outcome;
import dev.serai.change.RecordKey;
import dev.serai.journal.Entry;
import dev.serai.journal.Lanes;
import dev.serai.lineage.Holds;
import dev.serai.record.EditedRecords.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Edits of what records hold now, whose result the caller waits for. Concurrent edits are gathered: one transaction locks their records,
 * runs the edits one after the other in memory, each on what the ones before it left, and takes their changes through the pipeline.
 * So a thousand decrements of one stock are a handful of commits, and none decides on a value that another is about to replace.
 *
 * <p>An edit of a record with changes waiting in the queue waits for them: it has to see what they make of the record.
 */
@Component
public class Edits implements SmartLifecycle {

    /** The source of every edit. */
    public static final String PLATFORM = "platform";

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final RecordTable records;
    private final Pipeline pipeline;
    private final Holds holds;
    private final Wake wake;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final Lanes<Job<?>> gathered;

    Edits(
            RecordTable records,
            Pipeline pipeline,
            Holds holds,
            Wake wake,
            PlatformTransactionManager transactions,
            Clock clock,
            @Value("${serai.edits.batch}") int batch,
            @Value("${serai.edits.lanes}") int lanes,
            @Value("${serai.edits.queue}") int queueSize) {
        this.records = records;
        this.pipeline = pipeline;
        this.holds = holds;
        this.wake = wake;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
        this.gathered = new Lanes<>("edits", lanes, batch, queueSize, this::run);
    }

    /** Thrown to the caller of an edit whose records had older changes waiting for all of its patience. Nothing of it has happened. */
    public static final class StillWaiting extends RuntimeException {

        StillWaiting(RecordKey key) {
            super("Changes of " + key.entityType() + " " + key.key() + " that came before are still to be applied. Try again in a moment.");
        }
    }

    /** One edit; {@code until} in nanoseconds of the JVM. */
    private record Job<T>(Set<RecordKey> keys, Function<EditedRecords, T> edit, CompletableFuture<T> done, long until) {

        /** Runs the edit; what it throws is its caller's alone. Answers how to complete it after the commit. */
        Runnable run(EditedRecords records, List<Change> changes) {
            try {
                T result = edit.apply(records);
                changes.addAll(records.changes());
                return () -> done.complete(result);
            } catch (RuntimeException e) {
                return () -> done.completeExceptionally(e);
            }
        }
    }

    /**
     * Makes an edit and waits for it: when this returns, its changes are committed with all that follows from them.
     *
     * @param keys the records that it reads or writes
     * @param edit may run more than once and has no effect but on the records; what it throws is thrown here, and nothing is applied
     * @throws RejectedExecutionException where too many edits wait, or the hub is stopping
     * @throws StillWaiting where older changes of these records are not applied in time
     */
    public <T> T make(Collection<RecordKey> keys, Function<EditedRecords, T> edit) {
        Job<T> job = new Job<>(Set.copyOf(keys), edit, new CompletableFuture<>(), System.nanoTime() + PATIENCE.toNanos());
        if (!gathered.offer(job)) {
            throw gathered.refusal("Too many edits wait; try again in a moment");
        }
        try {
            return job.done().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** One caller's content that PostgreSQL refuses, or that meets an error of ours, fails for that caller only. */
    private void run(List<Job<?>> jobs) {
        List<Job<?>> waiting = new ArrayList<>();
        try {
            List<Runnable> completions = Pipeline.persistently(care -> {
                waiting.clear();
                return transaction.execute(status -> runTogether(jobs, waiting));
            });
            completions.forEach(Runnable::run);
            waiting.forEach(this::comeAgain);
        } catch (RuntimeException e) {
            if (jobs.size() > 1 && Faults.liesInTheData(e)) {
                run(jobs.subList(0, jobs.size() / 2));
                run(jobs.subList(jobs.size() / 2, jobs.size()));
            } else {
                jobs.forEach(job -> job.done().completeExceptionally(e));
            }
        }
    }

    private List<Runnable> runTogether(List<Job<?>> jobs, List<Job<?>> waiting) {
        Set<RecordKey> keys = jobs.stream().flatMap(job -> job.keys().stream()).collect(Collectors.toSet());
        Map<RecordKey, State> contents = records.contents(keys);
        Set<RecordKey> busy = withChangesWaiting(keys);
        Instant now = clock.instant();
        List<Change> changes = new ArrayList<>();
        List<Runnable> completions = new ArrayList<>();
        for (Job<?> job : jobs) {
            if (job.keys().stream().anyMatch(busy::contains)) {
                waiting.add(job);
            } else {
                completions.add(job.run(new EditedRecords(contents, now), changes));
            }
        }
        for (Entry entry : pipeline.acceptHere(changes)) {
            if (entry.outcome() == Outcome.ACCEPTED || entry.outcome() == Outcome.HELD || entry.outcome() == Outcome.SUPERSEDED) {
                // A change of the record came between our look and this: what the edit decided on may no longer hold.
                throw new CannotAcquireLockException("A change came before the edit of " + entry.change().recordKey());
            }
        }
        return completions;
    }

    private Set<RecordKey> withChangesWaiting(Set<RecordKey> keys) {
        Map<String, Set<String>> byType = keys.stream().collect(Collectors.groupingBy(
                RecordKey::entityType, TreeMap::new, Collectors.mapping(RecordKey::key, Collectors.toSet())));
        Set<RecordKey> busy = new HashSet<>();
        byType.forEach((type, ofType) -> holds.waiting(type, ofType).keySet().forEach(key -> busy.add(new RecordKey(type, key))));
        return busy;
    }

    private void comeAgain(Job<?> job) {
        if (System.nanoTime() > job.until() || !isRunning()) {
            job.done().completeExceptionally(new StillWaiting(job.keys().iterator().next()));
            return;
        }
        wake.applyChanges();
        CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS).execute(() -> {
            if (!gathered.offer(job)) {
                job.done().completeExceptionally(new StillWaiting(job.keys().iterator().next()));
            }
        });
    }

    @Override
    public void start() {
        gathered.start();
    }

    @Override
    public void stop() {
        gathered.stop();
    }

    @Override
    public boolean isRunning() {
        return gathered.isRunning();
    }
}
