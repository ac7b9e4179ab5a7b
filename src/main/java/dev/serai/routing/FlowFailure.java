package dev.serai.routing;

import dev.serai.database.DatabaseFaults;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;

/** The end of a flow whose retries are used up: hands over to the dead letters, and says so. */
public final class FlowFailure {

    private static final Logger LOG = LoggerFactory.getLogger(FlowFailure.class);

    private final ObjectProvider<FailedStep.Sink> sink;

    FlowFailure(ObjectProvider<FailedStep.Sink> sink) {
        this.sink = sink;
    }

    public void park(Exchange exchange) {
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        String route = exchange.getProperty(Exchange.FAILURE_ROUTE_ID, exchange.getFromRouteId(), String.class);
        int retries = exchange.getProperty(RetryPolicy.RETRIES, 0, Integer.class);
        if (DatabaseFaults.isAway(failure)) {
            LOG.debug("Route {} waits for the database, which the log says once for all", route, failure);
        } else {
            LOG.error("Route {} failed after {} retries: {}", route, retries, failure == null ? "unknown" : failure.getMessage());
        }
        sink.ifAvailable(target -> target.park(new FailedStep(route, exchange.getIn().getBody(), failure, retries)));
    }
}
