package dev.serai.change;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Names one record: its entity type ({@code orders}) and its key within it ({@code 10248}).
 *
 * @param entityType lower-case plural by custom, never empty
 * @param key        the business key; several parts are joined by {@code :}
 */
public record RecordKey(String entityType, String key) {

    /** Longer keys are refused: an index row of PostgreSQL holds about 2,700 bytes. */
    public static final int MAX_LENGTH = 512;

    /** Joins the parts of a composite key by {@code :}; a part that has one itself is escaped as {@code %3A}. A single part stays as it is. */
    public static String join(List<String> parts) {
        if (parts.size() == 1) {
            return parts.get(0);
        }
        return parts.stream().map(RecordKey::escape).collect(Collectors.joining(":"));
    }

    /**
     * A number as a part of a key is its value, whatever its notation: 5, 5.0 and 5e0 name one record.
     *
     * @param literal as JSON writes it
     */
    public static String number(String literal) {
        if (literal.chars().allMatch(Character::isDigit)) {
            return literal;
        }
        try {
            BigDecimal value = new BigDecimal(literal).stripTrailingZeros();
            return Math.abs((long) value.scale()) + value.precision() > MAX_LENGTH ? literal : value.toPlainString();
        } catch (NumberFormatException e) {
            // An exponent of more than nine digits.
            return literal;
        }
    }

    private static String escape(String part) {
        return part.replace("%", "%25").replace(":", "%3A");
    }
}
