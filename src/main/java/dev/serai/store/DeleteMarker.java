package dev.serai.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Set;

/**
 * How a store's record says that it is deleted.
 *
 * @param field a top-level field
 * @param value the value that marks a delete; null where any does that does not say no: null, false, 0, an empty one, "false", "no"
 */
public record DeleteMarker(String field, JsonNode value) {

    /** In lower case. */
    private static final Set<String> NO = Set.of("", "false", "no", "n", "0");

    static final DeleteMarker USUAL = new DeleteMarker("deleted", null);

    /** Whether the field says nothing but that; one that is compared with a text is a field like others, with one value that means a delete. */
    public boolean isOnlyMarker() {
        return value == null || !value.isTextual();
    }

    public boolean marks(JsonNode record) {
        JsonNode found = record.path(field);
        if (value != null) {
            return found.equals(value);
        }
        if (found.isContainerNode()) {
            return !found.isEmpty();
        }
        if (found.isNumber()) {
            return found.doubleValue() != 0;
        }
        return !found.isMissingNode() && !found.isNull() && !NO.contains(found.asText().strip().toLowerCase(Locale.ROOT));
    }
}
