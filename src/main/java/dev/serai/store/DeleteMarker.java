package dev.serai.store;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * How a store's record says that it is deleted.
 *
 * @param field a top-level field
 * @param value the value that marks a delete; null where any value but false, null and nothing does
 */
public record DeleteMarker(String field, JsonNode value) {

    static final DeleteMarker USUAL = new DeleteMarker("deleted", null);

    public boolean marks(JsonNode record) {
        JsonNode found = record.path(field);
        if (value != null) {
            return found.equals(value);
        }
        boolean empty = found.isMissingNode() || found.isNull() || found.isTextual() && found.textValue().isEmpty();
        return !empty && !(found.isBoolean() && !found.booleanValue());
    }
}
