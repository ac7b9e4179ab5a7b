package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.change.RecordKey;
import dev.serai.conflict.ConflictKey;
import dev.serai.conflict.ConflictTable.Brought;
import dev.serai.conflict.OpenConflict;
import dev.serai.journal.Entry;
import dev.serai.rules.Reason;
import dev.serai.rules.Stamp;
import dev.serai.rules.Values;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The pending conflicts of a batch's records, and what the batch makes of them. */
final class Conflicts {

    private final Map<ConflictKey, OpenConflict> open = new LinkedHashMap<>();
    private final Map<RecordKey, Set<ConflictKey>> byRecord = new HashMap<>();
    private final Set<ConflictKey> changed = new HashSet<>();
    private final Set<Long> ended = new HashSet<>();
    private final Set<Brought> left = new HashSet<>();
    /** Changes of this batch with the number of their conflicts that are still pending. */
    private final Map<Long, Entry> bringers = new HashMap<>();

    void add(OpenConflict conflict) {
        open.put(conflict.key(), conflict);
        byRecord.computeIfAbsent(conflict.key().record(), r -> new HashSet<>()).add(conflict.key());
    }

    /** The stores that a person is to decide about. */
    Set<String> stores() {
        Set<String> stores = new HashSet<>();
        open.keySet().forEach(key -> stores.add(key.storeId()));
        return stores;
    }

    /** Null where nothing is pending. */
    OpenConflict find(ConflictKey key) {
        return open.isEmpty() ? null : open.get(key);
    }

    /** Whether anything may be pending about the record. */
    boolean isAbout(RecordKey record) {
        return byRecord.containsKey(record);
    }

    /** Others' conflicts about this field of the record. */
    List<OpenConflict> about(RecordKey record, String field, String exceptStore) {
        if (open.isEmpty()) {
            return List.of();
        }
        List<OpenConflict> found = new ArrayList<>();
        for (ConflictKey key : byRecord.getOrDefault(record, Set.of())) {
            if (key.field().equals(field) && !key.storeId().equals(exceptStore)) {
                found.add(open.get(key));
            }
        }
        return found;
    }

    /** A person is to decide; a conflict that is pending goes on with the newer value. */
    void ask(
            ConflictKey key,
            Entry entry,
            Reason reason,
            JsonNode storeValue,
            JsonNode platformValue,
            Instant storeAt,
            Stamp platform,
            JsonNode base) {
        OpenConflict before = open.get(key);
        add(new OpenConflict(
                before == null ? 0 : before.id(),
                key,
                reason,
                storeValue,
                platformValue,
                storeAt,
                platform == null ? null : platform.at(),
                entry.seq(),
                entry.acceptedAt(),
                Values.orNull(base)));
        changed.add(key);
        bringers.put(entry.seq(), entry);
        if (before != null && before.seq() != entry.seq()) {
            leave(before);
        }
    }

    /** The platform has another value now. Answers whether that is the store's, so that there is nothing to decide any more. */
    boolean platformMoved(OpenConflict conflict, JsonNode value, Stamp stamp) {
        if (Values.same(conflict.storeValue(), value)) {
            end(conflict.key());
            return true;
        }
        open.put(conflict.key(), conflict.withPlatform(value, stamp == null ? null : stamp.at()));
        changed.add(conflict.key());
        return false;
    }

    /** Nobody has to decide any more, where anybody had to. */
    void end(ConflictKey key) {
        OpenConflict conflict = open.isEmpty() ? null : open.remove(key);
        if (conflict != null) {
            byRecord.get(key.record()).remove(key);
            changed.remove(key);
            if (conflict.id() != 0) {
                ended.add(conflict.id());
            }
            leave(conflict);
        }
    }

    /** The change that brought it is settled, once nothing else of it is pending: here, where it is of this batch, else in the table. */
    private void leave(OpenConflict conflict) {
        Entry bringer = bringers.get(conflict.seq());
        if (bringer == null) {
            left.add(new Brought(conflict.seq(), conflict.acceptedAt()));
        } else if (open.values().stream().noneMatch(other -> other.seq() == conflict.seq())) {
            bringer.settleContest();
        }
    }

    List<OpenConflict> created() {
        return changed().filter(c -> c.id() == 0).toList();
    }

    List<OpenConflict> updated() {
        return changed().filter(c -> c.id() != 0).toList();
    }

    private Stream<OpenConflict> changed() {
        return changed.stream().map(open::get);
    }

    Collection<Long> ended() {
        return ended;
    }

    /** Changes of earlier batches that may have nothing pending any more. */
    Collection<Brought> left() {
        return left;
    }
}
