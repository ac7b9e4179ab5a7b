package dev.serai.routing;

import dev.serai.delivery.ScheduleHub;
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
}
