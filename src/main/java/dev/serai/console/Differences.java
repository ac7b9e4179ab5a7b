package dev.serai.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.record.RecordHistory.Version;
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
            JsonNode before = i + 1 < versions.size() ? tree(versions.get(i + 1).data()) : json.createObjectNode();
            steps.add(new Step(version, version.deleted() ? List.of() : changes(before, tree(version.data()))));
        }
        return steps;
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
        if (value == null) {
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
