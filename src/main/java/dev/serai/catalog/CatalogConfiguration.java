package dev.serai.catalog;

import com.github.benmanes.caffeine.cache.Caffeine;
import dev.serai.redis.SharedRedis;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.cache.CacheManager;
import org.springframework.cache.caffeine.CaffeineCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.cache.RedisCacheWriter;
import org.springframework.data.redis.serializer.RedisSerializationContext.SerializationPair;
import org.springframework.data.redis.serializer.RedisSerializer;
import org.springframework.jdbc.core.JdbcTemplate;

/** The cache of products: in Redis where hubs share one, else in this hub. */
@Configuration(proxyBeanMethods = false)
class CatalogConfiguration {

    private static final int MOST_ANSWERS = 10_000;

    private final Duration keep;

    CatalogConfiguration(@Value("${serai.catalog.cache}") Duration keep) {
        this.keep = keep;
    }

    @Bean
    CacheManager catalogCaches(ObjectProvider<SharedRedis> shared) {
        SharedRedis redis = shared.getIfAvailable();
        return redis == null ? inThisHub() : inRedis(redis);
    }

    private CacheManager inThisHub() {
        CaffeineCacheManager caches = new CaffeineCacheManager();
        caches.setCaffeine(Caffeine.newBuilder().maximumSize(MOST_ANSWERS).expireAfterWrite(keep).recordStats());
        caches.setCacheNames(List.of(ProductCache.PRODUCTS, ProductCache.LISTS));
        return caches;
    }

    private CacheManager inRedis(SharedRedis redis) {
        RedisCacheConfiguration configuration = RedisCacheConfiguration.defaultCacheConfig()
                .entryTtl(keep)
                .prefixCacheNameWith("serai:")
                .serializeValuesWith(SerializationPair.fromSerializer(RedisSerializer.string()));
        return RedisCacheManager.builder(RedisCacheWriter.nonLockingRedisCacheWriter(redis.connections()))
                .cacheDefaults(configuration)
                .initialCacheNames(Set.of(ProductCache.PRODUCTS, ProductCache.LISTS))
                .disableCreateOnMissingCache()
                .enableStatistics()
                .build();
    }

    @Bean
    Generations catalogGenerations(ObjectProvider<SharedRedis> shared, JdbcTemplate jdbc, Clock clock) {
        SharedRedis redis = shared.getIfAvailable();
        return redis == null ? new LocalGenerations(jdbc) : new RedisGenerations(redis, clock, keep);
    }
}
