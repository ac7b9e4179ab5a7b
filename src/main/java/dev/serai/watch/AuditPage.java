package dev.serai.watch;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Entries, the newest first.
 *
 * @param next what {@link AuditQuery#before()} is to be for the next page; null on the last
 */
public record AuditPage(List<Recorded> entries, Long next) {

    /** An entry as it was recorded. */
    public record Recorded(
            long id, Instant at, String who, String userId, String deviceId, String action, String subject, String result,
            Map<String, Object> details) {}
}
