package dev.serai.database;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** For a line of the log that a thousand callers could each cause: it is written at once, and then once in a while with their number. */
public final class Seldom {

    private final long pause;
    private final AtomicLong times = new AtomicLong();
    private final AtomicLong next = new AtomicLong(System.nanoTime());

    public Seldom(Duration pause) {
        this.pause = pause.toNanos();
    }

    /** @param line is given how often there was cause for it since it was last written */
    public void say(LongConsumer line) {
        times.incrementAndGet();
        long due = next.get();
        long now = System.nanoTime();
        if (now - due >= 0 && next.compareAndSet(due, now + pause)) {
            line.accept(times.getAndSet(0));
        }
    }
}
