package dev.serai.delivery;

import dev.serai.delivery.TargetGuard.TargetRefused;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.UnsupportedHttpVersionException;

/**
 * What an attempt came to. The one place where an answer or a fault is classified.
 *
 * @param reason     for people; names the status or the fault
 * @param retryAfter how long the endpoint wants to be left alone, or null
 */
record Verdict(Kind kind, String reason, Duration retryAfter) {

    /** The longest wait that an endpoint may ask for. */
    static final Duration LONGEST_WAIT = Duration.ofHours(1);

    enum Kind {
        /** A 2xx: the store has it. */
        DELIVERED,
        /** May pass: again later. */
        RETRY,
        /** Would be the same every time: parked at once. */
        REFUSED,
        /** 410: the endpoint wants no more deliveries, ever. */
        GONE,
        /** Was not tried; its turn comes again. */
        NOT_TRIED
    }

    static final Verdict DELIVERED = new Verdict(Kind.DELIVERED, "delivered", null);
    static final Verdict NOT_TRIED = new Verdict(Kind.NOT_TRIED, "not tried", null);

    static Verdict ofStatus(int status, String retryAfter, Instant now) {
        if (status >= 200 && status < 300) {
            return DELIVERED;
        }
        if (status == 410) {
            return new Verdict(Kind.GONE, "answered 410: the endpoint is gone", null);
        }
        if (status == 408 || status == 425 || status == 429 || status >= 500) {
            return new Verdict(Kind.RETRY, "answered " + status, RetryAfter.read(retryAfter, now, LONGEST_WAIT).orElse(null));
        }
        String why = status >= 300 && status < 400 ? ": redirects are not followed; configure the address it leads to" : "";
        return new Verdict(Kind.REFUSED, "answered " + status + why, null);
    }

    /** A store takes a repeated delivery by its webhook-id, so that a fault while the answer was read is retried like one before. */
    static Verdict ofFault(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof TargetRefused refused) {
                return new Verdict(Kind.REFUSED, refused.getMessage(), null);
            }
            if (cause instanceof UnknownHostException) {
                return new Verdict(Kind.RETRY, "its host name is not known", null);
            }
            if (cause instanceof ConnectTimeoutException) {
                return new Verdict(Kind.RETRY, "could not be connected in time", null);
            }
            if (cause instanceof TimeoutException || cause instanceof CancellationException || cause instanceof SocketTimeoutException) {
                return new Verdict(Kind.RETRY, "did not answer in time", null);
            }
            if (cause instanceof UnsupportedHttpVersionException) {
                return new Verdict(Kind.RETRY, "does not speak HTTP/1.1", null);
            }
            if (cause instanceof ProtocolException || cause instanceof IllegalArgumentException) {
                return new Verdict(Kind.REFUSED, "its address cannot be called", null);
            }
        }
        return new Verdict(Kind.RETRY, "cannot be reached (" + fault.getClass().getSimpleName() + ")", null);
    }
}
