package dev.serai.routing;

import dev.serai.delivery.RetryAfter;
import java.io.FileNotFoundException;
import java.net.MalformedURLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.http.base.HttpOperationFailedException;

/**
 * Decides after each failure of an outgoing call whether it is worth another try: connection faults, 429 and 5xx are; any other status and a
 * malformed address are permanent. A {@code Retry-After} beats the policy's own delay.
 */
final class RetryPolicy implements Processor {

    /** Where an exchange keeps how often its failing step was tried again; the original message, once put back, no longer tells. */
    static final String RETRIES = "serai.retries";

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private final Clock clock;

    RetryPolicy(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void process(Exchange exchange) {
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        exchange.getIn().removeHeader(Exchange.REDELIVERY_DELAY);
        // Camel has counted this failure already; the first is no retry.
        exchange.setProperty(RETRIES, Math.max(0, exchange.getIn().getHeader(Exchange.REDELIVERY_COUNTER, 0, Integer.class) - 1));
        if (failure instanceof HttpOperationFailedException answer) {
            boolean again = answer.getStatusCode() == 429 || answer.getStatusCode() >= 500;
            exchange.getExchangeExtension().setRedeliveryExhausted(!again);
            if (again) {
                retryAfter(answer.getResponseHeaders())
                        .ifPresent(delay -> exchange.getIn().setHeader(Exchange.REDELIVERY_DELAY, delay.toMillis()));
            }
        } else if (isPermanent(failure)) {
            exchange.getExchangeExtension().setRedeliveryExhausted(true);
        }
    }

    private static boolean isPermanent(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof MalformedURLException
                    || cause instanceof FileNotFoundException
                    || cause instanceof IllegalArgumentException
                    || cause instanceof CancellationException) {
                return true;
            }
        }
        return false;
    }

    private Optional<Duration> retryAfter(Map<String, String> headers) {
        return Optional.ofNullable(headers).flatMap(all -> all.entrySet().stream()
                .filter(header -> "Retry-After".equalsIgnoreCase(header.getKey())).map(Map.Entry::getValue).findFirst()).flatMap(value -> RetryAfter.read(value, clock.instant(), LONGEST_WAIT));
    }
}
