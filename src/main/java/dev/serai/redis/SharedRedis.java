package dev.serai.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/** The Redis that hubs share. While it does not answer, whoever asks does without it, and it is left alone for a moment. */
public final class SharedRedis implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SharedRedis.class);
    private static final Duration REST = Duration.ofSeconds(2);

    private final LettuceConnectionFactory connections;
    private final StringRedisTemplate template;
    private final Clock clock;
    private StatefulRedisConnection<String, byte[]> bytes;
    private volatile Instant restUntil = Instant.MIN;

    SharedRedis(LettuceConnectionFactory connections, Clock clock) {
        this.connections = connections;
        this.template = new StringRedisTemplate(connections);
        this.clock = clock;
    }

    public RedisConnectionFactory connections() {
        return connections;
    }

    public StringRedisTemplate template() {
        return template;
    }

    /** Asks Redis; where it does not answer, or did not a moment ago, the other way is taken. */
    public <T> T ask(Supplier<T> question, Supplier<T> otherwise) {
        if (clock.instant().isBefore(restUntil)) {
            return otherwise.get();
        }
        T answer;
        try {
            answer = question.get();
        } catch (RedisException | DataAccessException e) {
            if (restUntil == Instant.MIN) {
                LOG.warn("Redis does not answer ({}). Until it does, this hub keeps its own caches and rate limits", e.getMessage());
            }
            restUntil = clock.instant().plus(REST);
            return otherwise.get();
        }
        if (restUntil != Instant.MIN) {
            LOG.info("Redis answers again");
            restUntil = Instant.MIN;
        }
        return answer;
    }

    /** A connection whose values are bytes, made when it is first asked for. */
    public synchronized StatefulRedisConnection<String, byte[]> bytes() {
        if (bytes == null) {
            AbstractRedisClient client = connections.getRequiredNativeClient();
            bytes = ((RedisClient) client).connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
        }
        return bytes;
    }

    /** Whether it answers now. */
    public boolean answers() {
        return ask(
                () -> {
                    try (RedisConnection connection = connections.getConnection()) {
                        return connection.ping() != null;
                    }
                },
                () -> false);
    }

    @Override
    public synchronized void close() {
        if (bytes != null) {
            bytes.close();
        }
    }
}
