package dev.serai.storesync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.rules.FieldFilter;

/** Which values go with which operator of a filter. */
final class FilterValues {

    private FilterValues() {}

    /** Null where the value is fine. */
    static String problem(FieldFilter filter) {
        JsonNode value = filter.value();
        return switch (filter.operator()) {
            case "exists" -> value == null || value.isBoolean() ? null : "exists takes true, false or no value";
            case "in", "not_in" -> value != null && value.isArray() ? null : filter.operator() + " takes a list of values";
            case "greater_than", "less_than" ->
                value != null && (value.isNumber() || value.isTextual()) ? null : filter.operator() + " takes a number or a text";
            default -> value != null ? null : "field required with " + filter.operator();
        };
    }
}
