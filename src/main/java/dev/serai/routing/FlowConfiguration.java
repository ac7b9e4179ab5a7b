package dev.serai.routing;

import dev.serai.delivery.ScheduleHub;
import dev.serai.health.AlertNotices;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Beans between the core and single flows. */
@Configuration(proxyBeanMethods = false)
class FlowConfiguration {

    @Bean("scheduleHubDelivery")
    ScheduleHubDelivery scheduleHubDelivery(ScheduleHub scheduleHub, @Value("${serai.schedulehub-url:}") String url) {
        return new ScheduleHubDelivery(scheduleHub, url);
    }

    @Bean("alertDelivery")
    AlertDelivery alertDelivery(
            AlertNotices notices, @Value("${serai.alerts.url}") String url, @Value("${serai.alerts.secret}") String secret, Clock clock) {
        return new AlertDelivery(notices, url, secret, clock);
    }
}
