package dev.serai.routing;

import dev.serai.schedule.Flows;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;

/** Starts flows by their {@code direct:} routes. The endpoint is asked for by name each time, so an edited route is the one that runs. */
final class RouteFlows implements Flows {

    private final ProducerTemplate camel;

    RouteFlows(ProducerTemplate camel) {
        this.camel = camel;
    }

    @Override
    public void start(String flow, String argument) {
        try {
            camel.sendBody("direct:" + flow, argument);
        } catch (CamelExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
    }
}
