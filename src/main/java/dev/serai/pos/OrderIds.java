package dev.serai.pos;

import com.fasterxml.jackson.databind.JsonNode;

/** Reads an order's number, from 1 on, where there is one. */
final class OrderIds {

    private OrderIds() {}

    /** The number, given as one or as a text of digits; null for anything else. */
    static Long of(JsonNode value) {
        if (value.isTextual()) {
            return of(value.asText());
        }
        return value.canConvertToExactIntegral() && value.canConvertToLong() && value.longValue() > 0 ? value.longValue() : null;
    }

    /** The number that the text is, without leading zeros; null where it is none. */
    static Long of(String text) {
        try {
            return text.matches("[1-9]\\d{0,18}") ? Long.valueOf(text) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
