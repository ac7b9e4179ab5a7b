package dev.serai.watch;

import java.util.Map;

/**
 * One operation to be remembered. The time is added when it is recorded.
 *
 * @param who the caller's id ({@code token:tok_…}), {@code anonymous}, or the part of the hub that acted ({@code scheduler})
 * @param userId the user on whose behalf, where a request names one; else null
 * @param deviceId the device that it came from or is about, else null
 * @param action what was done: {@code sync.push}, or method and route of a request
 * @param subject which record, run or path
 * @param result what came of it: {@code accepted}, {@code 201}, an outcome …
 * @param details anything else, small and without secrets
 */
public record AuditEntry(
        String who, String userId, String deviceId, String action, String subject, String result, Map<String, ?> details) {

    public static AuditEntry of(String who, String action, String subject, String result, Map<String, ?> details) {
        return new AuditEntry(who, null, null, action, subject, result, details);
    }
}
