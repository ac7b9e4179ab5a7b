package dev.serai.journal;

import dev.serai.change.Change;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Accepts changes durably. Concurrent callers are gathered and written by one statement and one commit; each is answered after its own
 * commit, never before.
 */
@Component("journal")
public class Journal implements SmartLifecycle {

    private final JournalIntake intake;
    private final Clock clock;
    private final GroupCommit<List<Change>, List<Receipt>> commits;

    Journal(
            JournalIntake intake,
            Clock clock,
            @Value("${serai.journal.batch}") int batch,
            @Value("${serai.journal.lanes}") int lanes,
            @Value("${serai.journal.queue}") int queueSize) {
        this.intake = intake;
        this.clock = clock;
        this.commits = new GroupCommit<>("journal", lanes, batch, queueSize, groups -> intake.append(groups, clock.instant()));
    }

    /**
     * Where a change stands in the journal.
     *
     * @param seq       its number; for a duplicate that of the change it repeats
     * @param duplicate whether its event was accepted before; it has no second effect
     */
    public record Receipt(long seq, boolean duplicate) {}

    /**
     * Accepts changes that came as one event, all of them or none. The first one's event id stands for all: where it was accepted before,
     * all are duplicates, whatever they hold.
     *
     * @throws RejectedExecutionException where more changes wait than the queue holds, or the hub is stopping: try again later
     */
    public CompletableFuture<List<Receipt>> accept(List<Change> changes) {
        return changes.isEmpty() ? CompletableFuture.completedFuture(List.of()) : commits.accept(changes);
    }

    /**
     * Accepts a change. The answer completes after the commit; with a {@link DataAccessException} where nothing was accepted.
     *
     * @throws RejectedExecutionException where more changes wait than the queue holds, or the hub is stopping: try again later
     */
    public CompletableFuture<Receipt> accept(Change change) {
        return accept(List.of(change)).thenApply(receipts -> receipts.get(0));
    }

    /** The number of the change that an event brought, where it was accepted before. */
    public Optional<Long> find(String source, String eventId) {
        return intake.find(source, eventId);
    }

    /** Forgets events whose time is over: a repetition that comes later is a new event. */
    public void forgetEvents() {
        intake.forgetExpired(clock.instant());
    }

    @Override
    public void start() {
        commits.start();
    }

    @Override
    public void stop() {
        commits.stop();
    }

    @Override
    public boolean isRunning() {
        return commits.isRunning();
    }
}
