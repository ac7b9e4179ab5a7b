package dev.serai.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.SocketOptions;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** The connection to the shared Redis, where {@code REDIS_URL} names one. It is made when it is first needed. */
@Configuration(proxyBeanMethods = false)
@Conditional(RedisConfiguration.IsConfigured.class)
class RedisConfiguration {

    /** A cache that takes longer is slower than none. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    static final class IsConfigured implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return !context.getEnvironment().getProperty("serai.redis.url", "").isBlank();
        }
    }

    @Bean
    LettuceConnectionFactory redisConnections(
            @Value("${serai.redis.url}") String url, @Value("${serai.redis.token:}") String token) {
        RedisAddress address = RedisAddress.parse(url.strip(), token);
        RedisStandaloneConfiguration server = new RedisStandaloneConfiguration(address.host(), address.port());
        server.setDatabase(address.database());
        server.setUsername(address.user());
        server.setPassword(address.password());
        ClientOptions options = ClientOptions.builder()
                .socketOptions(SocketOptions.builder().connectTimeout(PATIENCE).keepAlive(true).build())
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .build();
        LettuceClientConfiguration.LettuceClientConfigurationBuilder client =
                LettuceClientConfiguration.builder().commandTimeout(PATIENCE).clientOptions(options);
        if (address.encrypted()) {
            client.useSsl();
        }
        return new LettuceConnectionFactory(server, client.build());
    }

    @Bean
    SharedRedis sharedRedis(LettuceConnectionFactory connections, Clock clock) {
        return new SharedRedis(connections, clock);
    }
}
