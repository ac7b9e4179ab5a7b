package dev.serai.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Gathers what concurrent callers bring, and hands it on in batches: a few threads, each with whatever waits when it is free. Where the batch
 * before was shared by several callers, a thread waits a moment for more to come: what a batch costs is then shared by more of them. A
 * caller that is alone never waits.
 *
 * @param <T> what a caller brings
 */
public final class Lanes<T> {

    /** Long enough for a push to bring a dozen more, short beside the milliseconds that a commit takes under load. */
    private static final long GATHER_NANOS = 1_000_000;

    private final String name;
    private final int lanes;
    private final int batch;
    private final Consumer<List<T>> work;
    private final BlockingQueue<T> queue;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean running;

    /**
     * @param name      of the threads
     * @param lanes     threads that work, each on batches of its own
     * @param batch     most items at once
     * @param queueSize items that may wait
     * @param work      is given a batch that nobody else holds; it throws nothing
     */
    public Lanes(String name, int lanes, int batch, int queueSize, Consumer<List<T>> work) {
        this.name = name;
        this.lanes = lanes;
        this.batch = batch;
        this.work = work;
        this.queue = new ArrayBlockingQueue<>(queueSize);
    }

    /** False where more items wait than the queue holds, or the hub is stopping. */
    public boolean offer(T item) {
        return running && queue.offer(item);
    }

    /** Why an item was not taken, for whoever brought it. */
    public RejectedExecutionException refusal(String full) {
        return new RejectedExecutionException(running ? full : "The hub is stopping");
    }

    private void work() {
        boolean shared = false;
        while (running || !queue.isEmpty()) {
            try {
                T first = queue.poll(200, TimeUnit.MILLISECONDS);
                if (first != null) {
                    if (shared && queue.size() < batch - 1) {
                        LockSupport.parkNanos(GATHER_NANOS);
                    }
                    List<T> gathered = new ArrayList<>();
                    gathered.add(first);
                    queue.drainTo(gathered, batch - 1);
                    shared = gathered.size() > 1;
                    work.accept(gathered);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
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
