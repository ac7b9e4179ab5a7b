package dev.serai.connector;

import java.io.InterruptedIOException;
import java.util.concurrent.TimeoutException;

/** A source that gives no page. */
class SourceFailed extends RuntimeException {

    private final int status;

    SourceFailed(String reason, int status, Throwable cause) {
        super(reason, cause);
        this.status = status;
    }

    /** The HTTP status of its answer, or 0 where there was none. */
    int status() {
        return status;
    }

    /** The store document's code of it, or null where none fits. */
    String code() {
        if (status == 429) {
            return "RATE_LIMIT_EXCEEDED";
        }
        for (Throwable cause = getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedIOException || cause instanceof TimeoutException) {
                return "SYNC_TIMEOUT";
            }
        }
        return status == 0 && getCause() != null || status >= 500 ? "NETWORK_ERROR" : null;
    }
}
