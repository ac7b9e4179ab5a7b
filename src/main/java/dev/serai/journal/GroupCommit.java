package dev.serai.journal;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
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
    private final Function<List<T>, List<R>> write;
    private final Lanes<Waiting<T, R>> gathered;

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
        this.write = write;
        this.gathered = new Lanes<>(name, lanes, batch, queueSize, this::write);
    }

    /**
     * Accepts an item. The answer completes after the commit; with a {@link DataAccessException} where nothing is known to be accepted.
     *
     * @throws RejectedExecutionException where more items wait than the queue holds, or the hub is stopping: try again later
     */
    public CompletableFuture<R> accept(T item) {
        Waiting<T, R> waiting = new Waiting<>(item, new CompletableFuture<>());
        if (!gathered.offer(waiting)) {
            throw gathered.refusal("The " + name + " is behind; try again in a moment");
        }
        return waiting.answer();
    }

    /** One caller's bad item fails for that caller only. */
    private void write(List<Waiting<T, R>> batch) {
        List<R> answers;
        try {
            answers = write.apply(batch.stream().map(Waiting::item).toList());
        } catch (RuntimeException e) {
            if (batch.size() == 1 || !mayLieInAnItem(e)) {
                batch.forEach(waiting -> waiting.answer().completeExceptionally(e));
                return;
            }
            int half = batch.size() / 2;
            write(batch.subList(0, half));
            write(batch.subList(half, batch.size()));
            return;
        }
        for (int i = 0; i < answers.size(); i++) {
            batch.get(i).answer().complete(answers.get(i));
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
        gathered.start();
    }

    public void stop() {
        gathered.stop();
    }

    public boolean isRunning() {
        return gathered.isRunning();
    }
}
