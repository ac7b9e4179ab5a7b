package dev.serai.journal;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.TransactionException;

/**
 * Gathers what concurrent callers bring, and writes it by one commit. Each caller is answered after its own commit, never before.
 *
 * @param <T> what a caller brings
 * @param <R> what it gets for it
 */
public final class GroupCommit<T, R> {

    private final String name;
    private final int lanes;
    private final int batch;
    private final Function<List<T>, List<R>> write;
    private final BlockingQueue<Waiting<T, R>> queue;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean running;

    private record Waiting<T, R>(T item, CompletableFuture<R> answer) {}

    /**
     * @param name      of its threads, and of what is behind where the queue is full
     * @param lanes     threads that write, each by commits of its own
     * @param batch     most items a commit
     * @param queueSize items that may wait
     * @param write     writes items by one commit and answers for each in its place; where it throws, none was written
     */
    public GroupCommit(String name, int lanes, int batch, int queueSize, Function<List<T>, List<R>> write) {
        this.name = name;
        this.lanes = lanes;
        this.batch = batch;
        this.write = write;
        this.queue = new ArrayBlockingQueue<>(queueSize);
    }

    /**
     * Accepts an item. The answer completes after the commit; with a {@link DataAccessException} where nothing is known to be accepted.
     *
     * @throws RejectedExecutionException where more items wait than the queue holds, or the hub is stopping: try again later
     */
    public CompletableFuture<R> accept(T item) {
        Waiting<T, R> waiting = new Waiting<>(item, new CompletableFuture<>());
        if (!running || !queue.offer(waiting)) {
            throw new RejectedExecutionException(running ? "The " + name + " is behind; try again in a moment" : "The hub is stopping");
        }
        return waiting.answer();
    }

    private void work() {
        List<Waiting<T, R>> gathered = new ArrayList<>(batch);
        while (running || !queue.isEmpty()) {
            try {
                Waiting<T, R> first = queue.poll(200, TimeUnit.MILLISECONDS);
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

    /** One caller's bad item fails for that caller only. */
    private void write(List<Waiting<T, R>> gathered) {
        List<R> answers;
        try {
            answers = write.apply(gathered.stream().map(Waiting::item).toList());
        } catch (RuntimeException e) {
            if (gathered.size() == 1 || !mayLieInAnItem(e)) {
                gathered.forEach(waiting -> waiting.answer().completeExceptionally(e));
                return;
            }
            int half = gathered.size() / 2;
            write(gathered.subList(0, half));
            write(gathered.subList(half, gathered.size()));
            return;
        }
        for (int i = 0; i < answers.size(); i++) {
            gathered.get(i).answer().complete(answers.get(i));
        }
    }

    /** Where the database went away in the middle, the commit may have been made all the same: to write again would write twice. */
    private static boolean mayLieInAnItem(RuntimeException e) {
        boolean limit = e instanceof DataAccessException fault && fault.getMostSpecificCause() instanceof SQLException sql
                && sql.getSQLState() != null && sql.getSQLState().startsWith("54");
        return limit || e instanceof DataIntegrityViolationException
                || !(e instanceof DataAccessException || e instanceof TransactionException);
    }

    public void start() {
        running = true;
        for (int lane = 1; lane <= lanes; lane++) {
            Thread thread = new Thread(this::work, name + "-" + lane);
            thread.start();
            threads.add(thread);
        }
    }

    /** Whoever was taken in is still answered. */
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

    public boolean isRunning() {
        return running;
    }
}
