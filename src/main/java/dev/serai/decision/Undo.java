package dev.serai.decision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.rules.Stamp;
import dev.serai.rules.Values;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What brings a conflict back: the platform's value and its stamp, the store's base, and the stamp that the decision wrote, by which one
 * sees whether anything has happened since.
 *
 * @param value   of the platform before, or null
 * @param stamp   of that, or null
 * @param base    what store and platform had agreed on, or null
 * @param written the stamp of what was decided; null where the platform's value stayed
 */
record Undo(JsonNode value, Stamp stamp, JsonNode base, Stamp written) {

    JsonNode json() {
        ObjectNode json = Values.object();
        json.set("value", Values.orNull(value));
        json.set("stamp", json(stamp));
        json.set("base", Values.orNull(base));
        json.set("written", json(written));
        return json;
    }

    static Undo of(JsonNode json) {
        return new Undo(value(json.get("value")), stamp(json.get("stamp")), value(json.get("base")), stamp(json.get("written")));
    }

    private static JsonNode value(JsonNode value) {
        return Values.isNothing(value) ? null : value;
    }

    private static JsonNode json(Stamp stamp) {
        return stamp == null
                ? Values.orNull(null)
                : Values.object().arrayNode().add(ChronoUnit.MICROS.between(Instant.EPOCH, stamp.at())).add(stamp.writer());
    }

    private static Stamp stamp(JsonNode json) {
        return Values.isNothing(json)
                ? null
                : new Stamp(Instant.EPOCH.plus(json.get(0).longValue(), ChronoUnit.MICROS), json.get(1).textValue());
    }
}
