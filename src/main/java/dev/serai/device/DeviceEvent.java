package dev.serai.device;

import java.time.Instant;

/**
 * An accepted event.
 *
 * @param eventId    its number; the order of the numbers is the order of acceptance
 * @param userId     null where none was named
 * @param happenedAt by the device's own clock; the time of acceptance where the device did not say
 * @param payload    a JSON object, to the letter
 * @param live       whether connected clients get it at once
 */
public record DeviceEvent(
        long eventId, Instant acceptedAt, String deviceId, String userId, String eventType, Instant happenedAt, String payload,
        boolean live) {}
