package dev.serai.web;

import org.springframework.boot.autoconfigure.security.SecurityProperties;

/** In which order the hub's own filters wrap a request, from the outside in. */
public final class FilterOrder {

    /** Around the security filters, so that refusals are seen too. */
    public static final int AUDIT = SecurityProperties.DEFAULT_FILTER_ORDER - 10;
    static final int FAILURE = AUDIT + 1;
    static final int STARTING = AUDIT - 10;
    /** Inside the security filters: nothing is buffered or claimed for callers that may not be here. */
    static final int BODY_LIMIT = SecurityProperties.DEFAULT_FILTER_ORDER + 10;
    /** A rate limit, if a face has one, counts repeated calls too. */
    public static final int RATE_LIMIT = SecurityProperties.DEFAULT_FILTER_ORDER + 5;
    /** Handshakes are no requests of a face: no body is buffered, no answer kept. */
    public static final int LIVE = SecurityProperties.DEFAULT_FILTER_ORDER + 7;
    static final int IDEMPOTENCY = SecurityProperties.DEFAULT_FILTER_ORDER + 20;

    private FilterOrder() {}
}
