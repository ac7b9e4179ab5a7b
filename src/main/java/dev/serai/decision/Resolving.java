package dev.serai.decision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.change.Change;
import dev.serai.change.RecordKey;
import dev.serai.conflict.ConflictKey;
import dev.serai.conflict.ConflictList;
import dev.serai.conflict.ConflictTable;
import dev.serai.conflict.ConflictTable.Brought;
import dev.serai.conflict.OpenConflict;
import dev.serai.decision.Undo.Was;
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
import dev.serai.web.ApiException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Decides conflicts, in the current transaction. */
@Component
class Resolving {

    private final DecisionTable table;
    private final ConflictTable conflicts;
    private final StoreRecords records;
    private final SyncedEntities synced;
    private final Pipeline pipeline;
    private final Ledger ledger;
    private final Clock clock;

    Resolving(
            DecisionTable table,
            ConflictTable conflicts,
            StoreRecords records,
            SyncedEntities synced,
            Pipeline pipeline,
            Ledger ledger,
            Clock clock) {
        this.table = table;
        this.conflicts = conflicts;
        this.records = records;
        this.synced = synced;
        this.pipeline = pipeline;
        this.ledger = ledger;
        this.clock = clock;
    }

    static ApiException notPending(long conflictId) {
        return ApiException.conflict("Conflict " + ConflictList.conflictId(conflictId) + " is not pending any more.");
    }

    Decisions.Result resolve(long conflictId, String resolution, JsonNode value, boolean similar, String by) {
        OpenConflict target = table.pending(conflictId).orElseThrow(() -> notPending(conflictId));
        String storeId = target.key().storeId();
        List<OpenConflict> found = similar ? table.similar(target.key()) : List.of(target);
        Map<RecordKey, State> states = records.lock(found.stream().map(c -> c.key().record()).toList());
        List<OpenConflict> open = table.lock(found);
        if (open.stream().noneMatch(c -> c.id() == conflictId)) {
            throw notPending(conflictId);
        }
        Instant now = clock.instant();
        long id = table.insert(storeId, resolution, value, by, now, open.size());
        Map<RecordKey, Base> bases = records.bases(storeId, states.keySet());
        Map<Long, String> payloads = table.payloads(bringers(open.stream().filter(Resolving::revives).toList()));
        List<Step> steps = open.stream()
                .map(c -> new Step(c, resolution, value, states.get(c.key().record()), bases.get(c.key().record()), payloads.get(c.seq()), now))
                .toList();
        Map<Long, JsonNode> undo = new LinkedHashMap<>();
        steps.forEach(step -> undo.put(step.conflict.id(), step.undo().json()));
        table.end(id, resolution.equals(Decisions.IGNORE) ? "ignored" : "resolved", resolution, undo, now);
        records.acknowledge(storeId, steps.stream().flatMap(step -> step.acknowledged().stream()).toList());
        List<Step> writing = steps.stream().filter(step -> step.written != null).toList();
        settleOthers(id, writing, states, () -> pipeline.acceptDecided(writing.stream().map(step -> step.entry(now)).toList(), now));
        ledger.write(conflicts.settle(bringers(open), now));
        pipeline.tellDiffering(steps.stream().filter(Step::leavesTheStoreDifferent).map(Step::differing).toList());
        return new Decisions.Result(id, storeId, resolution, open.size());
    }

    private static List<Brought> bringers(Collection<OpenConflict> open) {
        return open.stream().map(c -> new Brought(c.seq(), c.acceptedAt())).distinct().toList();
    }

    private static boolean revives(OpenConflict conflict) {
        return conflict.key().isExistence() && !conflict.storeValue().booleanValue();
    }

    /** Conflicts of other stores that there is nothing to decide about once these values are written go with the decision, and come back with it. */
    private void settleOthers(long decisionId, List<Step> writing, Map<RecordKey, State> states, Runnable write) {
        Map<RecordKey, Stamp> written = new HashMap<>();
        writing.forEach(step -> written.put(step.conflict.key().record(), step.written));
        List<OpenConflict> others = writing.isEmpty() ? List.of() : table.about(written.keySet());
        Map<String, Map<RecordKey, Base>> bases = new HashMap<>();
        others.forEach(c -> bases.computeIfAbsent(c.key().storeId(), store -> records.bases(store, written.keySet())));
        write.run();
        Set<Long> settled = table.settled(others);
        Map<Long, JsonNode> undo = new LinkedHashMap<>();
        others.stream().filter(c -> settled.contains(c.id())).forEach(c -> {
            State state = states.get(c.key().record());
            Base base = bases.get(c.key().storeId()).get(c.key().record());
            JsonNode agreed = base == null ? null : base.value(c.key());
            JsonNode left = c.settled(agreed, base == null ? null : base.sent(c.key()));
            Was was = new Was(state.value(c.key()), state.stamp(c.key()), agreed);
            undo.put(c.id(), new Undo(was, left, written.get(c.key().record()), Map.of()).json());
        });
        table.join(decisionId, undo);
    }

    /** One conflict with what is decided about it. */
    private final class Step {

        private final OpenConflict conflict;
        private final ConflictKey key;
        private final String resolution;
        private final JsonNode decided;
        private final State state;
        private final Base base;
        private final ObjectNode revived;
        private final Stamp written;
        private final boolean sentSince;

        Step(OpenConflict conflict, String resolution, JsonNode custom, State state, Base base, String payload, Instant now) {
            this.conflict = conflict;
            this.key = conflict.key();
            this.resolution = resolution;
            this.decided = resolution.equals(Decisions.USE_STORE) ? conflict.storeValue() : custom;
            this.state = state;
            this.base = base;
            this.revived = resolution.equals(Decisions.USE_STORE) && revives(conflict) ? synced(key, payload) : null;
            boolean writes = resolution.equals(Decisions.USE_STORE) || resolution.equals(Decisions.USE_CUSTOM);
            this.written = writes ? after(state.stamp(key), now) : null;
            this.sentSince = conflict.isSentSince(agreed(), base == null ? null : base.sent(key));
        }

        private JsonNode agreed() {
            return base == null ? null : base.value(key);
        }

        /** What is decided is the store's own value, and yet the store has to be sent it. */
        private boolean isSentBack() {
            return sentSince && written != null && Values.same(decided, conflict.storeValue());
        }

        Undo undo() {
            Map<String, Was> fields = new LinkedHashMap<>();
            if (revived != null) {
                revived.fieldNames().forEachRemaining(field -> fields.put(field, new Was(
                        state.fields().get(field), state.stamps().of(field), base == null ? null : base.fields().get(field))));
            }
            return new Undo(
                    new Was(state.value(key), state.stamp(key), agreed()), isSentBack() ? agreed() : conflict.storeValue(), written, fields);
        }

        /** What the store told is dealt with, whatever was decided. */
        List<Base.Change> acknowledged() {
            List<Base.Change> told = new ArrayList<>();
            if (!isSentBack()) {
                told.add(new Base.Change(key, conflict.storeValue()));
            }
            if (revived != null) {
                revived.properties().forEach(field -> told.add(
                        new Base.Change(new ConflictKey(key.record(), key.storeId(), field.getKey()), field.getValue())));
            }
            return told;
        }

        Entry entry(Instant now) {
            boolean own = resolution.equals(Decisions.USE_STORE) && !isSentBack();
            String store = own ? key.storeId() : null;
            if (!key.isExistence()) {
                return DecidedChanges.write(key.record(), store, key.field(), decided, written, now);
            }
            return revived == null
                    ? DecidedChanges.delete(key.record(), store, written, now)
                    : DecidedChanges.revive(key.record(), store, revived.deepCopy(), written, now);
        }

        /** A value that the platform has already is no change of it. A record that is back has more than the store told. */
        boolean leavesTheStoreDifferent() {
            return resolution.equals(Decisions.USE_PLATFORM) || resolution.equals(Decisions.USE_CUSTOM) || revived != null;
        }

        Differing differing() {
            return new Differing(key.storeId(), key.record(), conflict.seq(), conflict.acceptedAt(), Differing.NO_DISPUTE);
        }
    }

    /** Later than what is there, so that it stands. */
    private static Stamp after(Stamp before, Instant now) {
        boolean behind = before != null && !before.at().isBefore(now);
        return new Stamp(behind ? before.at().plus(1, ChronoUnit.MICROS) : now.truncatedTo(ChronoUnit.MICROS), Change.DECISION);
    }

    private ObjectNode synced(ConflictKey key, String payload) {
        EntityRules rules = synced.rules(key.storeId(), key.record().entityType());
        ObjectNode content = Values.object(payload);
        return rules == null ? content : content.retain(
                content.properties().stream().map(Map.Entry::getKey).filter(rules::syncs).collect(Collectors.toSet()));
    }
}
