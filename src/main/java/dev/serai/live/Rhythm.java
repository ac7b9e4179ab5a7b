package dev.serai.live;

import java.time.Duration;

/** How close together messages have come lately, and so whether it is worth waiting for the next one. */
final class Rhythm {

    private final long longestWait;
    private long latest;
    private long interval;

    Rhythm(Duration longestWait) {
        this.longestWait = longestWait.toNanos();
        this.interval = silence();
        this.latest = System.nanoTime() - silence();
    }

    /** A message came at this time of {@link System#nanoTime()}. */
    void heard(long at) {
        interval = (interval + Math.min(at - latest, silence())) / 2;
        latest = at;
    }

    /**
     * Nanoseconds for which the oldest message that waits should go on waiting; none where the next one is expected too late for it.
     * So what comes rarely goes out at once, and what comes often waits for its company.
     */
    long wait(long oldest, long now) {
        long most = oldest + longestWait;
        return latest + interval - most > 0 ? 0 : Math.max(0, most - now);
    }

    private long silence() {
        return 2 * longestWait;
    }
}
