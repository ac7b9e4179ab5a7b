package dev.serai.retail;

import dev.serai.live.LiveFeed;
import dev.serai.live.LiveFeeds;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Every hub sends devices' events to its own clients. */
@Configuration(proxyBeanMethods = false)
class RetailConfiguration {

    @Bean
    LiveFeed deviceFeed(LiveFeeds feeds, DeviceDesk desk) {
        return feeds.of(desk);
    }
}
