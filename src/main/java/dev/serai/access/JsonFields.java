package dev.serai.access;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.web.ApiException;
import dev.serai.web.HalfCharacters;
import dev.serai.web.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads the fields of a JSON object and gathers what is wrong with them. Types are taken at their word: {@code "7"} is no number.
 * A field that is null counts as left out.
 */
final class JsonFields {

    static final int LONGEST_TEXT = 200;

    private final JsonNode object;
    private final List<Problem> problems = new ArrayList<>();

    /** @param known a field besides these is a problem: a misspelt one would be ignored, and a token might never expire */
    JsonFields(JsonNode object, Set<String> known) {
        if (!object.isObject()) {
            throw ApiException.invalid(List.of(new Problem(List.of("body"), "The body must be a JSON object", "object_type")));
        }
        if (HalfCharacters.areIn(object)) {
            throw ApiException.invalid(
                    List.of(new Problem(List.of("body"), "The body has half of a surrogate pair, which is no character", "value_error")));
        }
        this.object = object;
        object.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                problem(shortened(name), "is not a field of this request", "extra_forbidden");
            }
        });
    }

    /** Null where it is left out or wrong. */
    String text(String field) {
        JsonNode value = object.get(field);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            return problem(field, "must be a string", "string_type");
        }
        String text = value.textValue().strip();
        if (text.isEmpty()) {
            return problem(field, "must not be empty", "string_too_short");
        }
        if (text.length() > LONGEST_TEXT) {
            return problem(field, "must have at most " + LONGEST_TEXT + " characters", "string_too_long");
        }
        return text.chars().anyMatch(Character::isISOControl) ? problem(field, "must not have control characters", "value_error") : text;
    }

    String requiredText(String field) {
        return isMissing(field) ? problem(field, "is required", "missing") : text(field);
    }

    /** Taken to the letter. Null where it is left out or wrong. */
    String requiredSecret(String field) {
        if (isMissing(field)) {
            return problem(field, "is required", "missing");
        }
        String secret = object.get(field).textValue();
        if (secret == null) {
            return problem(field, "must be a string", "string_type");
        }
        return secret.indexOf('\0') < 0 ? secret : problem(field, "must not have NUL characters", "value_error");
    }

    /** Null where it is left out or wrong. */
    Integer number(String field, int least, int most) {
        JsonNode value = object.get(field);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber()) {
            return problem(field, "must be a whole number", "int_type");
        }
        boolean fits = value.canConvertToInt() && value.intValue() >= least && value.intValue() <= most;
        return fits ? Integer.valueOf(value.intValue()) : problem(field, "must be from " + least + " to " + most, "out_of_range");
    }

    boolean isMissing(String field) {
        return !object.hasNonNull(field);
    }

    <T> T problem(String field, String what, String type) {
        problems.add(Problem.body(field, "'" + field + "' " + what, type));
        return null;
    }

    /** @throws ApiException 422 with everything found so far */
    void requireNone() {
        if (!problems.isEmpty()) {
            throw ApiException.invalid(problems);
        }
    }

    private static String shortened(String name) {
        return name.length() <= LONGEST_TEXT ? name : name.substring(0, LONGEST_TEXT) + "…";
    }
}
