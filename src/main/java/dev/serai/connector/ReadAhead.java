package dev.serai.connector;

import dev.serai.connector.Pull.ComparedPage;
import dev.serai.connector.Pull.ReadPage;
import dev.serai.run.Position;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The pages of a pull, one after the other, ahead of whoever writes them: one thread fetches and reads, another compares with what is known.
 * Each hands a page over when the next asks for it, so that there are never more than three of them.
 */
final class ReadAhead implements AutoCloseable {

    /** Reads the answer at a position, hands on its pages, and answers the position after it. */
    interface Source {
        Position read(Position at, Consumer<ReadPage> taker);
    }

    private final SynchronousQueue<Step<ReadPage>> read = new SynchronousQueue<>();
    private final SynchronousQueue<Step<ComparedPage>> compared = new SynchronousQueue<>();
    private final List<Future<?>> work;

    /** What a thread hands to the next: a page, or what prevented it. */
    private record Step<T>(T page, RuntimeException failure) {}

    ReadAhead(ExecutorService threads, Position from, Source source, Function<ReadPage, ComparedPage> comparison) {
        work = List.of(threads.submit(() -> readAll(from, source)), threads.submit(() -> compareAll(comparison)));
    }

    /**
     * The next page, or null where it has not come within this time.
     *
     * @throws RuntimeException what prevented it
     */
    ComparedPage poll(Duration patience) {
        try {
            Step<ComparedPage> next = compared.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (next != null && next.failure() != null) {
                throw next.failure();
            }
            return next == null ? null : next.page();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The hub is stopping", e);
        }
    }

    private void readAll(Position from, Source source) {
        try {
            Position at = from;
            while (!at.ended()) {
                at = source.read(at, page -> hand(page, null, read));
            }
        } catch (RuntimeException e) {
            hand(null, e, read);
        }
    }

    private void compareAll(Function<ReadPage, ComparedPage> comparison) {
        try {
            Step<ReadPage> next;
            do {
                next = read.take();
                hand(next.page() == null ? null : comparison.apply(next.page()), next.failure(), compared);
            } while (next.page() != null && !next.page().following().ended());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            hand(null, e, compared);
        }
    }

    private static <T> void hand(T page, RuntimeException failure, SynchronousQueue<Step<T>> queue) {
        try {
            queue.put(new Step<>(page, failure));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("Nobody waits for the page any more");
        }
    }

    /** Gives up what was read ahead. */
    @Override
    public void close() {
        work.forEach(thread -> thread.cancel(true));
    }
}
