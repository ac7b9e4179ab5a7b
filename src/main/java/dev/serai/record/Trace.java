package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
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

    private final Map<String, StringBuilder> lines = new LinkedHashMap<>();
    private final Map<String, JsonNode> changed = new LinkedHashMap<>();

    void wrote(String field, JsonNode before, JsonNode after) {
        line(field, before, after);
    }

    void edited(String field, JsonNode before, JsonNode after, JsonNode base, Stamp beforeStamp) {
        StringBuilder line = line(field, before, after).append(',');
        Values.write(Values.orNull(base), line);
        if (beforeStamp != null) {
            Values.write(beforeStamp.writer(), line.append(',').append(Timestamps.micros(beforeStamp.at())).append(','));
        }
    }

    private StringBuilder line(String field, JsonNode before, JsonNode after) {
        if (!Values.same(before, after)) {
            changed.put(field, before);
        }
        StringBuilder line = new StringBuilder(64);
        Values.write(Values.orNull(before), line);
        Values.write(Values.orNull(after), line.append(','));
        lines.put(field, line);
        return line;
    }

    /** The fields that have another value now, with the one before. */
    Map<String, JsonNode> changed() {
        return changed;
    }

    /** Null where nothing was met. */
    String text() {
        if (lines.isEmpty()) {
            return null;
        }
        StringBuilder text = new StringBuilder(256);
        lines.forEach((field, line) -> {
            Values.write(field, text.append(text.isEmpty() ? '{' : ','));
            text.append(":[").append(line).append(']');
        });
        return text.append('}').toString();
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
