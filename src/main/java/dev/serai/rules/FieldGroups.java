package dev.serai.rules;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Fields that have something in common, as text: a JSON array with one array for each group, of what its fields have in common and their names. */
final class FieldGroups<T> {

    private final Map<T, StringBuilder> groups = new LinkedHashMap<>();
    private final Function<T, StringBuilder> begin;
    private T last;
    private StringBuilder group;

    /** @param begin writes what the fields of a group have in common, as the first elements of an array */
    FieldGroups(Function<T, StringBuilder> begin) {
        this.begin = begin;
    }

    void add(String field, T common) {
        // Most often all fields have the very same: then no group is looked for.
        if (common != last) {
            last = common;
            group = groups.computeIfAbsent(common, begin);
        }
        Values.write(field, group.append(','));
    }

    String text() {
        return groups.isEmpty() ? "[]" : "[[" + String.join("],[", groups.values()) + "]]";
    }
}
