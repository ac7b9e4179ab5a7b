package dev.serai.record;

import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.change.Outcome;
import dev.serai.conflict.ConflictKey;
import dev.serai.journal.Effect;
import dev.serai.journal.Entry;
import dev.serai.rules.Decision;
import dev.serai.rules.Decision.AskPerson;
import dev.serai.rules.Decision.KeepCurrent;
import dev.serai.rules.Decision.TakeIncoming;
import dev.serai.rules.EntityRules;
import dev.serai.rules.FieldCase;
import dev.serai.rules.Stamp;
import dev.serai.rules.Values;
import java.util.LinkedHashSet;
import java.util.Set;

/** Decides whether a record is there: a store deletes it, or tells of one that is deleted, by the store's rules. */
final class StoreExistence extends StoreChange {

    StoreExistence(Writes writes, Draft draft, Entry entry, EntityRules rules) {
        super(writes, draft, entry, rules);
    }

    /** The store has deleted the record. */
    void delete() {
        if (current == null || current.deleted()) {
            side.deleted(true);
            side.told(ConflictKey.EXISTENCE, change.modifiedAt());
            if (current != null && isNewer(current.stamp()) && !rules.isAhead(existence(false))) {
                // The later of two deletes is the one that an edit has to be newer than.
                writes.quietly(entry, draft, stamp, current.content(), trace);
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
            writes.delete(entry, draft, rule(), after, gone, stamp);
        });
        if (entry.outcome() != Outcome.CONFLICT) {
            side.deleted(true);
            side.told(ConflictKey.EXISTENCE, change.modifiedAt());
        }
    }

    /** The store tells of a record that is deleted. */
    void revive(ObjectNode incoming) {
        Set<String> fields = fields(incoming);
        Set<String> edits = new LinkedHashSet<>(fields);
        if (side.isKnown() && !side.isDeleted()) {
            edits.removeIf(field -> Values.same(incoming.get(field), side.base().get(field)));
            if (edits.isEmpty()) {
                entry.decide(Outcome.UNCHANGED, null, null);
                return;
            }
        }
        fields.removeIf(field -> side.told().isAfter(field, change.modifiedAt()));
        edits.retainAll(fields);
        boolean older = isBeforeItsDelete() || edits.isEmpty();
        if (!older) {
            arrivedOrNot();
        }
        Content after = edited(edits, incoming);
        if (older) {
            entry.decide(Outcome.SUPERSEDED, null, OLDER);
        } else {
            FieldCase existence = existence(true);
            settle(existence, rules.decideExistence(existence, !side.isDeleted()), () -> {
                takeTime(incoming, after);
                trace.edited(ConflictKey.EXISTENCE, BooleanNode.TRUE, BooleanNode.FALSE, null, current.stamp());
                writes.merge(entry, draft, Effect.CREATED, rule(), after, trace);
            });
        }
        boolean asks = entry.outcome() == Outcome.CONFLICT;
        if (asks || entry.outcome() == Outcome.SUPERSEDED) {
            // The deleted record keeps what was edited, so that it comes back alike whoever brings it back, and in whatever order.
            writes.quietly(entry, draft, current.stamp(), after, trace);
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
