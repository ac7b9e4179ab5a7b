package dev.serai.device;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.change.Change;
import dev.serai.change.ContentHash;
import dev.serai.change.Operation;
import dev.serai.change.RecordKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** What an order that a device made means for the record {@code orders}. */
final class OrderChanges {

    private OrderChanges() {}

    static boolean isOrder(NewEvent event) {
        return event.eventType().equals(NewEvent.ORDER_CREATED);
    }

    /** The device is the source; the payload names the terminal, else the device is it. */
    static Change of(NewEvent event, long eventId, Instant acceptedAt) {
        ObjectNode order = event.payload().deepCopy();
        if (order.path("terminal_id").asText().isBlank()) {
            order.put("terminal_id", event.deviceId());
        }
        ContentHash hash = new ContentHash();
        order.fields().forEachRemaining(field -> {
            byte[] value = field.getValue().toString().getBytes(StandardCharsets.UTF_8);
            hash.add(field.getKey(), value, 0, value.length);
        });
        return new Change(
                event.deviceId(),
                null,
                null,
                "orders",
                key(order.path("order_id")),
                Operation.UPSERT,
                event.happenedAt() == null ? acceptedAt : event.happenedAt(),
                null,
                "device-event-" + eventId,
                hash.value(),
                order.toString(),
                false);
    }

    private static String key(JsonNode id) {
        return id.isNumber() ? RecordKey.number(id.asText()) : id.asText();
    }
}
