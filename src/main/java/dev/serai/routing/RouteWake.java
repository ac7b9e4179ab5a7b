package dev.serai.routing;

import dev.serai.delivery.DeliveryWake;
import dev.serai.record.Wake;
import org.apache.camel.ProducerTemplate;
import org.springframework.stereotype.Component;

/** Sends a token to the route that does the work; where one waits there already, this one is dropped. */
@Component
class RouteWake implements Wake, DeliveryWake {

    private final ProducerTemplate producer;

    RouteWake(ProducerTemplate producer) {
        this.producer = producer;
    }

    @Override
    public void applyChanges() {
        producer.sendBody("seda:apply-changes?size=2&discardWhenFull=true", "");
    }

    @Override
    public void deliver() {
        producer.sendBody("seda:deliver-webhooks?size=2&discardWhenFull=true", "");
    }

    @Override
    public void settle() {
        producer.sendBody("seda:deliver-webhooks-settle?size=2&discardWhenFull=true", "");
    }
}
