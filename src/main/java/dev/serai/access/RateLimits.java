package dev.serai.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.serai.redis.SharedRedis;
import dev.serai.web.ApiException;
import io.github.bucket4j.BandwidthBuilder.BandwidthBuilderBuildStage;
import io.github.bucket4j.BandwidthBuilder.BandwidthBuilderCapacityStage;
import io.github.bucket4j.BandwidthBuilder.BandwidthBuilderRefillStage;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Counts what may happen so many times a minute: over all hubs where they share a Redis, else on this one. A minute begins with the first
 * use. While Redis is away, each hub counts for itself.
 */
@Component("rateLimits")
public class RateLimits {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int MOST_BUCKETS = 100_000;

    private final TimeMeter time;
    private final SharedRedis redis;
    private ProxyManager<String> shared;
    /** A bucket that was left alone for a minute is full again, so that forgetting it changes nothing. */
    private final Cache<Key, Bucket> buckets =
            Caffeine.newBuilder().maximumSize(MOST_BUCKETS).expireAfterAccess(MINUTE.multipliedBy(2)).build();

    RateLimits(Clock clock, ObjectProvider<SharedRedis> redis) {
        this.time = new ClockMeter(clock);
        this.redis = redis.getIfAvailable();
    }

    /**
     * Takes one use.
     *
     * @param what whose uses are counted: {@link Caller#id()}, an address with a purpose in front …
     */
    public Verdict take(String what, int perMinute) {
        Key key = new Key(what, perMinute);
        ConsumptionProbe probe = redis == null ? takeHere(key) : redis.ask(() -> takeShared(key), () -> takeHere(key));
        long nanos = probe.isConsumed() ? probe.getNanosToWaitForReset() : probe.getNanosToWaitForRefill();
        long seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(nanos + TimeUnit.SECONDS.toNanos(1) - 1));
        return new Verdict(probe.isConsumed(), perMinute, probe.getRemainingTokens(), seconds);
    }

    private ConsumptionProbe takeHere(Key key) {
        return buckets.get(key, k -> Bucket.builder()
                .addLimit(limit -> uses(limit, k.perMinute))
                .withCustomTimePrecision(time)
                .build())
                .tryConsumeAndReturnRemaining(1);
    }

    private ConsumptionProbe takeShared(Key key) {
        return shared().builder()
                .build("serai:limit:" + key.what + ":" + key.perMinute, () -> BucketConfiguration.builder()
                        .addLimit(limit -> uses(limit, key.perMinute))
                        .build())
                .tryConsumeAndReturnRemaining(1);
    }

    /**
     * All uses come back at the end of a minute; a single one a minute after it was taken, whenever a minute has ended meanwhile. Around the
     * end of a minute up to twice the limit can pass. Uses that come back one by one would let that much pass all the time: a full bucket,
     * and within the same minute all that flows in.
     */
    private static BandwidthBuilderBuildStage uses(BandwidthBuilderCapacityStage limit, int perMinute) {
        BandwidthBuilderRefillStage capacity = limit.capacity(perMinute);
        return perMinute == 1 ? capacity.refillGreedy(perMinute, MINUTE) : capacity.refillIntervally(perMinute, MINUTE);
    }

    private synchronized ProxyManager<String> shared() {
        if (shared == null) {
            shared = Bucket4jLettuce.casBasedBuilder(redis.bytes())
                    .expirationAfterWrite(ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(MINUTE))
                    .clientClock(time)
                    .build();
        }
        return shared;
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
            return TimeUnit.MILLISECONDS.toNanos(clock.instant().toEpochMilli());
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }
}
