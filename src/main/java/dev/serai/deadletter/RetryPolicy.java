package dev.serai.deadletter;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * When a failed change is tried again: exponential backoff with jitter, a bounded number of times.
 *
 * @param maxRetries after so many automatic retries a change is dead
 * @param firstDelay before the first retry; doubled for each further one
 * @param maxDelay   no delay is longer
 */
public record RetryPolicy(int maxRetries, Duration firstDelay, Duration maxDelay) {

    public static RetryPolicy maxRetries(int maxRetries) {
        return new RetryPolicy(maxRetries, Duration.ofSeconds(5), Duration.ofMinutes(5));
    }

    public RetryPolicy withBackoff(Duration first, Duration max) {
        return new RetryPolicy(maxRetries, first, max);
    }

    public boolean allows(int retriesSoFar) {
        return retriesSoFar < maxRetries;
    }

    /** Half of the delay is certain, half is drawn, so that what failed together does not come again together. */
    public Instant next(Instant now, int retriesSoFar, RandomGenerator random) {
        long full = Math.min(maxDelay.toMillis(), firstDelay.toMillis() << Math.min(retriesSoFar, 20));
        return now.plusMillis(full / 2 + random.nextLong(full / 2 + 1));
    }
}
