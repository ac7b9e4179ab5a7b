package dev.serai.storesync;

import dev.serai.live.LiveFeed;
import dev.serai.live.LiveFeeds;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Brings what any hub told of stores to this hub's clients. */
@Configuration(proxyBeanMethods = false)
class StreamConfiguration {

    @Bean
    LiveFeed storeFeed(LiveFeeds feeds, StoreStream stream) {
        return feeds.of(stream);
    }
}
