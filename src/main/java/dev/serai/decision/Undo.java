package dev.serai.decision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.change.Timestamps;
import dev.serai.rules.Stamp;
import dev.serai.rules.Values;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What brings a conflict back: how the field was, and what the decision left, by which one sees whether anything has happened since.
 *
 * @param before  how the field was, or the record's being there
 * @param left    what store and platform have agreed on from the decision on, or null
 * @param written the stamp of what was decided; null where the platform's value stayed
 * @param fields  how the fields were that the decision wrote, where it brought a deleted record back
 */
record Undo(Was before, JsonNode left, Stamp written, Map<String, Was> fields) {

    /**
     * How a field was.
     *
     * @param value of the platform, or null
     * @param stamp of that, or null
     * @param base  what store and platform had agreed on, or null
     */
    record Was(JsonNode value, Stamp stamp, JsonNode base) {

        private ObjectNode json() {
            ObjectNode json = Values.object();
            json.set("value", Values.orNull(value));
            json.set("stamp", Undo.json(stamp));
            json.set("base", Values.orNull(base));
            return json;
        }

        private static Was of(JsonNode json) {
            return new Was(Undo.value(json.get("value")), Undo.stamp(json.get("stamp")), Undo.value(json.get("base")));
        }
    }

    /** The stamp that the field has as long as nobody has edited it since. */
    Stamp expected() {
        return written != null ? written : before.stamp();
    }

    JsonNode json() {
        ObjectNode json = before.json();
        json.set("left", Values.orNull(left));
        json.set("written", json(written));
        if (!fields.isEmpty()) {
            ObjectNode all = json.putObject("fields");
            fields.forEach((field, was) -> all.set(field, was.json()));
        }
        return json;
    }

    /** @param storeValue what earlier versions left as agreed, without keeping it */
    static Undo of(JsonNode json, JsonNode storeValue) {
        Map<String, Was> fields = new LinkedHashMap<>();
        json.path("fields").properties().forEach(field -> fields.put(field.getKey(), Was.of(field.getValue())));
        JsonNode left = json.has("left") ? value(json.get("left")) : storeValue;
        return new Undo(Was.of(json), left, stamp(json.get("written")), fields);
    }

    private static JsonNode value(JsonNode value) {
        return Values.isNothing(value) ? null : value;
    }

    private static JsonNode json(Stamp stamp) {
        return stamp == null
                ? Values.orNull(null)
                : Values.object().arrayNode().add(Timestamps.micros(stamp.at())).add(stamp.writer());
    }

    private static Stamp stamp(JsonNode json) {
        return Values.isNothing(json)
                ? null
                : new Stamp(Timestamps.ofMicros(json.get(0).longValue()), json.get(1).textValue());
    }
}
