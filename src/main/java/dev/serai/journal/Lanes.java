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
 * before was shared by several callers, a thread waits up to a millisecond for more to come, so that what a batch costs is shared by more
 * of them. A caller that is alone never waits.
 *
 * @param <T> what a caller brings
 */
public final class Lanes<T> {

    /** So many share what a batch costs well enough to go on without waiting. */
    private static final int ENOUGH = 16;
    private static final int MOST_WAITS = 10;
    private static final long WAIT_NANOS = 100_000;

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
                    for (int wait = 0; shared && wait < MOST_WAITS && queue.size() < Math.min(ENOUGH, batch - 1); wait++) {
                        LockSupport.parkNanos(WAIT_NANOS);
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
