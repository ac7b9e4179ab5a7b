package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import dev.serai.change.Change;
import dev.serai.change.RecordKey;
import dev.serai.conflict.ConflictKey;
import dev.serai.conflict.OpenConflict;
import dev.serai.journal.Effect;
import dev.serai.journal.Entry;
import dev.serai.rules.Stamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What was read for a batch, as its decisions change it one after the other, and so what there is to write. */
final class Writes {

    /** Who writes whole records and is never pulled. */
    private static final Set<String> NO_SOURCES = Set.of(Edits.PLATFORM, Change.DECISION);

    private final Map<RecordKey, Draft> drafts;
    private final Conflicts conflicts;
    private final List<Applied> applied = new ArrayList<>();
    private final List<Differing> differing = new ArrayList<>();

    Writes(Map<RecordKey, Current> records, Conflicts conflicts) {
        this.drafts = new HashMap<>(2 * records.size());
        records.forEach((key, current) -> drafts.put(key, new Draft(key, current)));
        this.conflicts = conflicts;
    }

    void add(Side side) {
        draft(side.record()).add(side);
    }

    Draft draft(RecordKey key) {
        return drafts.computeIfAbsent(key, k -> new Draft(k, null));
    }

    /** The record as it is by now, or null. */
    Current record(RecordKey key) {
        Draft draft = drafts.get(key);
        return draft == null ? null : draft.current();
    }

    /** Null where nobody needs it. */
    Content content(RecordKey key) {
        Current current = record(key);
        return current == null ? null : current.content();
    }

    /** The stores of which something follows from the records themselves. */
    Set<String> agreeing() {
        Set<String> stores = new HashSet<>();
        for (Draft draft : drafts.values()) {
            if (draft.content() != null && draft.content().isAgreed()) {
                stores.add(draft.content().stamps().agreed().storeId());
            }
        }
        return stores;
    }

    /** Nothing follows from the records any more: all is kept with the stores' sides. */
    void keepAll() {
        drafts.values().forEach(Draft::keepAll);
    }

    Conflicts conflicts() {
        return conflicts;
    }

    /** The change replaces the whole content, unseen. */
    void replace(Entry entry, Draft draft, Effect effect, String rule) {
        Change change = entry.change();
        boolean deleted = effect == Effect.DELETED;
        long hash = deleted ? draft.current().hash() : change.hash();
        Current after = next(entry, draft.current(), effect, rule, change.modifiedAt(), change.writer(), hash, null);
        String payload = change.payload() == null ? draft.payload() : change.payload();
        draft.write(payload, after);
        applied.add(new Applied(entry, payload, deleted, null));
    }

    /** The change makes a version with this content. */
    void merge(Entry entry, Draft draft, Effect effect, String rule, Content content, Trace trace) {
        Current before = draft.current();
        Stamp newest = content.stamps().newest();
        Content.Text text = content.text();
        Current after = next(entry, before, effect, rule, newest.at(), newest.writer(), text.hash(), content);
        draft.write(text.json(), after);
        entry.trace(trace.text());
        rememberWhatASourceTold(entry, before, draft, trace);
        boolean whole = before == null || before.deleted() != after.deleted();
        applied.add(new Applied(entry, text.json(), after.deleted(), whole ? null : trace.changed()));
        trace.changed().keySet().forEach(field -> tellConflicts(entry, draft, field));
    }

    /** A source that is pulled tells its value again each time; only another one is an edit of its own. */
    private void rememberWhatASourceTold(Entry entry, Current before, Draft draft, Trace trace) {
        Stamp whole = before == null || before.content() == null ? null : before.content().stamps().ofWhole();
        if (whole == null || NO_SOURCES.contains(whole.writer()) || whole.writer().equals(entry.change().writer())) {
            return;
        }
        trace.changed().forEach((field, value) -> {
            if (whole.equals(before.content().stamps().of(field))) {
                draft.side(Side.ofSource(whole.writer())).agree(field, value);
            }
        });
    }

    /** The change makes a version that says that the record is gone; its content stays, for the case that it comes back. */
    void delete(Entry entry, Draft draft, String rule, Content content, Trace trace, Stamp stamp) {
        Content.Text text = content.text();
        draft.write(text.json(), next(entry, draft.current(), Effect.DELETED, rule, stamp.at(), stamp.writer(), text.hash(), content));
        entry.trace(trace.text());
        applied.add(new Applied(entry, text.json(), true, null));
        tellConflicts(entry, draft, ConflictKey.EXISTENCE);
    }

    private static Current next(
            Entry entry, Current before, Effect effect, String rule, Instant at, String writer, long hash, Content content) {
        int version = before == null ? 1 : before.version() + 1;
        entry.apply(effect, rule, version, before == null ? null : before.lastChange());
        return new Current(
                before == null ? 0 : before.id(),
                version,
                at,
                writer,
                before == null ? entry.change().writer() : before.origin(),
                hash,
                effect == Effect.DELETED,
                entry.seq(),
                content);
    }

    /** Only stamps, or a deleted record's content, are other than before: no version. */
    void quietly(Entry entry, Draft draft, Stamp newest, Content content, Trace trace) {
        Current before = draft.current();
        Content.Text text = content.text();
        draft.write(text.json(), new Current(
                before.id(), before.version(), newest.at(), newest.writer(), before.origin(), text.hash(), before.deleted(),
                before.lastChange(), content));
        trace.changed().keySet().forEach(field -> tellConflicts(entry, draft, field));
    }

    private void tellConflicts(Entry entry, Draft draft, String field) {
        List<OpenConflict> others = conflicts.about(draft.key(), field, entry.change().storeId());
        if (others.isEmpty()) {
            return;
        }
        Current after = draft.current();
        boolean existence = field.equals(ConflictKey.EXISTENCE);
        JsonNode value = existence ? BooleanNode.valueOf(after.deleted()) : after.content().fields().get(field);
        Stamp stamp = existence ? after.stamp() : after.content().stamps().of(field);
        for (OpenConflict other : others) {
            if (conflicts.platformMoved(other, value, stamp)) {
                draft.side(other.key().storeId()).settle(other);
            }
        }
    }

    /** The store that sent the change has to be told of the record's state. */
    void differs(Entry entry, long dispute) {
        Change change = entry.change();
        differing.add(new Differing(change.storeId(), change.recordKey(), entry.seq(), entry.acceptedAt(), dispute));
    }

    ConflictKey conflict(Entry entry, String field) {
        return new ConflictKey(entry.change().recordKey(), entry.change().storeId(), field);
    }

    /** What was applied, in order. */
    List<Applied> applied() {
        return applied;
    }

    List<Differing> differing() {
        return differing;
    }

    /** Records to create, as the batch leaves them. */
    List<Draft> created() {
        return drafts.values().stream().filter(draft -> draft.isWritten() && draft.current().id() == 0).toList();
    }

    /** Records to change, as the batch leaves them. */
    List<Draft> updated() {
        return drafts.values().stream().filter(draft -> draft.isWritten() && draft.current().id() != 0).toList();
    }

    Collection<Side> touched() {
        List<Side> touched = new ArrayList<>();
        for (Draft draft : drafts.values()) {
            for (Side side : draft.sides()) {
                if (side.isTouched()) {
                    touched.add(side);
                }
            }
        }
        return touched;
    }
}
