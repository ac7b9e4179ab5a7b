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

    /** Whether it may be the cursor that it was asked for which it refuses: then asking again for the same would never help. */
    boolean mayHaveForgotten() {
        return status == 400 || status == 404 || status == 410 || status == 422;
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
