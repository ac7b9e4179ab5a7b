package dev.serai.routing;

import dev.serai.health.AlertNotices;
import dev.serai.health.AlertNotices.Notice;
import dev.serai.webhook.StandardWebhooks;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;

/** The steps of the route {@code raise-alerts-notify}: addresses and signs a notice, and classifies how its request went. */
public final class AlertDelivery {

    private static final String NOTICE = "notice";

    private final AlertNotices notices;
    private final String url;
    private final String secret;
    private final Clock clock;

    AlertDelivery(AlertNotices notices, String url, String secret, Clock clock) {
        this.notices = notices;
        this.url = url.strip();
        this.secret = secret.strip();
        this.clock = clock;
    }

    /** Leaves the next notice as the request's body, or null where none is due. */
    public void next(Exchange exchange) {
        Notice notice = url.isEmpty() ? null : notices.claim().orElse(null);
        exchange.setVariable(NOTICE, notice);
        exchange.getMessage().setBody(notice == null ? null : notice.body().getBytes(StandardCharsets.UTF_8));
        if (notice != null) {
            exchange.getMessage().setHeader(Exchange.HTTP_URI, url);
            exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
            List<String> secrets = secret.isEmpty() ? List.of() : List.of(secret);
            StandardWebhooks.sign(notice.id(), clock.instant(), notice.body().getBytes(StandardCharsets.UTF_8), secrets)
                    .forEach(exchange.getMessage()::setHeader);
        }
    }

    public void delivered(Exchange exchange) {
        notices.delivered(exchange.getVariable(NOTICE, Notice.class));
    }

    /** Connection faults, 408, 429 and 5xx come again; any other answer is final. */
    public void failed(Exchange exchange) {
        Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        int status = failure instanceof HttpOperationFailedException answer ? answer.getStatusCode() : 0;
        boolean permanent = status > 0 && status < 500 && status != 408 && status != 429;
        String reason = status > 0 ? "it answered " + status : "it cannot be reached";
        notices.failed(exchange.getVariable(NOTICE, Notice.class), permanent, reason);
    }
}
