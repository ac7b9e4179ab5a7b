package dev.serai.watch;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Asks on a thread of its own for what may never come; while a question hangs, it is not asked a second time beside it. */
final class Question<T> {

    private final String thread;
    private final Supplier<T> question;
    private CompletableFuture<T> asked;

    Question(String thread, Supplier<T> question) {
        this.thread = thread;
        this.question = question;
    }

    /** Asks without waiting, unless it is being asked. */
    synchronized CompletableFuture<T> ask() {
        if (asked == null || asked.isDone()) {
            asked = CompletableFuture.supplyAsync(question, this::start);
        }
        return asked;
    }

    private void start(Runnable asking) {
        Thread asker = new Thread(asking, thread);
        asker.setDaemon(true);
        asker.start();
    }

    /** Empty where no answer comes in time, or a failure does. */
    static <T> Optional<T> await(CompletableFuture<T> asked, Duration patience) {
        try {
            return Optional.of(asked.get(Math.max(0, patience.toNanos()), TimeUnit.NANOSECONDS));
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
