package dev.serai.contract;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.web.Problem;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** One path, query or header parameter: turns its text into the declared type, or says what is wrong with it. */
final class Parameter {

    /** Says in words what the pattern beside it asks for, as what a value does: {@code must not be blank}. */
    static final String PATTERN_WORDS = "x-pattern-words";

    private final String in;
    private final String name;
    private final boolean required;
    private final String type;
    private final String format;
    private final List<String> allowed;
    private final Double minimum;
    private final Double maximum;
    private final int minLength;
    private final int maxLength;
    private final Pattern pattern;
    private final String patternWords;
    private final Object defaultValue;

    Parameter(JsonNode node) {
        JsonNode schema = node.path("schema");
        in = node.path("in").asText();
        name = node.path("name").asText();
        required = node.path("required").asBoolean();
        type = schema.path("type").asText("string");
        format = schema.path("format").asText("");
        allowed = new ArrayList<>();
        schema.path("enum").forEach(value -> allowed.add(value.asText()));
        minimum = schema.has("minimum") ? schema.get("minimum").asDouble() : null;
        maximum = schema.has("maximum") ? schema.get("maximum").asDouble() : null;
        minLength = schema.path("minLength").asInt(0);
        maxLength = schema.path("maxLength").asInt(Integer.MAX_VALUE);
        pattern = schema.has("pattern") ? Pattern.compile(schema.get("pattern").asText()) : null;
        patternWords = schema.path(PATTERN_WORDS).asText("does not match " + pattern);
        defaultValue = schema.has("default") ? typed(schema.get("default").asText()) : null;
    }

    String in() {
        return in;
    }

    String name() {
        return name;
    }

    /** The typed value, the default, or null; what is wrong is added to the violations. */
    Object read(String text, List<Problem> violations) {
        // A document's own example leaves filters empty ("entity_name=&status="): an empty text is a filter not set.
        if (text == null || text.isEmpty() && "string".equals(type)) {
            if (required) {
                violations.add(violation("field required", "value_error.missing"));
            }
            return defaultValue;
        }
        try {
            Object value = typed(text);
            check(text, value, violations);
            return value;
        } catch (NumberFormatException e) {
            violations.add(violation("value is not a valid " + type, "type_error." + ("number".equals(type) ? "float" : type)));
        } catch (DateTimeException e) {
            violations.add(violation("value is not a valid ISO 8601 " + format, "value_error." + format.replace("-", "")));
        } catch (IllegalArgumentException e) {
            violations.add(violation("value is not a valid boolean", "type_error.bool"));
        }
        return null;
    }

    private Object typed(String text) {
        return switch (type) {
            case "integer" -> Long.valueOf(text);
            case "number" -> finite(text);
            case "boolean" -> flag(text);
            default -> switch (format) {
                case "date" -> LocalDate.parse(text);
                case "date-time" -> instant(text);
                default -> text;
            };
        };
    }

    private void check(String text, Object value, List<Problem> violations) {
        if (value instanceof Number number) {
            if (minimum != null && number.doubleValue() < minimum) {
                violations.add(violation("value must be at least " + plain(minimum), "value_error.number.not_ge"));
            } else if (maximum != null && number.doubleValue() > maximum) {
                violations.add(violation("value must be at most " + plain(maximum), "value_error.number.not_le"));
            }
        } else if (!allowed.isEmpty() && !allowed.contains(text)) {
            violations.add(violation("value must be one of " + String.join(", ", allowed), "type_error.enum"));
        } else if (text.length() < minLength) {
            violations.add(violation("value must have at least " + minLength + " characters", "value_error.any_str.min_length"));
        } else if (text.length() > maxLength) {
            violations.add(violation("value must have at most " + maxLength + " characters", "value_error.any_str.max_length"));
        } else if (pattern != null && !pattern.matcher(text).find()) {
            violations.add(violation("value " + patternWords, "value_error.str.regex"));
        }
    }

    private Problem violation(String message, String kind) {
        return new Problem(List.of(in, name), message, kind);
    }

    private static Double finite(String text) {
        Double value = Double.valueOf(text);
        if (value.isNaN() || value.isInfinite()) {
            throw new NumberFormatException(text);
        }
        return value;
    }

    private static Boolean flag(String text) {
        return switch (text) {
            case "true", "1" -> Boolean.TRUE;
            case "false", "0" -> Boolean.FALSE;
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static Instant instant(String text) {
        // In a query an unescaped plus sign reads as a space: "2025-12-08T10:00:00 02:00" means the zone +02:00.
        String time = text.indexOf('T') > 0 ? text.replace(' ', '+') : text.replace(' ', 'T');
        if (time.indexOf('T') < 0) {
            return LocalDate.parse(time).atStartOfDay(ZoneOffset.UTC).toInstant();
        }
        boolean zoned = time.endsWith("Z") || time.indexOf('+') > 0 || time.lastIndexOf('-') > time.indexOf('T');
        return zoned ? OffsetDateTime.parse(time).toInstant() : LocalDateTime.parse(time).toInstant(ZoneOffset.UTC);
    }

    private static String plain(double bound) {
        return bound == Math.rint(bound) ? String.valueOf((long) bound) : String.valueOf(bound);
    }
}
