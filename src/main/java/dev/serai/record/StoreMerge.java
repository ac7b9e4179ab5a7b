package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.change.Change;
import dev.serai.change.Operation;
import dev.serai.change.Outcome;
import dev.serai.conflict.ConflictKey;
import dev.serai.conflict.OpenConflict;
import dev.serai.journal.Effect;
import dev.serai.journal.Entry;
import dev.serai.rules.Decision;
import dev.serai.rules.Decision.AskPerson;
import dev.serai.rules.Decision.KeepCurrent;
import dev.serai.rules.Decision.NoEdit;
import dev.serai.rules.Decision.TakeIncoming;
import dev.serai.rules.EntityRules;
import dev.serai.rules.FieldCase;
import dev.serai.rules.Reason;
import dev.serai.rules.Stamp;
import dev.serai.rules.Stamps;
import dev.serai.rules.Values;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Merges one change of a store into its record, field by field, by the store's rules. */
final class StoreMerge {

    private static final String OLDER = "older_than_known";
    private static final String DIRECTION = "direction";

    private final Writes writes;
    private final Entry entry;
    private final Change change;
    private final EntityRules rules;
    private final Current current;
    private final Side side;
    private final Stamp stamp;

    private final List<Decided> decided = new ArrayList<>();
    private final Trace trace = new Trace();
    private final Set<String> ruleNames = new LinkedHashSet<>();
    private boolean took;
    private boolean asked;
    private boolean kept;
    private boolean late;
    private boolean restamped;
    private long dispute = Differing.NO_DISPUTE;

    private record Decided(FieldCase field, Decision decision) {}

    StoreMerge(Writes writes, Entry entry, EntityRules rules) {
        this.writes = writes;
        this.entry = entry;
        this.change = entry.change();
        this.rules = rules;
        this.current = writes.record(change.recordKey());
        this.side = writes.side(change.recordKey(), change.storeId());
        this.stamp = new Stamp(change.modifiedAt(), change.writer());
    }

    void apply() {
        if (!rules.takesFromStore()) {
            entry.decide(Outcome.FILTERED, null, DIRECTION);
            return;
        }
        if (change.operation() == Operation.DELETE) {
            side.forgetSent(ConflictKey.EXISTENCE);
            delete();
        } else {
            ObjectNode incoming = rules.cut(Values.object(change.payload()));
            if (current == null && isBeforeItsDelete()) {
                entry.decide(Outcome.SUPERSEDED, null, OLDER);
            } else if (current == null) {
                create(incoming);
            } else if (current.deleted()) {
                revive(incoming);
            } else {
                merge(incoming);
            }
        }
    }

    /** Whether the store has told that it deleted the record since. */
    private boolean isBeforeItsDelete() {
        return side.told().isAfter(ConflictKey.EXISTENCE, change.modifiedAt());
    }

    /** A new record has nothing to compete with. */
    private void create(ObjectNode incoming) {
        Stamp mine = mine();
        Content content = new Content(Values.object(), change.partial() ? Stamps.none() : Stamps.whole(mine));
        incoming.properties().forEach(field -> {
            if (rules.syncs(field.getKey()) || rules.isKey(field.getKey()) || field.getKey().equals(rules.modifiedField())) {
                content.fields().set(field.getKey(), field.getValue());
                content.stamps().put(field.getKey(), mine);
            }
        });
        if (!rules.passesFilters(content.fields(), incoming)) {
            entry.decide(Outcome.FILTERED, null, null);
            return;
        }
        if (content.stamps().newest() == null) {
            content.stamps().putWhole(mine);
        }
        content.fields().properties().forEach(field -> {
            if (rules.syncs(field.getKey())) {
                remember(field.getKey(), field.getValue(), mine.at());
                trace.edited(field.getKey(), null, field.getValue(), null, null);
            }
        });
        side.deleted(false);
        side.touch();
        writes.merge(entry, null, Effect.CREATED, "new", content, trace);
    }

    private void merge(ObjectNode incoming) {
        Content before = current.content();
        Content after = before.copy();
        boolean hasIt = !isBeforeItsDelete();
        boolean again = hasIt && hasItAgain();
        if (again) {
            side.forgetBase();
        }
        fields(incoming).forEach(field -> decide(field, incoming.get(field), before));
        decided.forEach(d -> write(d, after));
        if ((took || asked || kept) && !rules.passesFilters(after.fields(), incoming)) {
            entry.decide(Outcome.FILTERED, null, null);
            return;
        }
        if (decided.stream().anyMatch(d -> d.decision() != NoEdit.RESTATED && d.decision() != NoEdit.OLDER)) {
            arrivedOrNot();
        }
        decided.forEach(this::remember);
        if (hasIt) {
            side.deleted(false);
        }
        if (again) {
            side.forgetSent();
            writes.conflicts().end(writes.conflict(entry, ConflictKey.EXISTENCE));
            writes.differs(entry, Differing.NO_DISPUTE);
        }
        if (!side.isKnown()) {
            side.touch();
        }
        if (took) {
            takeTime(incoming, after);
            writes.merge(entry, current, Effect.UPDATED, rule(), after, trace);
        } else if (restamped) {
            writes.quietly(entry, current, after.stamps().newest(), after, trace);
        }
        finish();
    }

    /** Whether the store has made a record again that it had deleted: it has what it tells, and nobody has to decide about the delete. */
    private boolean hasItAgain() {
        OpenConflict deleted = writes.conflicts().find(writes.conflict(entry, ConflictKey.EXISTENCE));
        return side.isDeleted() || deleted != null && !change.modifiedAt().isBefore(deleted.storeModifiedAt());
    }

    /** The store has told something new: nobody knows whether a delete that is on its way to it took away what it had before. */
    private void arrivedOrNot() {
        JsonNode gone = side.sent(ConflictKey.EXISTENCE);
        if (gone != null && gone.booleanValue()) {
            side.forgetBase();
            writes.differs(entry, Differing.NO_DISPUTE);
        }
        side.forgetSent(ConflictKey.EXISTENCE);
    }

    private void finish() {
        if (!took) {
            boolean superseded = kept || late;
            entry.decide(superseded ? Outcome.SUPERSEDED : Outcome.UNCHANGED, null, kept ? rule() : late ? OLDER : null);
            entry.trace(trace.text());
        }
        if (asked) {
            entry.contest();
        }
        if (kept) {
            writes.differs(entry, dispute);
        }
    }

    private String rule() {
        return String.join(", ", ruleNames);
    }

    /** What the change names; a change of the whole record also says that what the store had before and it leaves out is gone. */
    private Set<String> fields(ObjectNode incoming) {
        Set<String> fields = new LinkedHashSet<>();
        incoming.fieldNames().forEachRemaining(fields::add);
        if (!change.partial()) {
            side.base().fieldNames().forEachRemaining(fields::add);
        }
        fields.removeIf(field -> !rules.syncs(field));
        return fields;
    }

    private void decide(String field, JsonNode incoming, Content before) {
        OpenConflict pending = writes.conflicts().find(writes.conflict(entry, field));
        FieldCase one = new FieldCase(
                field,
                incoming,
                stamp,
                entry.acceptedAt(),
                before.fields().get(field),
                before.stamps().of(field),
                side.base().get(field),
                side.sent(field),
                pending == null ? null : pending.storeValue(),
                side.told().isAfter(field, change.modifiedAt()));
        decided.add(new Decided(one, rules.decide(one)));
    }

    private void write(Decided d, Content after) {
        FieldCase field = d.field();
        if (d.decision() instanceof TakeIncoming take) {
            ruleNames.add(take.rule());
            took |= !Values.same(take.value(), field.current());
            kept |= !Values.same(take.value(), field.incoming());
            set(after.fields(), field.field(), take.value());
            after.stamps().put(field.field(), effective(field));
            trace.edited(field.field(), field.current(), take.value(), field.base(), field.currentStamp());
        } else if (d.decision() instanceof KeepCurrent keep) {
            ruleNames.add(keep.rule());
            kept = true;
            dispute = 31 * dispute + Objects.hash(field.field(), Values.hash(field.incoming()), Values.hash(field.current()));
            trace.edited(field.field(), field.current(), field.current(), field.base(), field.currentStamp());
        } else if (d.decision() instanceof AskPerson) {
            asked = true;
            trace.edited(field.field(), field.current(), field.current(), field.base(), field.currentStamp());
        } else if (d.decision() == NoEdit.OLDER) {
            late |= !Values.same(field.incoming(), field.current());
        } else if (d.decision() == NoEdit.AGREES && !field.isRestated() && !rules.isAhead(field) && isNewer(field.currentStamp())) {
            restamped = true;
            after.stamps().put(field.field(), stamp);
        }
    }

    private boolean isNewer(Stamp other) {
        return other == null || stamp.compareTo(other) > 0;
    }

    /** Never before the value that it replaces, and never ahead of our clock. */
    private Stamp effective(FieldCase field) {
        Instant at = rules.isAhead(field) ? entry.acceptedAt() : stamp.at();
        Stamp before = field.currentStamp();
        return before != null && before.at().isAfter(at) ? new Stamp(before.at(), stamp.writer()) : new Stamp(at, stamp.writer());
    }

    private static void set(ObjectNode fields, String field, JsonNode value) {
        if (value == null) {
            fields.remove(field);
        } else {
            fields.set(field, value);
        }
    }

    /** What the store told is known from now on; what is to be decided stays open. */
    private void remember(Decided d) {
        FieldCase field = d.field();
        if (d.decision() == NoEdit.OLDER) {
            return;
        }
        ConflictKey key = writes.conflict(entry, field.field());
        OpenConflict pending = writes.conflicts().find(key);
        if (d.decision() == NoEdit.RESTATED && pending != null && Values.same(pending.storeValue(), field.incoming())) {
            return;
        }
        if (rules.showsArrival(field)) {
            side.forgetSent(field.field());
        }
        if (d.decision() instanceof AskPerson ask) {
            writes.conflicts().ask(
                    key, entry, ask.reason(), field.incoming(), field.current(), change.modifiedAt(), field.currentStamp(), field.base());
            if (ask.reason() != Reason.FUTURE_CLOCK) {
                side.told(field.field(), change.modifiedAt());
            }
            side.touch();
            return;
        }
        writes.conflicts().end(key);
        if (pending != null && d.decision() == NoEdit.RESTATED) {
            // It was not sent the platform's value as long as somebody was to decide.
            writes.differs(entry, Differing.NO_DISPUTE);
        }
        remember(field.field(), field.incoming(), rules.isAhead(field) ? entry.acceptedAt() : change.modifiedAt());
    }

    private void remember(String field, JsonNode value, Instant at) {
        side.agree(field, value);
        side.told(field, at);
    }

    /** The field with the time of the last change goes with the newest change. */
    private void takeTime(ObjectNode incoming, Content after) {
        JsonNode time = incoming.get(rules.modifiedField());
        if (time != null && !change.modifiedAt().isBefore(current.modifiedAt())) {
            after.fields().set(rules.modifiedField(), time);
        }
    }

    private FieldCase existence(boolean storeWantsIt) {
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

    private void delete() {
        if (current == null || current.deleted()) {
            side.deleted(true);
            side.told(ConflictKey.EXISTENCE, change.modifiedAt());
            if (current != null && isNewer(current.stamp()) && !rules.isAhead(existence(false))) {
                // The later of two deletes is the one that an edit has to be newer than.
                writes.quietly(entry, current, stamp, current.content(), trace);
            }
            writes.conflicts().end(writes.conflict(entry, ConflictKey.EXISTENCE));
            entry.decide(Outcome.UNCHANGED, null, null);
            return;
        }
        if (side.told().isAnyAfter(change.modifiedAt())) {
            entry.decide(Outcome.SUPERSEDED, null, OLDER);
            return;
        }
        Content content = current.content();
        boolean platformChanged = !side.isKnown() && side.base().isEmpty()
                || content.fields().properties().stream().anyMatch(field ->
                        rules.syncs(field.getKey()) && !Values.same(field.getValue(), side.base().get(field.getKey())));
        FieldCase existence = existence(false);
        settle(existence, rules.decideExistence(existence, platformChanged), () -> {
            Content after = content.copy();
            Trace gone = new Trace();
            gone.edited(ConflictKey.EXISTENCE, BooleanNode.FALSE, BooleanNode.TRUE, null, current.stamp());
            writes.delete(entry, current, rule(), after, gone, stamp);
        });
        if (entry.outcome() != Outcome.CONFLICT) {
            side.deleted(true);
            side.told(ConflictKey.EXISTENCE, change.modifiedAt());
        }
    }

    private void revive(ObjectNode incoming) {
        Set<String> fields = fields(incoming);
        Set<String> edits = new LinkedHashSet<>(fields);
        if (side.isKnown() && !side.isDeleted()) {
            edits.removeIf(field -> Values.same(incoming.get(field), side.base().get(field)));
            if (edits.isEmpty()) {
                entry.decide(Outcome.UNCHANGED, null, null);
                return;
            }
        }
        arrivedOrNot();
        fields.removeIf(field -> side.told().isAfter(field, change.modifiedAt()));
        edits.retainAll(fields);
        Content after = edited(edits, incoming);
        boolean older = isBeforeItsDelete() || edits.isEmpty();
        if (older) {
            entry.decide(Outcome.SUPERSEDED, null, OLDER);
        } else {
            FieldCase existence = existence(true);
            settle(existence, rules.decideExistence(existence, !side.isDeleted()), () -> {
                takeTime(incoming, after);
                trace.edited(ConflictKey.EXISTENCE, BooleanNode.TRUE, BooleanNode.FALSE, null, current.stamp());
                writes.merge(entry, current, Effect.CREATED, rule(), after, trace);
            });
        }
        boolean asks = entry.outcome() == Outcome.CONFLICT;
        if (asks || entry.outcome() == Outcome.SUPERSEDED) {
            // The deleted record keeps what was edited, so that it comes back alike whoever brings it back, and in whatever order.
            writes.quietly(entry, current, current.stamp(), after, trace);
        }
        if (!older) {
            learn(fields, incoming);
            if (!asks) {
                side.deleted(false);
            }
            if (entry.outcome() == Outcome.APPLIED) {
                // What others wrote has come back, too.
                writes.differs(entry, Differing.NO_DISPUTE);
            }
        }
    }

    /** What the store had before its own delete is gone there. */
    private void learn(Set<String> fields, ObjectNode incoming) {
        if (side.isDeleted()) {
            side.forgetBase();
            side.forgetSent();
        }
        fields.forEach(field -> {
            // What was to be decided about an earlier value went with the record.
            writes.conflicts().end(writes.conflict(entry, field));
            remember(field, incoming.get(field), mine().at());
        });
    }

    /** A time ahead of ours is taken for ours, so that it wins over nothing later. */
    private Stamp mine() {
        return rules.isAhead(existence(false)) ? new Stamp(entry.acceptedAt(), stamp.writer()) : stamp;
    }

    private Content edited(Set<String> fields, ObjectNode incoming) {
        Content after = current.content().copy();
        Stamp mine = mine();
        fields.forEach(field -> {
            Stamp other = after.stamps().of(field);
            if (other == null || mine.compareTo(other) > 0) {
                trace.edited(field, after.fields().get(field), incoming.get(field), side.base().get(field), other);
                set(after.fields(), field, incoming.get(field));
                after.stamps().put(field, mine);
            }
        });
        return after;
    }

    private void settle(FieldCase existence, Decision decision, Runnable take) {
        ConflictKey key = writes.conflict(entry, ConflictKey.EXISTENCE);
        if (decision instanceof AskPerson ask) {
            entry.decide(Outcome.CONFLICT, null, null);
            writes.conflicts().ask(
                    key, entry, ask.reason(), existence.incoming(), existence.current(), change.modifiedAt(), existence.currentStamp(),
                    BooleanNode.valueOf(side.isDeleted()));
            side.touch();
            return;
        }
        writes.conflicts().end(key);
        if (decision instanceof TakeIncoming taken) {
            ruleNames.add(taken.rule());
            take.run();
        } else if (decision instanceof KeepCurrent keep) {
            ruleNames.add(keep.rule());
            entry.decide(Outcome.SUPERSEDED, null, keep.rule());
            writes.differs(entry, Differing.NO_DISPUTE);
        }
    }
}
