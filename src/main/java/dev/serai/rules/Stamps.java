package dev.serai.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.change.Timestamps;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who wrote each field of a record, and when. An edit of the whole record stamps every field, also those that it left out; a later edit of
 * one field stamps that one.
 *
 * <p>A field is agreed where its writer is a store that has told this very value at this very time: then what the store has of it follows
 * from the record, and is not kept a second time.
 *
 * <p>As text: a JSON array with one array a stamp, of its microseconds since 1970, its writer, {@code true} if its fields are agreed, and its
 * fields, {@code ""} for the whole.
 */
public final class Stamps {

    private static final String WHOLE = "";

    private Stamp whole;
    private final Map<String, Stamp> own;
    private final Set<String> agreed;

    private Stamps(Stamp whole, Map<String, Stamp> own, Set<String> agreed) {
        this.whole = whole;
        this.own = own;
        this.agreed = agreed;
    }

    /** Of a record that was written as a whole. */
    public static Stamps whole(Stamp whole) {
        return new Stamps(whole, new HashMap<>(), new HashSet<>());
    }

    /** Of a record of which nobody has written anything. */
    public static Stamps none() {
        return new Stamps(null, new HashMap<>(), new HashSet<>());
    }

    public static Stamps parse(String text) {
        Stamps stamps = none();
        for (JsonNode group : Values.read(text)) {
            Stamp stamp = new Stamp(Timestamps.ofMicros(group.get(0).longValue()), group.get(1).textValue());
            boolean isAgreed = group.path(2).isBoolean();
            for (int i = isAgreed ? 3 : 2; i < group.size(); i++) {
                String field = group.get(i).textValue();
                if (field.equals(WHOLE)) {
                    stamps.whole = stamp;
                } else {
                    stamps.own.put(field, stamp);
                }
                if (isAgreed) {
                    stamps.agreed.add(field);
                }
            }
        }
        return stamps;
    }

    /** The text of it; null where all fields are of the same whole edit. */
    public String text() {
        if (own.isEmpty()) {
            return whole == null ? "[]" : null;
        }
        Map<Group, StringBuilder> groups = new LinkedHashMap<>();
        if (whole != null) {
            write(WHOLE, whole, groups);
        }
        own.forEach((field, stamp) -> write(field, stamp, groups));
        return array(groups.values());
    }

    private record Group(Stamp stamp, boolean agreed) {

        StringBuilder begin() {
            StringBuilder group = new StringBuilder(128).append(Timestamps.micros(stamp.at())).append(',');
            Values.write(stamp.writer(), group);
            return agreed ? group.append(",true") : group;
        }
    }

    private void write(String field, Stamp stamp, Map<Group, StringBuilder> groups) {
        Values.write(field, groups.computeIfAbsent(new Group(stamp, agreed.contains(field)), Group::begin).append(','));
    }

    /** A JSON array of arrays, of which only the outer brackets are missing. */
    static String array(Collection<StringBuilder> groups) {
        return groups.stream().collect(Collectors.joining("],[", "[[", "]]"));
    }

    /** Null where nobody has written the field. */
    public Stamp of(String field) {
        return own.getOrDefault(field, whole);
    }

    /** The stamp of the last edit of the whole, or null. */
    public Stamp ofWhole() {
        return whole;
    }

    /** The field was written, or put back as it was. */
    public void put(String field, Stamp stamp) {
        agreed.remove(field);
        if (stamp == null || stamp.equals(whole)) {
            own.remove(field);
        } else {
            own.put(field, stamp);
        }
    }

    /** All fields were written; those written later by themselves keep their stamps. */
    public void putWhole(Stamp stamp) {
        if (whole == null || stamp.compareTo(whole) > 0) {
            whole = stamp;
            own.values().removeIf(one -> one.compareTo(stamp) <= 0);
            agreed.retainAll(own.keySet());
        }
    }

    /** The field's writer has told what the record has of it, as of that time. Only of a field with a stamp of its own. */
    public void agree(String field) {
        agreed.add(field);
    }

    /** What the field's writer has of it is kept beside the record. */
    public void disagree(String field) {
        agreed.remove(field);
    }

    public boolean isAgreed(String field) {
        return agreed.contains(field);
    }

    /** The fields of which the store has what the record has. */
    public List<String> agreedBy(String storeId) {
        return agreed.isEmpty() ? List.of() : agreed.stream().filter(field -> own.get(field).writer().equals(storeId)).toList();
    }

    /** The stores that have what the record has of any field. */
    public Set<String> agreeing() {
        return agreed.isEmpty() ? Set.of() : agreed.stream().map(field -> own.get(field).writer()).collect(Collectors.toSet());
    }

    /** Whether the field has this stamp by an edit of its own. */
    public boolean isOf(String field, String writer, Instant at) {
        Stamp stamp = own.get(field);
        return stamp != null && stamp.writer().equals(writer) && stamp.at().equals(at);
    }

    /** The latest of all; null where there is none. */
    public Stamp newest() {
        Stamp newest = whole;
        for (Stamp stamp : own.values()) {
            newest = newest == null || stamp.compareTo(newest) > 0 ? stamp : newest;
        }
        return newest;
    }

    public Stamps copy() {
        return new Stamps(whole, new HashMap<>(own), new HashSet<>(agreed));
    }

    /** Fields with a stamp of their own. */
    List<String> fields() {
        return List.copyOf(own.keySet());
    }
}
