package dev.serai.retail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.change.Timestamps;
import dev.serai.contract.Operation;
import dev.serai.device.NewEvent;
import dev.serai.web.ApiException;
import java.time.DateTimeException;
import java.time.Instant;

/** Reads what devices send over a socket. What is wrong is told in one sentence. */
final class SocketEvents {

    /** The type under which a sync_update is journalled, and by which it goes out as one. */
    static final String UPDATE = "sync_update";

    private SocketEvents() {}

    record Acknowledgement(long eventId, String deviceId) {}

    /** @param push by whose contract it is read: what is true of an event that is pushed is true of one here */
    static NewEvent critical(JsonNode data, DeviceClient client, Operation push) {
        if (!data.isObject()) {
            throw problem(data, "data", "a JSON object");
        }
        NewEvent event = PushRequest.read(data, push, client.who());
        client.requireMaySpeakFor(event.deviceId());
        if (event.eventType().equals(UPDATE)) {
            throw ApiException.badRequest("event_type sync_update is kept for the event sync_update, which needs a token.");
        }
        return event;
    }

    static NewEvent update(JsonNode data, DeviceClient client) {
        if (!client.isKnown()) {
            throw ApiException.of(401, "sync_update needs a token at the handshake: Authorization: Bearer <token>, or auth.token over socket.io.");
        }
        JsonNode content = data.path("data");
        if (content.isMissingNode() || content.isNull()) {
            throw problem(content, "data", "JSON");
        }
        text(data, "timestamp");
        Instant time = time(data);
        client.requireMaySpeakFor(client.deviceOrCaller());
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.set("data", content);
        return new NewEvent(client.deviceOrCaller(), null, UPDATE, time, payload, client.who(), null, true);
    }

    static Acknowledgement acknowledgement(JsonNode data, DeviceClient client) {
        JsonNode id = data.path("event_id");
        if (!id.canConvertToExactIntegral() || !id.canConvertToLong()) {
            throw problem(id, "event_id", "an integer");
        }
        String device = text(data, "device_id");
        client.requireMaySpeakFor(device);
        return new Acknowledgement(id.asLong(), device);
    }

    private static String text(JsonNode data, String field) {
        JsonNode value = data.path(field);
        if (!value.isTextual()) {
            throw problem(value, field, "a text");
        }
        String text = value.textValue();
        if (text.isBlank() || text.length() > NewEvent.LONGEST_NAME || text.indexOf('\0') >= 0) {
            throw ApiException.badRequest(field + " has 1 to " + NewEvent.LONGEST_NAME + " characters, none of them NUL.");
        }
        return text;
    }

    private static Instant time(JsonNode data) {
        if (!data.path("timestamp").isTextual()) {
            return null;
        }
        try {
            return Timestamps.parse(data.get("timestamp").textValue());
        } catch (DateTimeException e) {
            throw ApiException.badRequest("timestamp is no ISO 8601 time.");
        }
    }

    private static ApiException problem(JsonNode found, String field, String wanted) {
        return ApiException.badRequest(found.isMissingNode() ? field + " is missing." : field + " must be " + wanted + ".");
    }
}
