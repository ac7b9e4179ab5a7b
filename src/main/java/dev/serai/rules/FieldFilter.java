package dev.serai.rules;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One condition that a record has to meet to be synced.
 *
 * @param operator {@code equals}, {@code not_equals}, {@code greater_than}, {@code less_than}, {@code in}, {@code not_in}, {@code contains},
 *                 {@code exists}
 * @param value    what the field is compared with; a list for {@code in} and {@code not_in}
 */
public record FieldFilter(String field, String operator, JsonNode value) {}
