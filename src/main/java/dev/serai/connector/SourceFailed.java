package dev.serai.connector;

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
}
