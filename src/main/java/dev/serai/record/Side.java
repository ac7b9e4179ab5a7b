package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.change.RecordKey;
import dev.serai.conflict.ConflictKey;
import dev.serai.conflict.OpenConflict;
import dev.serai.rules.Stamps.Agreed;
import dev.serai.rules.Told;
import dev.serai.rules.Values;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/** What a store is known to have of a record, while a batch is decided: what is kept of it, and what follows from the record itself. */
final class Side {

    /** Begins the name under which the base of a source that is pulled is kept; no store's id has a colon. */
    private static final String PULLED = "pull:";

    private final String storeId;
    private final RecordKey record;
    private final Place place;
    private final Set<String> changed = new HashSet<>();
    private Kept kept;
    private ObjectNode base;
    private Told told;
    private ObjectNode sent;
    private ObjectNode delivered;
    private Set<String> agreed = Set.of();
    private boolean deleted;
    private boolean touched;

    private Side(String storeId, RecordKey record, Place place, boolean deleted, Kept kept) {
        this.storeId = storeId;
        this.record = record;
        this.place = place;
        this.deleted = deleted;
        this.kept = kept;
    }

    /**
     * What is kept of it.
     *
     * @param delivered what the store has got since the rest was written
     * @param content   of the record as it was read, from which the rest follows; null for none
     */
    record Kept(String base, String told, String sent, String delivered, Content content) {

        static final Kept NOTHING = new Kept(null, null, null, null, null);
    }

    /**
     * Where in the table a row stands.
     *
     * @param row    its {@code ctid}
     * @param writer its {@code xmin}: who wrote what is there
     */
    record Place(String row, String writer) {}

    static Side read(String storeId, RecordKey record, Place place, boolean deleted, Kept kept) {
        return new Side(storeId, record, place, deleted, kept);
    }

    /** Of a store of which nothing is known yet. */
    static Side unknown(String storeId, RecordKey record) {
        return new Side(storeId, record, null, false, Kept.NOTHING);
    }

    /** Takes apart what was read, like {@link Content}: before anything else is asked of it. */
    Side open() {
        if (kept != null) {
            base = Values.object(kept.base);
            told = Told.parse(kept.told);
            sent = Values.object(kept.sent);
            Agreed read = kept.content == null ? null : kept.content.stamps().agreed();
            if (isOf(read)) {
                agreed = read.told().fields();
                agreed.forEach(field -> base.set(field, Values.orNull(kept.content.fields().get(field))));
                told.putAll(read.told());
            }
            delivered = Values.object(kept.delivered);
            base.setAll(delivered);
            kept = null;
        }
        return this;
    }

    /** Whose side a source is that tells its whole content each time it is pulled. */
    static String ofSource(String source) {
        return PULLED + source;
    }

    /** The store and the platform know of each other's value. */
    void agree(String field, JsonNode value) {
        if (!base.has(field) || !Values.same(base.get(field), value)) {
            base.set(field, Values.orNull(value));
            changed.add(field);
        }
    }

    /** Whether it is this store's. */
    boolean isOf(Agreed one) {
        return one != null && one.storeId().equals(storeId);
    }

    /**
     * Whether all that has changed, and all that has followed from the record before, follows from the record as it is now. What is on its way
     * to the store or was delivered to it counts whatever the record has, and so does not.
     */
    boolean follows(Content content) {
        if (touched || !isKnown()) {
            return false;
        }
        for (String field : news()) {
            if (told.at(field) == null || sent.has(field) || delivered.has(field) || !Values.same(base.get(field), content.fields().get(field))) {
                return false;
            }
        }
        return true;
    }

    /** What is not kept here. */
    private Set<String> news() {
        if (agreed.isEmpty()) {
            return changed;
        }
        Set<String> news = new HashSet<>(agreed);
        news.addAll(changed);
        return news;
    }

    Agreed agreed() {
        return new Agreed(storeId, told.of(news()));
    }

    /** Whether a field has changed. */
    boolean isChanged() {
        return !changed.isEmpty();
    }

    /** All that is known is kept here, and nothing follows from the record any more. */
    void keep() {
        touched |= !changed.isEmpty() || !agreed.isEmpty();
    }

    /** The platform has the store's value. */
    void settle(OpenConflict conflict) {
        String field = conflict.key().field();
        if (conflict.key().isExistence()) {
            deleted(conflict.settled(BooleanNode.valueOf(deleted), sent(field)).booleanValue());
        } else {
            agree(field, conflict.settled(base.get(field), sent(field)));
        }
    }

    /** The store has told the field since it was sent: what was sent says nothing any more of what the store has. */
    void forgetSent(String field) {
        touched |= sent.remove(field) != null;
    }

    /** Whatever is on its way to the store: nobody knows whether it has it, or lost it again. */
    void forgetSent() {
        touched |= !sent.isEmpty();
        sent.removeAll();
    }

    /** The store has nothing of the record any more; what is on its way to it is another matter. */
    void forgetBase() {
        base.removeAll();
        touched = true;
    }

    void told(String field, Instant at) {
        if (told.put(field, at)) {
            touched |= field.equals(ConflictKey.EXISTENCE);
            changed.add(field);
        }
    }

    void deleted(boolean now) {
        touched |= deleted != now;
        deleted = now;
    }

    /** It is to be written, also where nothing of it has changed. */
    void touch() {
        touched = true;
    }

    String storeId() {
        return storeId;
    }

    RecordKey record() {
        return record;
    }

    /** Whether it was in the table. */
    boolean isKnown() {
        return place != null;
    }

    Place place() {
        return place;
    }

    boolean isTouched() {
        return touched;
    }

    ObjectNode base() {
        return base;
    }

    Told told() {
        return told;
    }

    /** Null where nothing of the field is on its way. */
    JsonNode sent(String field) {
        return sent.get(field);
    }

    ObjectNode sent() {
        return sent;
    }

    boolean isDeleted() {
        return deleted;
    }
}
