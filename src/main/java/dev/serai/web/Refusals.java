package dev.serai.web;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.serai.database.DatabaseFaults;
import dev.serai.database.Seldom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponse;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.context.request.async.AsyncRequestTimeoutException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;

/** Decides what a caller is told about a failure. */
@Component
class Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    /** Chains of causes are short; one that is not is a loop. */
    private static final int MOST_CAUSES = 20;
    private static final String UNSTORABLE = "A text of the request has a NUL character, which is neither stored nor looked for.";

    private final Seldom away = new Seldom(Duration.ofSeconds(10));
    private final Seldom overloaded = new Seldom(Duration.ofSeconds(10));

    ApiException of(Throwable failure) {
        if (failure instanceof AsyncRequestNotUsableException) {
            LOG.debug("A caller hung up", failure);
            return ApiException.of(503, "You hung up.");
        }
        if (DatabaseFaults.isFull(failure)) {
            away.say(times -> LOG.error("The database's disk is full: {} requests were answered with 503. {}", times, DatabaseFaults.reason(failure)));
            return later("The database's disk is full: nothing can be written until there is room.", 30);
        }
        if (DatabaseFaults.isAway(failure)) {
            away.say(times -> LOG.warn("The database is away: {} requests were answered with 503. {}", times, DatabaseFaults.reason(failure)));
            return later("The database is away for a moment. Repeat the request soon, under the same Idempotency-Key where it has one.", 2);
        }
        if (DatabaseFaults.isUnstorableText(failure)) {
            return ApiException.of(422, UNSTORABLE);
        }
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++, cause = cause.getCause()) {
            ApiException known = known(cause);
            if (known != null) {
                if (isOverload(cause)) {
                    overloaded.say(times -> LOG.warn("The hub is overloaded: {} requests were answered with 503", times));
                }
                // A refusal that was thrown on purpose says all there is to say, to the letter.
                return known == cause || known.status() < 500 || isOverload(cause) ? known : logged(known, failure);
            }
        }
        return logged(ApiException.of(500, ErrorCodes.messageOf(500)), failure);
    }

    private static ApiException known(Throwable cause) {
        if (cause instanceof ApiException refusal) {
            return refusal;
        }
        if (cause instanceof HttpMessageNotReadableException unreadable) {
            return unreadable(unreadable);
        }
        if (cause instanceof MethodArgumentTypeMismatchException mismatch) {
            return ApiException.invalid(List.of(Problem.query(mismatch.getName(), "Not a value of this parameter", "value_error")));
        }
        if (isOverload(cause)) {
            return later(ErrorCodes.messageOf(503), 5);
        }
        if (cause instanceof ErrorResponse fault) {
            return ofStatus(fault.getStatusCode().value(), fault.getHeaders());
        }
        return null;
    }

    /** Spring's own texts are left out: they quote class names and request content. */
    static ApiException ofStatus(int status, HttpHeaders headers) {
        Map<String, String> kept = new LinkedHashMap<>();
        headers.toSingleValueMap().forEach((name, value) -> {
            if (name.equalsIgnoreCase(HttpHeaders.ALLOW) || name.equalsIgnoreCase(HttpHeaders.ACCEPT)) {
                kept.put(name, value);
            }
        });
        return new ApiException(status, ErrorCodes.of(status), ErrorCodes.messageOf(status), null, kept);
    }

    private static ApiException unreadable(HttpMessageNotReadableException unreadable) {
        if (unreadable.getCause() instanceof JacksonException bad) {
            return ApiException.badRequest("The body " + UnreadableJson.reason(bad, StreamReadConstraints.DEFAULT_MAX_DEPTH) + ".");
        }
        return ApiException.badRequest("The body is missing or is not valid JSON.");
    }

    private static boolean isOverload(Throwable cause) {
        return cause instanceof AsyncRequestTimeoutException || cause instanceof RejectedExecutionException;
    }

    private static ApiException later(String message, int seconds) {
        return new ApiException(503, ErrorCodes.of(503), message, null, Map.of("Retry-After", Integer.toString(seconds)));
    }

    private static ApiException logged(ApiException refusal, Throwable failure) {
        String reference = UUID.randomUUID().toString();
        LOG.error("A request failed with {} (reference {})", refusal.status(), reference, failure);
        return new ApiException(refusal.status(), refusal.code(), refusal.getMessage() + " Reference: " + reference,
                refusal.details(), refusal.headers());
    }
}
