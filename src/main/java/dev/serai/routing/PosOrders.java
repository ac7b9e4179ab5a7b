package dev.serai.routing;

import dev.serai.pos.CloudRequests;
import java.io.IOException;
import java.io.InputStream;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;

/** The steps of the route {@code pos-orders}: addresses a request to the cloud, and hands on how it went. */
public final class PosOrders {

    private static final String REQUEST = "request";
    private static final int LARGEST_ANSWER = 16 * 1024 * 1024;

    private final CloudRequests cloud;

    PosOrders(CloudRequests cloud) {
        this.cloud = cloud;
    }

    /** Leaves the next request as body and headers, or a null body where there is none. */
    public void next(Exchange exchange) {
        CloudRequests.Request request = cloud.next();
        exchange.setVariable(REQUEST, request);
        exchange.getMessage().setBody(request == null ? null : request.body());
        if (request != null) {
            exchange.getMessage().setHeader(Exchange.HTTP_URI, request.url());
            exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
            if (request.authorization() != null) {
                exchange.getMessage().setHeader("Authorization", request.authorization());
            }
        }
    }

    public void answered(Exchange exchange) throws IOException {
        try (InputStream answer = exchange.getMessage().getBody(InputStream.class)) {
            cloud.answered(request(exchange), answer == null ? new byte[0] : answer.readNBytes(LARGEST_ANSWER));
        }
    }

    public void failed(Exchange exchange) {
        Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        String reason = failure instanceof HttpOperationFailedException answer
                ? "it answered " + answer.getStatusCode() : "it cannot be reached (" + failure.getMessage() + ")";
        cloud.notAnswered(request(exchange), reason);
    }

    private static CloudRequests.Request request(Exchange exchange) {
        return exchange.getVariable(REQUEST, CloudRequests.Request.class);
    }
}
