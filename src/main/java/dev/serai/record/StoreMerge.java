package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.List;
import java.util.Objects;

/** Merges one change of a store into its record, field by field, by the store's rules. */
final class StoreMerge extends StoreChange {

    private static final String DIRECTION = "direction";

    private final List<Decided> decided = new ArrayList<>();
    private final boolean isDisputed;
    private boolean took;
    private boolean asked;
    private boolean kept;
    private boolean late;
    private boolean restamped;
    private long dispute = Differing.NO_DISPUTE;

    private record Decided(FieldCase field, Decision decision) {}

    StoreMerge(Writes writes, Draft draft, Entry entry, EntityRules rules) {
        super(writes, draft, entry, rules);
        this.isDisputed = writes.conflicts().isAbout(draft.key());
    }

    void apply() {
        if (!rules.takesFromStore()) {
            entry.decide(Outcome.FILTERED, null, DIRECTION);
            return;
        }
        if (change.operation() == Operation.DELETE) {
            side.forgetSent(ConflictKey.EXISTENCE);
            new StoreExistence(writes, draft, entry, rules).delete();
        } else {
            ObjectNode incoming = rules.cut(Values.object(change.payload()));
            if (current == null && isBeforeItsDelete()) {
                entry.decide(Outcome.SUPERSEDED, null, OLDER);
            } else if (current == null) {
                create(incoming);
            } else if (current.deleted()) {
                new StoreExistence(writes, draft, entry, rules).revive(incoming);
            } else {
                merge(incoming);
            }
        }
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
        writes.merge(entry, draft, Effect.CREATED, "new", content, trace);
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
            writes.merge(entry, draft, Effect.UPDATED, rule(), after, trace);
        } else if (restamped) {
            writes.quietly(entry, draft, after.stamps().newest(), after, trace);
        }
        finish();
    }

    /** What a person is to decide about the field; null for nothing. */
    private OpenConflict pending(String field) {
        return isDisputed ? writes.conflicts().find(writes.conflict(entry, field)) : null;
    }

    /** Whether the store has made a record again that it had deleted: it has what it tells, and nobody has to decide about the delete. */
    private boolean hasItAgain() {
        OpenConflict deleted = pending(ConflictKey.EXISTENCE);
        return side.isDeleted() || deleted != null && !change.modifiedAt().isBefore(deleted.storeModifiedAt());
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

    private void decide(String field, JsonNode incoming, Content before) {
        OpenConflict pending = pending(field);
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

    /** Never before the value that it replaces, and never ahead of our clock. */
    private Stamp effective(FieldCase field) {
        Instant at = rules.isAhead(field) ? entry.acceptedAt() : stamp.at();
        Stamp before = field.currentStamp();
        return before != null && before.at().isAfter(at) ? new Stamp(before.at(), stamp.writer()) : new Stamp(at, stamp.writer());
    }

    /** What the store told is known from now on; what is to be decided stays open. */
    private void remember(Decided d) {
        FieldCase field = d.field();
        if (d.decision() == NoEdit.OLDER) {
            return;
        }
        OpenConflict pending = pending(field.field());
        if (d.decision() == NoEdit.RESTATED && pending != null && Values.same(pending.storeValue(), field.incoming())) {
            return;
        }
        if (rules.showsArrival(field)) {
            side.forgetSent(field.field());
        }
        if (d.decision() instanceof AskPerson ask) {
            writes.conflicts().ask(
                    writes.conflict(entry, field.field()), entry, ask.reason(), field.incoming(), field.current(), change.modifiedAt(), field.currentStamp(), field.base());
            if (ask.reason() != Reason.FUTURE_CLOCK) {
                side.told(field.field(), change.modifiedAt());
            }
            side.touch();
            return;
        }
        if (pending != null) {
            writes.conflicts().end(pending.key());
            if (d.decision() == NoEdit.RESTATED) {
                // It was not sent the platform's value as long as somebody was to decide.
                writes.differs(entry, Differing.NO_DISPUTE);
            }
        }
        remember(field.field(), field.incoming(), rules.isAhead(field) ? entry.acceptedAt() : change.modifiedAt());
    }
}
