package dev.serai.rules;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.OptionalInt;

/**
 * One condition that a record has to meet to be synced. Numbers are compared by value, texts by their characters, or by value
 * where both write a decimal number and which is greater is asked; a number never equals a text, and neither is greater than the other.
 *
 * @param operator one of {@link #OPERATORS}
 * @param value    what the field is compared with; a list for {@code in} and {@code not_in}; for {@code exists} whether it should
 */
public record FieldFilter(String field, String operator, JsonNode value) {

    public static final List<String> OPERATORS =
            List.of("equals", "not_equals", "greater_than", "less_than", "in", "not_in", "contains", "exists");

    public boolean passes(JsonNode record) {
        JsonNode found = record.get(field);
        return switch (operator) {
            case "equals" -> Values.same(found, value);
            case "not_equals" -> !Values.same(found, value);
            case "greater_than" -> holds(Values.compare(found, value), 1);
            case "less_than" -> holds(Values.compare(found, value), -1);
            case "in" -> isIn(found);
            case "not_in" -> !isIn(found);
            case "contains" -> contains(found);
            case "exists" -> Values.isNothing(found) == (value != null && value.isBoolean() && !value.booleanValue());
            default -> throw new IllegalStateException("Unknown operator " + operator);
        };
    }

    private static boolean holds(OptionalInt order, int wanted) {
        return order.isPresent() && Integer.signum(order.getAsInt()) == wanted;
    }

    private boolean isIn(JsonNode found) {
        for (JsonNode one : value) {
            if (Values.same(found, one)) {
                return true;
            }
        }
        return false;
    }

    /** A text has it as a part, a list as an item. */
    private boolean contains(JsonNode found) {
        if (found == null) {
            return false;
        }
        if (found.isArray()) {
            for (JsonNode item : found) {
                if (Values.same(item, value)) {
                    return true;
                }
            }
            return false;
        }
        return found.isTextual() && value.isTextual() && found.textValue().contains(value.textValue());
    }
}
