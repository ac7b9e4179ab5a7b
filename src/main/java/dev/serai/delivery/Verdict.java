package dev.serai.delivery;

import dev.serai.delivery.TargetGuard.TargetRefused;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
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
 * @param inDoubt    whether the store may have it, although no 2xx came
 */
record Verdict(Kind kind, String reason, Duration retryAfter, boolean inDoubt) {

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

    static final Verdict DELIVERED = known(Kind.DELIVERED, "delivered");
    static final Verdict NOT_TRIED = known(Kind.NOT_TRIED, "not tried");

    private static Verdict known(Kind kind, String reason) {
        return new Verdict(kind, reason, null, false);
    }

    private static Verdict inDoubt(Kind kind, String reason) {
        return new Verdict(kind, reason, null, true);
    }

    static Verdict ofStatus(int status, String retryAfter, Instant now) {
        if (status >= 200 && status < 300) {
            return DELIVERED;
        }
        if (status == 410) {
            return known(Kind.GONE, "answered 410: the endpoint is gone");
        }
        if (status == 408 || status == 425 || status == 429 || status >= 500) {
            // A gateway says these where the store behind it has not answered.
            boolean inDoubt = status == 502 || status == 504;
            return new Verdict(Kind.RETRY, "answered " + status, RetryAfter.read(retryAfter, now, LONGEST_WAIT).orElse(null), inDoubt);
        }
        String why = status >= 300 && status < 400 ? ": redirects are not followed; configure the address it leads to" : "";
        return known(Kind.REFUSED, "answered " + status + why);
    }

    /** A store takes a repeated delivery by its webhook-id, so that a fault while the answer was read is retried like one before. */
    static Verdict ofFault(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof TargetRefused refused) {
                return known(Kind.REFUSED, refused.getMessage());
            }
            if (cause instanceof UnknownHostException) {
                return known(Kind.RETRY, "its host name is not known");
            }
            if (cause instanceof ConnectTimeoutException) {
                return known(Kind.RETRY, "could not be connected in time");
            }
            if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
                return known(Kind.RETRY, unreachable(fault));
            }
            if (cause instanceof TimeoutException || cause instanceof CancellationException || cause instanceof SocketTimeoutException) {
                return inDoubt(Kind.RETRY, "did not answer in time");
            }
            if (cause instanceof UnsupportedHttpVersionException) {
                return inDoubt(Kind.RETRY, "does not speak HTTP/1.1");
            }
            if (cause instanceof ProtocolException || cause instanceof IllegalArgumentException) {
                return inDoubt(Kind.REFUSED, "its address cannot be called");
            }
        }
        return inDoubt(Kind.RETRY, unreachable(fault));
    }

    private static String unreachable(Throwable fault) {
        return "cannot be reached (" + fault.getClass().getSimpleName() + ")";
    }
}
