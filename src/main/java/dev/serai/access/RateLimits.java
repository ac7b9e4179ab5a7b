package dev.serai.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.serai.web.ApiException;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/** Counts what may happen so many times a minute, on this node. A minute begins with the first use. */
@Component("rateLimits")
public class RateLimits {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int MOST_BUCKETS = 100_000;

    private final TimeMeter time;
    /** A bucket that was left alone for a minute is full again, so that forgetting it changes nothing. */
    private final Cache<Key, Bucket> buckets =
            Caffeine.newBuilder().maximumSize(MOST_BUCKETS).expireAfterAccess(MINUTE.multipliedBy(2)).build();

    RateLimits(Clock clock) {
        this.time = new ClockMeter(clock);
    }

    /**
     * Takes one use.
     *
     * @param what whose uses are counted: {@link Caller#id()}, an address with a purpose in front …
     */
    public Verdict take(String what, int perMinute) {
        Bucket bucket = buckets.get(new Key(what, perMinute), key -> Bucket.builder()
                .addLimit(limit -> limit.capacity(perMinute).refillIntervally(perMinute, MINUTE))
                .withCustomTimePrecision(time)
                .build());
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
        long nanos = probe.isConsumed() ? probe.getNanosToWaitForReset() : probe.getNanosToWaitForRefill();
        long seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(nanos + TimeUnit.SECONDS.toNanos(1) - 1));
        return new Verdict(probe.isConsumed(), perMinute, probe.getRemainingTokens(), seconds);
    }

    /**
     * @param remaining uses left in this minute
     * @param resetSeconds until all uses are back
     */
    public record Verdict(boolean allowed, int limit, long remaining, long resetSeconds) {

        /** @throws ApiException 429 with {@code Retry-After} */
        public void require() {
            if (!allowed) {
                throw ApiException.tooManyRequests(resetSeconds);
            }
        }
    }

    private record Key(String what, int perMinute) {}

    /** The hub's clock in the unit that buckets want. */
    private record ClockMeter(Clock clock) implements TimeMeter {

        @Override
        public long currentTimeNanos() {
            return TimeUnit.MILLISECONDS.toNanos(clock.millis());
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }
}
