package dev.serai.routing;

import dev.serai.delivery.ScheduleHub;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;

/** The steps of the route {@code deliver-schedulehub}: addresses a batch, and classifies how its request went. */
public final class ScheduleHubDelivery {

    private static final String BATCH = "batch";

    private final ScheduleHub scheduleHub;
    private final String url;

    ScheduleHubDelivery(ScheduleHub scheduleHub, String url) {
        this.scheduleHub = scheduleHub;
        this.url = url.strip().replaceAll("/+$", "");
    }

    /** Leaves the next batch as the request's body, or null where there is none. */
    public void next(Exchange exchange) {
        ScheduleHub.Batch batch = url.isEmpty() ? null : scheduleHub.claim();
        exchange.setVariable(BATCH, batch);
        exchange.getMessage().setBody(batch == null ? null : batch.body());
        if (batch != null) {
            exchange.getMessage().setHeader(Exchange.HTTP_URI, url + "/" + batch.entityType());
            exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
        }
    }

    public void delivered(Exchange exchange) {
        scheduleHub.delivered(exchange.getVariable(BATCH, ScheduleHub.Batch.class));
    }

    /** Connection faults, 429 and 5xx come again; any other answer is permanent. */
    public void failed(Exchange exchange) {
        Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        boolean permanent = failure instanceof HttpOperationFailedException answer && answer.getStatusCode() < 500 && answer.getStatusCode() != 429;
        String reason = failure instanceof HttpOperationFailedException answer ? "it answered " + answer.getStatusCode() : "it cannot be reached";
        scheduleHub.failed(exchange.getVariable(BATCH, ScheduleHub.Batch.class), permanent, reason);
    }
}
