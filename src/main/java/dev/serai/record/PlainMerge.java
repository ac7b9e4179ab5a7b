package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.change.Change;
import dev.serai.change.Operation;
import dev.serai.change.Outcome;
import dev.serai.conflict.ConflictKey;
import dev.serai.journal.Effect;
import dev.serai.journal.Entry;
import dev.serai.rules.LastWriteWins;
import dev.serai.rules.Stamp;
import dev.serai.rules.Stamps;
import dev.serai.rules.Values;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Merges a change that is no store's: the platform's own edit, a source's content, or what a person decided. Of each field the newer edit
 * stands; what a person decided always does.
 */
final class PlainMerge {

    private static final String ADD = "$add";
    private static final String DECIDED = "decision";

    private final Writes writes;
    private final Draft draft;
    private final Entry entry;
    private final Change change;
    private final Current current;
    private final Trace trace = new Trace();
    private boolean took;
    private boolean kept;
    private boolean restamped;

    PlainMerge(Writes writes, Draft draft, Entry entry) {
        this.writes = writes;
        this.draft = draft;
        this.entry = entry;
        this.change = entry.change();
        this.current = draft.current();
    }

    void apply() {
        if (change.operation() == Operation.DELETE) {
            delete();
        } else if (current == null) {
            create();
        } else {
            merge();
        }
    }

    private Stamp stamp() {
        return new Stamp(change.modifiedAt(), change.writer());
    }

    /** What a person decided is later than whatever is there, but for the restoring of an earlier stamp. */
    private Stamp stampOver(Stamp before) {
        if (entry.stamp() != null) {
            return entry.stamp();
        }
        boolean behind = change.isDecision() && before != null && !change.modifiedAt().isAfter(before.at());
        return behind ? new Stamp(before.at().plus(1, ChronoUnit.MICROS), change.writer()) : stamp();
    }

    private void create() {
        Content content = new Content(Values.object(), change.partial() ? Stamps.none() : Stamps.whole(stamp()));
        Values.object(change.payload()).properties().forEach(field -> {
            JsonNode value = added(field.getValue(), null);
            content.fields().set(field.getKey(), value);
            content.stamps().put(field.getKey(), stamp());
            trace.wrote(field.getKey(), null, value);
        });
        if (content.stamps().newest() == null) {
            content.stamps().putWhole(stamp());
        }
        writes.merge(entry, draft, Effect.CREATED, "new", content, trace);
    }

    private void merge() {
        Content after = current.content().copy();
        ObjectNode incoming = Values.object(change.payload());
        boolean isAboutExistence = change.isDecision() && incoming.remove(ConflictKey.EXISTENCE) != null;
        Map<String, Stamp> restated = new HashMap<>();
        Side source = change.fromPull() && !change.partial() ? draft.side(Side.ofSource(change.writer())) : null;
        fields(incoming, after).forEach(field -> {
            if (source != null && isRestated(source, field, incoming.get(field), after.stamps().of(field))) {
                restated.put(field, after.stamps().of(field));
            } else {
                write(field, incoming.get(field), after);
            }
            if (source != null && source.base().has(field)) {
                source.agree(field, incoming.get(field));
            }
        });
        if (!change.partial()) {
            Stamp whole = after.stamps().ofWhole();
            restamped |= whole == null || stamp().compareTo(whole) > 0;
            after.stamps().putWhole(stamp());
            restated.forEach(after.stamps()::put);
        }
        boolean revives = current.deleted() && (change.isDecision() ? isAboutExistence : stamp().compareTo(current.stamp()) > 0);
        if (revives) {
            trace.wrote(ConflictKey.EXISTENCE, BooleanNode.TRUE, BooleanNode.FALSE);
        }
        if (current.deleted() ? revives : took) {
            writes.merge(entry, draft, revives ? Effect.CREATED : Effect.UPDATED, rule(), after, trace);
            return;
        }
        if (restamped || took) {
            writes.quietly(entry, draft, current.deleted() ? current.stamp() : after.stamps().newest(), after, trace);
        }
        entry.decide(kept || took ? Outcome.SUPERSEDED : Outcome.UNCHANGED, null, kept || took ? rule() : null);
    }

    /** Somebody has written the field since the source told this value first: its telling it again, with a newer time, undoes nothing. */
    private boolean isRestated(Side source, String field, JsonNode value, Stamp before) {
        return source.base().has(field)
                && Values.same(source.base().get(field), value)
                && before != null
                && !before.writer().equals(change.writer());
    }

    private String rule() {
        return change.isDecision() ? DECIDED : LastWriteWins.NAME;
    }

    private Set<String> fields(ObjectNode incoming, Content content) {
        Set<String> fields = new LinkedHashSet<>();
        incoming.fieldNames().forEachRemaining(fields::add);
        if (!change.partial()) {
            content.fields().fieldNames().forEachRemaining(fields::add);
        }
        return fields;
    }

    private void write(String field, JsonNode value, Content after) {
        JsonNode before = after.fields().get(field);
        Stamp beforeStamp = after.stamps().of(field);
        Stamp over = stampOver(beforeStamp);
        boolean adds = isAddition(value);
        JsonNode next = added(value, before);
        boolean stands = adds || change.isDecision() || LastWriteWins.isNewer(over, next, beforeStamp, before) || isRereading(beforeStamp);
        if (Values.same(next, before)) {
            if (stands && (beforeStamp == null || over.compareTo(beforeStamp) > 0 || entry.stamp() != null)) {
                restamped |= change.partial();
                after.stamps().put(field, written(over));
            }
        } else if (stands) {
            took = true;
            trace.wrote(field, before, next);
            if (next == null) {
                after.fields().remove(field);
            } else {
                after.fields().set(field, next);
            }
            after.stamps().put(field, adds && beforeStamp != null && beforeStamp.compareTo(over) > 0 ? beforeStamp : written(over));
        } else {
            kept |= !isKnownAlready();
        }
    }

    private static Stamp written(Stamp stamp) {
        return stamp.equals(Stamp.NEVER) ? null : stamp;
    }

    /** A pull is read in order: what it reads again with the same time is the newer reading. */
    private boolean isRereading(Stamp before) {
        return change.fromPull() && stamp().equals(before);
    }

    /** A whole edit that is merged already says nothing new, however often a pull reads it again. */
    private boolean isKnownAlready() {
        Stamp whole = current.content().stamps().ofWhole();
        return change.fromPull() && whole != null && stamp().compareTo(whole) <= 0;
    }

    private static boolean isAddition(JsonNode value) {
        return value != null && value.isObject() && value.size() == 1 && value.path(ADD).isNumber();
    }

    private static JsonNode added(JsonNode value, JsonNode before) {
        return isAddition(value) ? Values.plus(before, value.get(ADD)) : value;
    }

    private void delete() {
        if (current == null || current.deleted()) {
            if (current != null && stamp().compareTo(current.stamp()) > 0) {
                writes.quietly(entry, draft, stamp(), current.content(), trace);
            }
            entry.decide(Outcome.UNCHANGED, null, null);
            return;
        }
        Stamp over = stampOver(current.stamp());
        if (change.isDecision() || over.compareTo(current.stamp()) > 0 || change.fromPull()) {
            trace.wrote(ConflictKey.EXISTENCE, BooleanNode.FALSE, BooleanNode.TRUE);
            writes.delete(entry, draft, rule(), current.content().copy(), trace, over);
        } else {
            entry.decide(Outcome.SUPERSEDED, null, LastWriteWins.NAME);
        }
    }
}
