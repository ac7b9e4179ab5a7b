package dev.serai.routing;

import dev.serai.record.Wake;
import org.apache.camel.ProducerTemplate;
import org.springframework.stereotype.Component;

/** Sends a token to the route {@code apply-changes}; where one waits there already, this one is dropped. */
@Component
class RouteWake implements Wake {

    private final ProducerTemplate producer;

    RouteWake(ProducerTemplate producer) {
        this.producer = producer;
    }

    @Override
    public void applyChanges() {
        producer.sendBody("seda:apply-changes?size=2&discardWhenFull=true", "");
    }
}
