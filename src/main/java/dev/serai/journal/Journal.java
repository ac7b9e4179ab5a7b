package dev.serai.journal;

import dev.serai.change.Change;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
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
    private final int batch;
    private final int lanes;
    private final BlockingQueue<Waiting> queue;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean running;

    Journal(
            JournalIntake intake,
            Clock clock,
            @Value("${serai.journal.batch}") int batch,
            @Value("${serai.journal.lanes}") int lanes,
            @Value("${serai.journal.queue}") int queueSize) {
        this.intake = intake;
        this.clock = clock;
        this.batch = batch;
        this.lanes = lanes;
        this.queue = new ArrayBlockingQueue<>(queueSize);
    }

    /**
     * Where a change stands in the journal.
     *
     * @param seq       its number; for a duplicate that of the change it repeats
     * @param duplicate whether its event was accepted before; it has no second effect
     */
    public record Receipt(long seq, boolean duplicate) {}

    private record Waiting(List<Change> changes, CompletableFuture<List<Receipt>> receipts) {}

    /**
     * Accepts changes that came as one event, all of them or none. The first one's event id stands for all: where it was accepted before,
     * all are duplicates, whatever they hold.
     *
     * @throws RejectedExecutionException where more changes wait than the queue holds, or the hub is stopping: try again later
     */
    public CompletableFuture<List<Receipt>> accept(List<Change> changes) {
        if (changes.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        Waiting waiting = new Waiting(changes, new CompletableFuture<>());
        if (!running || !queue.offer(waiting)) {
            throw new RejectedExecutionException(running ? "The journal is behind; try again in a moment" : "The hub is stopping");
        }
        return waiting.receipts();
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

    private void work() {
        List<Waiting> gathered = new ArrayList<>(batch);
        while (running || !queue.isEmpty()) {
            try {
                Waiting first = queue.poll(200, TimeUnit.MILLISECONDS);
                if (first != null) {
                    gathered.add(first);
                    queue.drainTo(gathered, batch - 1);
                    write(gathered);
                    gathered.clear();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** One caller's bad change fails for that caller only. */
    private void write(List<Waiting> gathered) {
        try {
            List<List<Receipt>> receipts = intake.append(gathered.stream().map(Waiting::changes).toList(), clock.instant());
            for (int i = 0; i < receipts.size(); i++) {
                gathered.get(i).receipts().complete(receipts.get(i));
            }
        } catch (RuntimeException e) {
            if (gathered.size() == 1) {
                gathered.get(0).receipts().completeExceptionally(e);
                return;
            }
            int half = gathered.size() / 2;
            write(gathered.subList(0, half));
            write(gathered.subList(half, gathered.size()));
        }
    }

    @Override
    public void start() {
        running = true;
        for (int lane = 1; lane <= lanes; lane++) {
            Thread thread = new Thread(this::work, "journal-" + lane);
            thread.start();
            threads.add(thread);
        }
    }

    /** Whoever was taken in is still answered. */
    @Override
    public void stop() {
        running = false;
        for (Thread thread : threads) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(10));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        threads.clear();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
