package dev.serai.watch;

import java.time.Instant;

/**
 * Which entries are looked for; null means any.
 *
 * @param from the earliest time
 * @param to the time before which; entries of exactly this time are left out
 * @param before reads on from an earlier page: only entries with a smaller id
 * @param limit the most entries of a page, 1 to 1000
 */
public record AuditQuery(String deviceId, String userId, String action, Instant from, Instant to, Long before, int limit) {

    public static final int LARGEST_PAGE = 1000;

    public AuditQuery {
        if (limit < 1 || limit > LARGEST_PAGE) {
            throw new IllegalArgumentException("A page has 1 to " + LARGEST_PAGE + " entries, not " + limit);
        }
    }

    public static AuditQuery latest(int limit) {
        return new AuditQuery(null, null, null, null, null, null, limit);
    }
}
