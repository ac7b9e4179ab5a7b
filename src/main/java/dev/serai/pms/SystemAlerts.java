package dev.serai.pms;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.live.LiveFeed;
import dev.serai.live.LiveFeeds;
import dev.serai.live.LiveMessage;
import dev.serai.live.LiveSource;
import dev.serai.rules.Values;
import dev.serai.store.StoreEvents;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Alerts about stores, told to the PMS's clients as {@code system_alert} when they are raised. */
@Configuration(proxyBeanMethods = false)
class SystemAlerts {

    /** What else happens to stores' syncs is passed by: nobody is in this room. */
    private static final String NOBODY = "pms/passed-by";

    @Bean
    LiveFeed systemAlertFeed(LiveFeeds feeds, StoreEvents events) {
        return feeds.of(new LiveSource() {
            @Override
            public String channel() {
                return StoreEvents.CHANNEL;
            }

            @Override
            public long newest() {
                return events.newest();
            }

            @Override
            public List<News> after(long position, int limit) {
                return events.after(position, limit).stream().map(SystemAlerts::news).toList();
            }
        });
    }

    private static LiveSource.News news(StoreEvents.Told told) {
        boolean raised = told.event().equals("alert_raised");
        ObjectNode alert = Values.object(told.data());
        String data = Values.write(Values.object()
                .put("type", alert.path("condition").asText(told.event()))
                .put("message", alert.path("message").asText("")));
        return new LiveSource.News(raised ? LiveNews.ALERTS : NOBODY, LiveMessage.of("system_alert", data).at(told.position()));
    }
}
