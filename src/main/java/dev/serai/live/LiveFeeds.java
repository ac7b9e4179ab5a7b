package dev.serai.live;

import org.apache.camel.ProducerTemplate;

/** Makes the feed of a source. The bean that it answers with is what reads: {@code @Bean LiveFeed deviceFeed(LiveFeeds feeds, …)}. */
public final class LiveFeeds {

    private final ProducerTemplate route;

    LiveFeeds(ProducerTemplate route) {
        this.route = route;
    }

    public LiveFeed of(LiveSource source) {
        return new LiveFeed(source, route);
    }
}
