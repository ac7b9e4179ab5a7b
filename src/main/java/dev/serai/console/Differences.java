package dev.serai.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.record.RecordHistory.Version;
import dev.serai.record.Trace;
import dev.serai.rules.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/** What one version changed against the one before it, field by field. */
@Component
class Differences {

    private static final int LONGEST = 300;

    private final ObjectMapper json;

    Differences(ObjectMapper json) {
        this.json = json;
    }

    /** One field's value before and after; null where it had none. */
    record FieldChange(String field, String before, String after) {}

    /** A version and what it changed; a delete changes no field. */
    record Step(Version version, List<FieldChange> changes) {}

    /** The first {@code shown} of these versions, which are newest first. */
    List<Step> steps(List<Version> versions, int shown) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < Math.min(shown, versions.size()); i++) {
            Version version = versions.get(i);
            Version before = i + 1 < versions.size() ? versions.get(i + 1) : null;
            steps.add(new Step(version, version.deleted() ? List.of() : changes(before, version)));
        }
        return steps;
    }

    /** A merge says itself what it changed; elsewhere the whole content was replaced. */
    private List<FieldChange> changes(Version before, Version version) {
        return version.trace() == null
                ? changes(tree(before == null ? null : before.data()), tree(version.data()))
                : traced(tree(version.trace()));
    }

    private static List<FieldChange> traced(JsonNode trace) {
        List<FieldChange> changes = new ArrayList<>();
        trace.properties().forEach(field -> {
            Trace.Line line = Trace.Line.of(field.getValue());
            if (!Values.same(line.before(), line.after())) {
                changes.add(new FieldChange(field.getKey(), text(line.before()), text(line.after())));
            }
        });
        return changes;
    }

    private static List<FieldChange> changes(JsonNode before, JsonNode after) {
        Set<String> names = new TreeSet<>();
        before.fieldNames().forEachRemaining(names::add);
        after.fieldNames().forEachRemaining(names::add);
        List<FieldChange> changes = new ArrayList<>();
        for (String name : names) {
            if (!before.path(name).equals(after.path(name))) {
                changes.add(new FieldChange(name, text(before.get(name)), text(after.get(name))));
            }
        }
        return changes;
    }

    private static String text(JsonNode value) {
        if (value == null || value.isNull()) {
            return null;
        }
        String text = value.isTextual() ? value.textValue() : value.toString();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    /** Readable JSON; what is none stays as it is. */
    String pretty(String text) {
        try {
            return text == null ? "" : json.readTree(text).toPrettyString();
        } catch (JsonProcessingException e) {
            return text;
        }
    }

    private JsonNode tree(String text) {
        try {
            return text == null ? json.createObjectNode() : json.readTree(text);
        } catch (JsonProcessingException e) {
            return json.createObjectNode();
        }
    }
}
