package dev.serai.device;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * An event as a device brings it, checked by its face.
 *
 * @param userId         on whose behalf, or null
 * @param happenedAt     by the device's own clock, or null
 * @param payload        a JSON object
 * @param caller         whose credentials brought it: {@code token:tok_…}, {@code anonymous}
 * @param idempotencyKey by which this caller recognises a repetition, or null
 * @param live           whether connected clients get it at once, and again when they come back, until they acknowledge it
 */
public record NewEvent(
        String deviceId, String userId, String eventType, Instant happenedAt, JsonNode payload, String caller, String idempotencyKey,
        boolean live) {

    /** The most characters of a device's or user's id, and of an event's type. */
    public static final int LONGEST_NAME = 200;

    /** The event type of an order that was made at a device; it becomes a change of the record too. */
    public static final String ORDER_CREATED = "order_created";

    /** Keys are a device's own: two devices that count their events do not get in each other's way. */
    String keySpace() {
        return "push:" + caller + ":" + deviceId;
    }
}
