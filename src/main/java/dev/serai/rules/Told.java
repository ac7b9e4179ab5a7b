package dev.serai.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.change.Timestamps;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * When a store told each field last, by its own clock: what it tells of a field out of order is recognised by it.
 *
 * <p>As text: a JSON array with one array a time, of its microseconds since 1970 and its fields.
 */
public final class Told {

    private final Map<String, Instant> times;

    private Told(Map<String, Instant> times) {
        this.times = times;
    }

    public static Told parse(String text) {
        return text == null ? new Told(new HashMap<>()) : of(Values.read(text));
    }

    static Told of(JsonNode groups) {
        Map<String, Instant> times = new HashMap<>();
        for (JsonNode group : groups) {
            Instant at = Timestamps.ofMicros(group.get(0).longValue());
            for (int i = 1; i < group.size(); i++) {
                times.put(group.get(i).textValue(), at);
            }
        }
        return new Told(times);
    }

    /** Null where the store has told nothing. */
    public String text() {
        if (times.isEmpty()) {
            return null;
        }
        FieldGroups<Instant> groups = new FieldGroups<>(at -> new StringBuilder(128).append(Timestamps.micros(at)));
        times.forEach(groups::add);
        return groups.text();
    }

    /** Null where the store has not told the field. */
    public Instant at(String field) {
        return times.get(field);
    }

    public Set<String> fields() {
        return times.keySet();
    }

    /** The same of these fields alone. */
    public Told of(Collection<String> fields) {
        Told some = new Told(new HashMap<>(2 * fields.size()));
        fields.forEach(field -> some.times.put(field, times.get(field)));
        return some;
    }

    /** All that the other says is true of this. */
    public void putAll(Told later) {
        times.putAll(later.times);
    }

    /** Whether the store has told the field as of a later time already. */
    public boolean isAfter(String field, Instant at) {
        Instant told = times.get(field);
        return told != null && told.isAfter(at);
    }

    /** Whether the store has told anything as of a later time already. */
    public boolean isAnyAfter(Instant at) {
        return times.values().stream().anyMatch(told -> told.isAfter(at));
    }

    /** Answers whether it is news. */
    public boolean put(String field, Instant at) {
        Instant before = times.get(field);
        if (before != null && !at.isAfter(before)) {
            return false;
        }
        times.put(field, at);
        return true;
    }
}
