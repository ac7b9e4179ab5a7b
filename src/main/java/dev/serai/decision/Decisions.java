package dev.serai.decision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.change.Change;
import dev.serai.change.ContentHash;
import dev.serai.change.Operation;
import dev.serai.change.RecordKey;
import dev.serai.conflict.ConflictKey;
import dev.serai.conflict.ConflictList;
import dev.serai.conflict.ConflictTable;
import dev.serai.conflict.ConflictTable.Brought;
import dev.serai.conflict.OpenConflict;
import dev.serai.decision.DecisionTable.Ended;
import dev.serai.decision.DecisionTable.Made;
import dev.serai.journal.Entry;
import dev.serai.journal.Ledger;
import dev.serai.record.Differing;
import dev.serai.record.Pipeline;
import dev.serai.record.StoreRecords;
import dev.serai.record.StoreRecords.Base;
import dev.serai.record.StoreRecords.State;
import dev.serai.record.SyncedEntities;
import dev.serai.rules.EntityRules;
import dev.serai.rules.Stamp;
import dev.serai.rules.Values;
import dev.serai.store.StoreEvents;
import dev.serai.store.StoreEvents.StoreEvent;
import dev.serai.web.ApiException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Decides conflicts and takes decisions back. What becomes of the records is journalled and applied like any change; the change that
 * brought a conflict gets its outcome. One transaction a decision, one statement a table, however many conflicts are alike.
 */
@Component
public class Decisions {

    public static final String USE_STORE = "use_store_value";
    public static final String USE_PLATFORM = "use_platform_value";
    public static final String USE_CUSTOM = "use_custom_value";
    public static final String IGNORE = "ignore";

    private static final Stamp NEVER = new Stamp(Instant.EPOCH, "");

    private final DecisionTable table;
    private final ConflictTable conflicts;
    private final StoreRecords records;
    private final SyncedEntities synced;
    private final Pipeline pipeline;
    private final Ledger ledger;
    private final StoreEvents events;
    private final Clock clock;

    Decisions(
            DecisionTable table,
            ConflictTable conflicts,
            StoreRecords records,
            SyncedEntities synced,
            Pipeline pipeline,
            Ledger ledger,
            StoreEvents events,
            Clock clock) {
        this.table = table;
        this.conflicts = conflicts;
        this.records = records;
        this.synced = synced;
        this.pipeline = pipeline;
        this.ledger = ledger;
        this.events = events;
        this.clock = clock;
    }

    /**
     * What somebody decided.
     *
     * @param conflicts how many conflicts it ended, or brought back
     */
    public record Result(long decisionId, String storeId, String resolution, int conflicts) {}

    /**
     * Decides a pending conflict, or all that are pending about the same field of the same entity for the same store.
     *
     * @param value for {@link #USE_CUSTOM}
     * @throws ApiException 409 where it is not pending any more
     */
    @Transactional
    public Result resolve(long conflictId, String resolution, JsonNode value, boolean similar, String by) {
        OpenConflict target = table.pending(conflictId).orElseThrow(() -> notPending(conflictId));
        List<OpenConflict> found = similar ? table.similar(target.key()) : List.of(target);
        Map<RecordKey, State> states = records.lock(found.stream().map(c -> c.key().record()).toList());
        List<OpenConflict> open = table.lock(found);
        if (open.stream().noneMatch(c -> c.id() == conflictId)) {
            throw notPending(conflictId);
        }
        Instant now = clock.instant();
        long id = table.insert(target.key().storeId(), resolution, value, by, now, open.size());
        boolean writes = resolution.equals(USE_STORE) || resolution.equals(USE_CUSTOM);
        Map<RecordKey, Base> bases = records.bases(target.key().storeId(), states.keySet());
        Map<Long, JsonNode> undo = new LinkedHashMap<>();
        Map<Long, Stamp> stamps = new LinkedHashMap<>();
        for (OpenConflict conflict : open) {
            State state = states.get(conflict.key().record());
            Stamp before = state.stamp(conflict.key());
            Stamp written = writes ? after(before, now) : null;
            stamps.put(conflict.id(), written);
            undo.put(conflict.id(), new Undo(state.value(conflict.key()), before, base(bases, conflict.key()), written).json());
        }
        table.end(id, resolution.equals(IGNORE) ? "ignored" : "resolved", resolution, undo, now);
        records.acknowledge(target.key().storeId(), open.stream().map(c -> new Base.Change(c.key(), c.storeValue())).toList());
        if (writes) {
            accept(open, resolution.equals(USE_STORE) ? null : value, stamps, now);
        }
        ledger.write(conflicts.settle(bringers(open), now));
        if (resolution.equals(USE_PLATFORM)) {
            pipeline.tellDiffering(open.stream()
                    .map(c -> new Differing(c.key().storeId(), c.key().record(), c.seq(), c.acceptedAt()))
                    .toList());
        }
        Result result = new Result(id, target.key().storeId(), resolution, open.size());
        tell(result, target.key(), false);
        return result;
    }

    private static ApiException notPending(long conflictId) {
        return ApiException.conflict("Conflict " + ConflictList.conflictId(conflictId) + " is not pending any more.");
    }

    /** Later than what is there, so that it stands. */
    private static Stamp after(Stamp before, Instant now) {
        boolean behind = before != null && !before.at().isBefore(now);
        return new Stamp(behind ? before.at().plus(1, ChronoUnit.MICROS) : now.truncatedTo(ChronoUnit.MICROS), Change.DECISION);
    }

    private static JsonNode base(Map<RecordKey, Base> bases, ConflictKey key) {
        Base base = bases.get(key.record());
        if (base == null) {
            return null;
        }
        return key.isExistence() ? BooleanNode.valueOf(base.deleted()) : base.fields().get(key.field());
    }

    private static List<Brought> bringers(Collection<OpenConflict> open) {
        return open.stream().map(c -> new Brought(c.seq(), c.acceptedAt())).distinct().toList();
    }

    /** @param custom null for each store's own value */
    private void accept(List<OpenConflict> open, JsonNode custom, Map<Long, Stamp> stamps, Instant now) {
        List<OpenConflict> revivals = open.stream().filter(c -> c.key().isExistence() && !c.storeValue().booleanValue()).toList();
        Map<Long, String> payloads = revivals.isEmpty() ? Map.of() : table.payloads(bringers(revivals));
        List<Entry> entries = new ArrayList<>();
        for (OpenConflict conflict : open) {
            ConflictKey key = conflict.key();
            String store = custom == null ? key.storeId() : null;
            Change change;
            if (!key.isExistence()) {
                ObjectNode content = Values.object();
                content.set(key.field(), Values.orNull(custom != null ? custom : conflict.storeValue()));
                change = change(key, store, Operation.UPSERT, content, now);
            } else if (conflict.storeValue().booleanValue()) {
                change = change(key, store, Operation.DELETE, null, now);
            } else {
                change = change(key, store, Operation.UPSERT, synced(key, payloads.get(conflict.seq())), now);
            }
            entries.add(Entry.arriving(change, now).stampedAs(stamps.get(conflict.id())));
        }
        pipeline.acceptDecided(entries, now);
    }

    private ObjectNode synced(ConflictKey key, String payload) {
        EntityRules rules = synced.rules(key.storeId(), key.record().entityType());
        ObjectNode content = Values.object(payload);
        return rules == null ? content : content.retain(
                content.properties().stream().map(Map.Entry::getKey).filter(rules::syncs).collect(Collectors.toSet()));
    }

    private static Change change(ConflictKey key, String store, Operation operation, ObjectNode content, Instant now) {
        String json = content == null ? null : Values.write(content);
        long hash = json == null ? 0 : ContentHash.of(json.getBytes(StandardCharsets.UTF_8));
        RecordKey record = key.record();
        return new Change(
                Change.DECISION, store, null, record.entityType(), record.key(), operation, now, null, null, hash, json, false, true);
    }

    /** The store for which a decision was made, to see whether the caller may know of it. */
    @Transactional(readOnly = true)
    public Optional<String> storeOf(long decisionId) {
        return table.find(decisionId).map(Made::storeId);
    }

    /**
     * Takes a decision back: the records have the values, and the conflicts are pending, as before.
     *
     * @throws ApiException 409 where it is undone already, or something has happened since that would be lost
     */
    @Transactional
    public Result undo(long decisionId, String by) {
        Made made = table.find(decisionId).orElseThrow();
        Map<RecordKey, State> states = records.lock(table.records(decisionId));
        List<Ended> ended = table.ended(decisionId);
        if (made.undone() || ended.isEmpty()) {
            throw ApiException.conflict("Decision " + ConflictList.decisionId(decisionId) + " is undone already.");
        }
        Map<RecordKey, Base> bases = records.bases(made.storeId(), states.keySet());
        refuseWhatIsInTheWay(decisionId, ended, states, bases);
        Instant now = clock.instant();
        table.reopen(decisionId, by, now);
        List<Base.Change> restored = new ArrayList<>();
        List<Entry> entries = new ArrayList<>();
        for (Ended one : ended) {
            Undo undo = Undo.of(one.undo());
            if (Values.same(base(bases, one.key()), one.storeValue())) {
                restored.add(new Base.Change(one.key(), undo.base()));
            }
            if (undo.written() != null) {
                entries.add(Entry.arriving(before(one.key(), undo, now), now).stampedAs(undo.stamp() == null ? NEVER : undo.stamp()));
            }
        }
        records.acknowledge(made.storeId(), restored);
        pipeline.acceptDecided(entries, now);
        ledger.write(conflicts.reopen(ended.stream().map(Ended::bringer).distinct().toList()));
        Result result = new Result(decisionId, made.storeId(), made.resolution(), ended.size());
        tell(result, ended.get(0).key(), true);
        return result;
    }

    private static Change before(ConflictKey key, Undo undo, Instant now) {
        if (key.isExistence()) {
            boolean wasDeleted = undo.value() != null && undo.value().booleanValue();
            return change(key, null, wasDeleted ? Operation.DELETE : Operation.UPSERT, wasDeleted ? null : Values.object(), now);
        }
        ObjectNode content = Values.object();
        content.set(key.field(), Values.orNull(undo.value()));
        return change(key, null, Operation.UPSERT, content, now);
    }

    private void refuseWhatIsInTheWay(
            long decisionId, List<Ended> ended, Map<RecordKey, State> states, Map<RecordKey, Base> bases) {
        List<ConflictKey> pending = conflicts.stillPending(ended.stream().map(Ended::key).toList());
        List<String> inTheWay = new ArrayList<>();
        for (Ended one : ended) {
            Undo undo = Undo.of(one.undo());
            State state = states.get(one.key().record());
            Stamp expected = undo.written() != null ? undo.written() : undo.stamp();
            boolean edited = state == null || !sameStamp(state.stamp(one.key()), expected);
            JsonNode base = base(bases, one.key());
            boolean told = !Values.same(base, one.storeValue()) && !(state != null && Values.same(base, state.value(one.key())));
            if (edited || told || pending.contains(one.key())) {
                inTheWay.add(one.key().record().entityType() + " " + one.key().record().key() + ", " + one.key().field());
            }
        }
        if (!inTheWay.isEmpty()) {
            throw ApiException.conflict("Decision " + ConflictList.decisionId(decisionId) + " cannot be undone: "
                    + inTheWay.size() + " of its " + ended.size() + " fields have been changed since, as "
                    + String.join("; ", inTheWay.subList(0, Math.min(3, inTheWay.size())))
                    + ". Edit them instead.");
        }
    }

    private static boolean sameStamp(Stamp a, Stamp b) {
        return a == null ? b == null || b.equals(NEVER) : a.equals(b) || b == null && a.equals(NEVER);
    }

    private void tell(Result result, ConflictKey example, boolean undone) {
        ObjectNode data = Values.object()
                .put("decision_id", ConflictList.decisionId(result.decisionId()))
                .put("resolution", result.resolution())
                .put("entity_type", example.record().entityType())
                .put("field", example.field())
                .put("conflicts", result.conflicts());
        if (result.conflicts() == 1) {
            data.put("entity_id", example.record().key());
        }
        events.tell(List.of(new StoreEvent(result.storeId(), undone ? "conflict_detected" : "conflict_resolved", data)));
    }
}
