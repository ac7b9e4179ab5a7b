package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.change.Change;
import dev.serai.conflict.ConflictKey;
import dev.serai.journal.Entry;
import dev.serai.rules.EntityRules;
import dev.serai.rules.FieldCase;
import dev.serai.rules.Stamp;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;

/** A change of a store on its way into its record: what is known of both, and what every way of deciding about it needs. */
abstract class StoreChange {

    static final String OLDER = "older_than_known";

    final Writes writes;
    final Draft draft;
    final Entry entry;
    final Change change;
    final EntityRules rules;
    final Current current;
    final Side side;
    final Stamp stamp;
    final Trace trace = new Trace();
    final Set<String> ruleNames = new LinkedHashSet<>();

    StoreChange(Writes writes, Draft draft, Entry entry, EntityRules rules) {
        this.writes = writes;
        this.draft = draft;
        this.entry = entry;
        this.change = entry.change();
        this.rules = rules;
        this.current = draft.current();
        this.side = draft.side(change.storeId());
        this.stamp = new Stamp(change.modifiedAt(), change.writer());
    }

    /** Whether the store has told that it deleted the record since. */
    boolean isBeforeItsDelete() {
        return side.told().isAfter(ConflictKey.EXISTENCE, change.modifiedAt());
    }

    /** A time ahead of ours is taken for ours, so that it wins over nothing later. */
    Stamp mine() {
        return rules.isAhead(existence(false)) ? new Stamp(entry.acceptedAt(), stamp.writer()) : stamp;
    }

    /** What the change names; a change of the whole record also says that what the store had before and it leaves out is gone. */
    Set<String> fields(ObjectNode incoming) {
        Set<String> fields = new LinkedHashSet<>();
        incoming.fieldNames().forEachRemaining(fields::add);
        if (!change.partial()) {
            side.base().fieldNames().forEachRemaining(fields::add);
        }
        fields.removeIf(field -> !rules.syncs(field));
        return fields;
    }

    /** The store has told something new: nobody knows whether a delete that is on its way to it took away what it had before. */
    void arrivedOrNot() {
        JsonNode gone = side.sent(ConflictKey.EXISTENCE);
        if (gone != null && gone.booleanValue()) {
            side.forgetBase();
            writes.differs(entry, Differing.NO_DISPUTE);
        }
        side.forgetSent(ConflictKey.EXISTENCE);
    }

    boolean isNewer(Stamp other) {
        return other == null || stamp.compareTo(other) > 0;
    }

    FieldCase existence(boolean storeWantsIt) {
        boolean there = current != null && !current.deleted();
        return new FieldCase(
                ConflictKey.EXISTENCE,
                BooleanNode.valueOf(!storeWantsIt),
                stamp,
                entry.acceptedAt(),
                BooleanNode.valueOf(!there),
                current == null ? null : current.stamp(),
                null,
                null,
                null,
                false);
    }

    static void set(ObjectNode fields, String field, JsonNode value) {
        if (value == null) {
            fields.remove(field);
        } else {
            fields.set(field, value);
        }
    }

    void remember(String field, JsonNode value, Instant at) {
        side.agree(field, value);
        side.told(field, at);
    }

    /** The field with the time of the last change goes with the newest change. */
    void takeTime(ObjectNode incoming, Content after) {
        JsonNode time = incoming.get(rules.modifiedField());
        if (time != null && !change.modifiedAt().isBefore(current.modifiedAt())) {
            after.fields().set(rules.modifiedField(), time);
        }
    }

    String rule() {
        return String.join(", ", ruleNames);
    }
}
