package dev.serai.delivery;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait between attempts: four times as long after each, with jitter, at most so many retries.
 *
 * @param retries after the first attempt
 */
record Backoff(int retries, Duration first, Duration longest) {

    private static final int FACTOR = 4;

    /** Whether the attempt that just failed, the n-th, was the last. */
    boolean isOver(int attempts) {
        return attempts > retries;
    }

    /** Somewhere between half and all of the n-th delay, so that what failed together does not come together. */
    Duration after(int attempts) {
        long delay = first.toMillis();
        for (int n = 1; n < attempts && delay < longest.toMillis(); n++) {
            delay *= FACTOR;
        }
        delay = Math.max(1, Math.min(delay, longest.toMillis()));
        return Duration.ofMillis(delay / 2 + ThreadLocalRandom.current().nextLong(delay / 2 + 1));
    }
}
