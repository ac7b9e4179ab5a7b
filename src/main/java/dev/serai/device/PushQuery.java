package dev.serai.device;

import java.time.Instant;

/**
 * Which pushed events are looked for; null means any.
 *
 * @param from   the earliest time of acceptance
 * @param to     the time before which
 * @param before only events with smaller numbers
 * @param limit  the most events
 */
public record PushQuery(String deviceId, String userId, Instant from, Instant to, Long before, int limit) {}
