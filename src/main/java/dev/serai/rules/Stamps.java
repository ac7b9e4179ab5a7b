package dev.serai.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.change.Timestamps;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who wrote each field of a record, and when. An edit of the whole record stamps every field, also those that it left out; a later edit of
 * one field stamps that one.
 *
 * <p>With them it is kept which fields one store is known to have as they are in the record: these need no second place.
 *
 * <p>As text: a JSON array with one array a stamp, of its microseconds since 1970, its writer and its fields, {@code ""} for the whole; and
 * where there is such a store, an object at its end, with the store's id and its fields as in {@link Told}.
 */
public final class Stamps {

    private static final String WHOLE = "";

    private Stamp whole;
    private final Map<String, Stamp> own;
    private Agreed agreed;

    /** What a store has told that is in the record just like that. Not to be changed. */
    public record Agreed(String storeId, Told told) {}

    private Stamps(Stamp whole, Map<String, Stamp> own) {
        this.whole = whole;
        this.own = own;
    }

    /** Of a record that was written as a whole. */
    public static Stamps whole(Stamp whole) {
        return new Stamps(whole, new HashMap<>());
    }

    /** Of a record of which nobody has written anything. */
    public static Stamps none() {
        return new Stamps(null, new HashMap<>());
    }

    public static Stamps parse(String text) {
        Stamps stamps = none();
        for (JsonNode group : Values.read(text)) {
            if (group.isObject()) {
                Map.Entry<String, JsonNode> agreed = group.properties().iterator().next();
                stamps.agreed = new Agreed(agreed.getKey(), Told.of(agreed.getValue()));
                continue;
            }
            Stamp stamp = new Stamp(Timestamps.ofMicros(group.get(0).longValue()), group.get(1).textValue());
            for (int i = 2; i < group.size(); i++) {
                String field = group.get(i).textValue();
                if (field.equals(WHOLE)) {
                    stamps.whole = stamp;
                } else {
                    stamps.own.put(field, stamp);
                }
            }
        }
        return stamps;
    }

    /** Whether the text names fields that are agreed. */
    public static boolean isAgreed(String text) {
        return text.endsWith("}]");
    }

    /** The text of it; null where all fields are of the same whole edit, and none is agreed. */
    public String text() {
        if (own.isEmpty() && whole != null && agreed == null) {
            return null;
        }
        FieldGroups<Stamp> groups = new FieldGroups<>(Stamps::begin);
        if (whole != null) {
            groups.add(WHOLE, whole);
        }
        own.forEach(groups::add);
        return agreed == null ? groups.text() : withAgreed(groups.text());
    }

    private static StringBuilder begin(Stamp stamp) {
        StringBuilder group = new StringBuilder(128).append(Timestamps.micros(stamp.at())).append(',');
        Values.write(stamp.writer(), group);
        return group;
    }

    private String withAgreed(String text) {
        StringBuilder all = new StringBuilder(256).append(text, 0, text.length() - 1).append(text.length() > 2 ? ",{" : "{");
        Values.write(agreed.storeId(), all);
        return all.append(':').append(agreed.told().text()).append("}]").toString();
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
        }
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
        Stamps copy = new Stamps(whole, new HashMap<>(own));
        copy.agreed = agreed;
        return copy;
    }

    /** The store that has some fields as they are here, with these; or null. */
    public Agreed agreed() {
        return agreed;
    }

    public void agree(Agreed with) {
        agreed = with;
    }

    /** Fields with a stamp of their own. */
    List<String> fields() {
        return List.copyOf(own.keySet());
    }
}
