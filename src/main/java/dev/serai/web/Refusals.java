package dev.serai.web;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.context.request.async.AsyncRequestTimeoutException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;

/** Decides what a caller is told about a failure. */
@Component
class Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    /** Chains of causes are short; one that is not is a loop. */
    private static final int MOST_CAUSES = 20;

    ApiException of(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++, cause = cause.getCause()) {
            ApiException known = known(cause);
            if (known != null) {
                // A refusal that was thrown on purpose says all there is to say, to the letter.
                return known == cause || known.status() < 500 ? known : logged(known, failure);
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
        if (cause instanceof AsyncRequestTimeoutException || isDatabaseAway(cause)) {
            return new ApiException(503, ErrorCodes.of(503), ErrorCodes.messageOf(503), null, Map.of("Retry-After", "5"));
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
        if (unreadable.getCause() instanceof JsonProcessingException bad && bad.getLocation() != null) {
            JsonLocation at = bad.getLocation();
            return ApiException.badRequest("The body is not valid JSON (line " + at.getLineNr() + ", column " + at.getColumnNr() + ").");
        }
        return ApiException.badRequest("The body is missing or is not valid JSON.");
    }

    private static boolean isDatabaseAway(Throwable cause) {
        return cause instanceof DataAccessResourceFailureException || cause instanceof CannotCreateTransactionException;
    }

    private static ApiException logged(ApiException refusal, Throwable failure) {
        String reference = UUID.randomUUID().toString();
        LOG.error("A request failed with {} (reference {})", refusal.status(), reference, failure);
        return new ApiException(refusal.status(), refusal.code(), refusal.getMessage() + " Reference: " + reference,
                refusal.details(), refusal.headers());
    }
}
