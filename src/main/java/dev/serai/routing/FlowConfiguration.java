package dev.serai.routing;

import dev.serai.delivery.ScheduleHub;
import dev.serai.health.AlertNotices;
import dev.serai.pos.CloudRequests;
import dev.serai.pos.SendWake;
import java.time.Clock;
import org.apache.camel.ProducerTemplate;
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

    @Bean("posOrders")
    PosOrders posOrders(CloudRequests cloud) {
        return new PosOrders(cloud);
    }

    /** Sends a token to the route {@code pos-orders}; where enough wait there already, this one is dropped. */
    @Bean
    SendWake sendWake(ProducerTemplate producer) {
        return () -> producer.sendBody("seda:pos-orders?size=4&discardWhenFull=true", "");
    }
}
