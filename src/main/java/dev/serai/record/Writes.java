package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import dev.serai.change.Change;
import dev.serai.change.RecordKey;
import dev.serai.conflict.ConflictKey;
import dev.serai.conflict.OpenConflict;
import dev.serai.journal.Effect;
import dev.serai.journal.Entry;
import dev.serai.record.RecordTable.Written;
import dev.serai.rules.Stamp;
import dev.serai.rules.Stamps.Agreed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What was read for a batch, as its decisions change it one after the other, and so what there is to write. */
final class Writes {

    /** Who writes whole records and is never pulled. */
    private static final Set<String> NO_SOURCES = Set.of(Edits.PLATFORM, Change.DECISION);

    private final Map<RecordKey, Current> records;
    private final Map<RecordKey, Map<String, Side>> sides = new HashMap<>();
    private final Conflicts conflicts;
    private final Map<RecordKey, Written> written = new LinkedHashMap<>();
    private final List<Applied> applied = new ArrayList<>();
    private final List<Differing> differing = new ArrayList<>();

    Writes(Map<RecordKey, Current> records, Conflicts conflicts) {
        this.records = new HashMap<>(records);
        this.conflicts = conflicts;
    }

    void add(Side side) {
        sides.computeIfAbsent(side.record(), r -> new HashMap<>(4)).put(side.storeId(), side);
    }

    /** Null where nobody needs it. */
    Content content(RecordKey key) {
        Current current = records.get(key);
        return current == null ? null : current.content();
    }

    /** The stores of which something follows from the records themselves. */
    Set<String> agreeing() {
        Set<String> stores = new HashSet<>();
        for (Current current : records.values()) {
            if (current.content() != null && current.content().isAgreed()) {
                stores.add(current.content().stamps().agreed().storeId());
            }
        }
        return stores;
    }

    /**
     * A change of the record is decided. What a store told that the record has just like that is left to the record, where that is written anyway
     * or has it of this store already; the rest is kept with the stores.
     */
    void settle(RecordKey key) {
        Map<String, Side> byStore = sides.getOrDefault(key, Map.of());
        Content content = content(key);
        Side left = content == null || byStore.isEmpty() ? null : leave(key, content, byStore.values());
        for (Side side : byStore.values()) {
            if (side != left) {
                side.keep();
            }
        }
    }

    /** Answers whose side is left to the record, or null. */
    private Side leave(RecordKey key, Content content, Collection<Side> ofRecord) {
        Agreed before = content.stamps().agreed();
        Side left = null;
        for (Side side : ofRecord) {
            boolean isOfBefore = side.isOf(before);
            boolean mayBeLeft = isOfBefore || side.isChanged() && written.containsKey(key);
            if (isOfBefore) {
                side.open();
            }
            if (mayBeLeft && (left == null || side.isChanged()) && side.follows(content)) {
                left = side;
            }
        }
        if (left == null ? isOneOf(before, ofRecord) : left.isChanged()) {
            agree(key, left == null ? null : left.agreed());
        }
        return left;
    }

    private static boolean isOneOf(Agreed agreed, Collection<Side> sides) {
        return agreed != null && sides.stream().anyMatch(side -> side.isOf(agreed));
    }

    private void agree(RecordKey key, Agreed agreed) {
        Current current = records.get(key);
        current.content().stamps().agree(agreed);
        written.putIfAbsent(key, new Written(key, null, current));
    }

    /** Nothing follows from the records any more: all is kept with the stores' sides. */
    void keepAll() {
        sides.forEach((key, byStore) -> {
            byStore.values().forEach(side -> side.open().keep());
            Content content = content(key);
            if (content != null && content.isAgreed()) {
                agree(key, null);
                settle(key);
            }
        });
    }

    /** The record as it is by now, or null. */
    Current record(RecordKey key) {
        return records.get(key);
    }

    /** What this batch itself has made of a record without looking into it can be merged into from now on. */
    void makeMergeable(RecordKey key) {
        Current current = records.get(key);
        if (current != null && current.content() == null) {
            records.put(key, current.withContent(Content.of(written.get(key).payload(), null, current.stamp())));
        }
    }

    Side side(RecordKey record, String storeId) {
        return sides.computeIfAbsent(record, r -> new HashMap<>(4)).computeIfAbsent(storeId, id -> Side.unknown(id, record)).open();
    }

    Conflicts conflicts() {
        return conflicts;
    }

    /** The change replaces the whole content, unseen. */
    void replace(Entry entry, Current before, Effect effect, String rule) {
        Change change = entry.change();
        boolean deleted = effect == Effect.DELETED;
        long hash = deleted ? before.hash() : change.hash();
        Current after = next(entry, before, effect, rule, change.modifiedAt(), change.writer(), hash, null);
        Written earlier = written.get(change.recordKey());
        String payload = change.payload() == null && earlier != null ? earlier.payload() : change.payload();
        put(change.recordKey(), payload, after);
        applied.add(new Applied(entry, payload, deleted, null));
    }

    /** The change makes a version with this content. */
    void merge(Entry entry, Current before, Effect effect, String rule, Content content, Trace trace) {
        Stamp newest = content.stamps().newest();
        Content.Text text = content.text();
        Current after = next(entry, before, effect, rule, newest.at(), newest.writer(), text.hash(), content);
        put(entry.change().recordKey(), text.json(), after);
        entry.trace(trace.text());
        rememberWhatASourceTold(entry, before, trace);
        boolean whole = before == null || before.deleted() != after.deleted();
        applied.add(new Applied(entry, text.json(), after.deleted(), whole ? null : trace.changed()));
        trace.changed().keySet().forEach(field -> tellConflicts(entry, field, after));
    }

    /** A source that is pulled tells its value again each time; only another one is an edit of its own. */
    private void rememberWhatASourceTold(Entry entry, Current before, Trace trace) {
        Stamp whole = before == null || before.content() == null ? null : before.content().stamps().ofWhole();
        if (whole == null || NO_SOURCES.contains(whole.writer()) || whole.writer().equals(entry.change().writer())) {
            return;
        }
        trace.changed().forEach((field, value) -> {
            if (whole.equals(before.content().stamps().of(field))) {
                side(entry.change().recordKey(), Side.ofSource(whole.writer())).agree(field, value);
            }
        });
    }

    /** The change makes a version that says that the record is gone; its content stays, for the case that it comes back. */
    void delete(Entry entry, Current before, String rule, Content content, Trace trace, Stamp stamp) {
        Content.Text text = content.text();
        Current after = next(entry, before, Effect.DELETED, rule, stamp.at(), stamp.writer(), text.hash(), content);
        put(entry.change().recordKey(), text.json(), after);
        entry.trace(trace.text());
        applied.add(new Applied(entry, text.json(), true, null));
        tellConflicts(entry, ConflictKey.EXISTENCE, after);
    }

    private Current next(
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

    private void put(RecordKey key, String payload, Current after) {
        records.put(key, after);
        written.put(key, new Written(key, payload, after));
    }

    /** Only stamps, or a deleted record's content, are other than before: no version. */
    void quietly(Entry entry, Current before, Stamp newest, Content content, Trace trace) {
        Content.Text text = content.text();
        Current after = new Current(
                before.id(), before.version(), newest.at(), newest.writer(), before.origin(), text.hash(), before.deleted(),
                before.lastChange(), content);
        put(entry.change().recordKey(), text.json(), after);
        trace.changed().keySet().forEach(field -> tellConflicts(entry, field, after));
    }

    private void tellConflicts(Entry entry, String field, Current after) {
        RecordKey key = entry.change().recordKey();
        boolean existence = field.equals(ConflictKey.EXISTENCE);
        JsonNode value = existence ? BooleanNode.valueOf(after.deleted()) : after.content().fields().get(field);
        Stamp stamp = existence ? after.stamp() : after.content().stamps().of(field);
        for (OpenConflict other : conflicts.about(key, field, entry.change().storeId())) {
            if (conflicts.platformMoved(other, value, stamp)) {
                side(key, other.key().storeId()).settle(other);
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
    List<Written> created() {
        return written.values().stream().filter(w -> w.state().id() == 0).toList();
    }

    /** Records to change, as the batch leaves them. */
    List<Written> updated() {
        return written.values().stream().filter(w -> w.state().id() != 0).toList();
    }

    Collection<Side> touched() {
        List<Side> touched = new ArrayList<>();
        for (Map<String, Side> byStore : sides.values()) {
            for (Side side : byStore.values()) {
                if (side.isTouched()) {
                    touched.add(side);
                }
            }
        }
        return touched;
    }
}
