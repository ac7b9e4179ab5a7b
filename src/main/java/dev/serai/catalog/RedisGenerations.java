package dev.serai.catalog;

import dev.serai.redis.SharedRedis;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.data.redis.core.RedisCallback;

/** Generations of a cache that all hubs share, counted in Redis. */
final class RedisGenerations implements Generations {

    private static final String COUNTS = "serai:catalog:generations";

    private final SharedRedis redis;
    private final Clock clock;
    private final Duration keep;
    private volatile Instant notBefore = Instant.MIN;

    RedisGenerations(SharedRedis redis, Clock clock, Duration keep) {
        this.redis = redis;
        this.clock = clock;
        this.keep = keep;
    }

    @Override
    public Optional<String> of(String scope) {
        if (clock.instant().isBefore(notBefore)) {
            return Optional.empty();
        }
        return redis.ask(() -> Optional.of("g" + redis.template().opsForHash().get(COUNTS, field(scope))), Optional::empty);
    }

    /** Redis itself is what the others look at. */
    @Override
    public void announce(Collection<String> scopes) {
        // Nothing to tell within the transaction.
    }

    /** Where a write cannot be told, what Redis has may be older than it: this hub leaves it alone until all of that is gone. */
    @Override
    public void end(Collection<String> scopes) {
        Set<String> fields = scopes.stream().map(RedisGenerations::field).collect(Collectors.toSet());
        boolean told = redis.ask(() -> count(fields), () -> false);
        if (!told) {
            notBefore = clock.instant().plus(keep);
        }
    }

    private boolean count(Set<String> fields) {
        byte[] key = bytes(COUNTS);
        redis.template().executePipelined((RedisCallback<Object>) connection -> {
            fields.forEach(field -> connection.hashCommands().hIncrBy(key, bytes(field), 1));
            return null;
        });
        return true;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String field(String scope) {
        return Integer.toString(Generations.slot(scope));
    }
}
