package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.change.Timestamps;
import dev.serai.rules.Stamp;
import dev.serai.rules.Values;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a merge met and left, field by field: kept with the change in the journal, so that it can be shown, sent on and replayed.
 *
 * <p>As text: an object of arrays. {@code [before, after]} of a field that was written; of a field that a store edited, whatever became
 * of that, also the base and the stamp of the value before: {@code [before, after, base, microseconds, writer]}.
 */
public final class Trace {

    private final ObjectNode fields = Values.object();
    private final Map<String, JsonNode> changed = new LinkedHashMap<>();

    void wrote(String field, JsonNode before, JsonNode after) {
        line(field, before, after);
    }

    void edited(String field, JsonNode before, JsonNode after, JsonNode base, Stamp beforeStamp) {
        ArrayNode line = line(field, before, after).add(Values.orNull(base));
        if (beforeStamp != null) {
            line.add(Timestamps.micros(beforeStamp.at())).add(beforeStamp.writer());
        }
    }

    private ArrayNode line(String field, JsonNode before, JsonNode after) {
        if (!Values.same(before, after)) {
            changed.put(field, before);
        }
        ArrayNode line = fields.arrayNode().add(Values.orNull(before)).add(Values.orNull(after));
        fields.set(field, line);
        return line;
    }

    /** The fields that have another value now, with the one before. */
    Map<String, JsonNode> changed() {
        return changed;
    }

    /** Null where nothing was met. */
    String text() {
        return fields.isEmpty() ? null : Values.write(fields);
    }

    /** One field of a trace, read back. */
    public record Line(JsonNode before, JsonNode after, boolean edited, JsonNode base, Stamp beforeStamp) {

        public static Line of(JsonNode line) {
            Stamp stamp = line.size() < 5
                    ? null
                    : new Stamp(Timestamps.ofMicros(line.get(3).longValue()), line.get(4).textValue());
            return new Line(value(line.get(0)), value(line.get(1)), line.size() > 2, value(line.get(2)), stamp);
        }

        private static JsonNode value(JsonNode value) {
            return Values.isNothing(value) ? null : value;
        }
    }
}
