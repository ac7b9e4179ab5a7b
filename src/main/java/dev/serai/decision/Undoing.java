package dev.serai.decision;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.change.RecordKey;
import dev.serai.conflict.ConflictKey;
import dev.serai.conflict.ConflictList;
import dev.serai.conflict.ConflictTable;
import dev.serai.decision.DecisionTable.Ended;
import dev.serai.decision.DecisionTable.Made;
import dev.serai.decision.Undo.Was;
import dev.serai.journal.Entry;
import dev.serai.journal.Ledger;
import dev.serai.record.Pipeline;
import dev.serai.record.StoreRecords;
import dev.serai.record.StoreRecords.Base;
import dev.serai.record.StoreRecords.State;
import dev.serai.rules.Stamp;
import dev.serai.rules.Values;
import dev.serai.web.ApiException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Takes decisions back, in the current transaction. */
@Component
class Undoing {

    private final DecisionTable table;
    private final ConflictTable conflicts;
    private final StoreRecords records;
    private final Pipeline pipeline;
    private final Ledger ledger;
    private final Clock clock;

    Undoing(DecisionTable table, ConflictTable conflicts, StoreRecords records, Pipeline pipeline, Ledger ledger, Clock clock) {
        this.table = table;
        this.conflicts = conflicts;
        this.records = records;
        this.pipeline = pipeline;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** @param pending the conflicts that are pending again; those of other stores that the decision had settled are among them */
    record Undone(Made made, List<Ended> pending) {}

    Undone undo(long decisionId, String by) {
        Made made = table.find(decisionId).orElseThrow();
        Map<RecordKey, State> states = records.lock(table.records(decisionId));
        List<Ended> ended = table.ended(decisionId);
        if (made.undone() || ended.isEmpty()) {
            throw ApiException.conflict("Decision " + ConflictList.decisionId(decisionId) + " is undone already.");
        }
        Map<String, Map<RecordKey, Base>> bases = new HashMap<>();
        ended.forEach(one -> bases.computeIfAbsent(one.key().storeId(), store -> records.bases(store, states.keySet())));
        refuseWhatIsInTheWay(decisionId, ended, states, bases);
        Instant now = clock.instant();
        table.reopen(decisionId, by, now);
        restoreBases(ended, bases);
        pipeline.acceptDecided(entries(ended, now), now);
        ledger.write(conflicts.reopen(ended.stream().map(Ended::bringer).distinct().toList()));
        return new Undone(made, ended);
    }

    /** What was agreed before, where nothing has been delivered since. */
    private void restoreBases(List<Ended> ended, Map<String, Map<RecordKey, Base>> bases) {
        Map<String, List<Base.Change>> restored = new LinkedHashMap<>();
        for (Ended one : ended) {
            ConflictKey key = one.key();
            Base base = bases.get(key.storeId()).get(key.record());
            List<Base.Change> ofStore = restored.computeIfAbsent(key.storeId(), store -> new ArrayList<>());
            if (base != null && Values.same(base.value(key), one.undo().left())) {
                ofStore.add(new Base.Change(key, one.undo().before().base()));
            }
            one.undo().fields().forEach((field, was) -> ofStore.add(
                    new Base.Change(new ConflictKey(key.record(), key.storeId(), field), was.base())));
        }
        restored.forEach(records::restore);
    }

    private static List<Entry> entries(List<Ended> ended, Instant now) {
        Map<List<Object>, Entry> entries = new LinkedHashMap<>();
        for (Ended one : ended) {
            if (one.undo().written() != null) {
                RecordKey record = one.key().record();
                one.undo().fields().forEach((field, was) -> entries.putIfAbsent(
                        List.of(record, field), DecidedChanges.write(record, null, field, was.value(), stamp(was), now)));
                entries.putIfAbsent(List.of(record, one.key().field()), before(one.key(), one.undo().before(), now));
            }
        }
        return List.copyOf(entries.values());
    }

    private static Entry before(ConflictKey key, Was was, Instant now) {
        if (!key.isExistence()) {
            return DecidedChanges.write(key.record(), null, key.field(), was.value(), stamp(was), now);
        }
        boolean wasDeleted = was.value() != null && was.value().booleanValue();
        return wasDeleted
                ? DecidedChanges.delete(key.record(), null, stamp(was), now)
                : DecidedChanges.revive(key.record(), null, Values.object(), stamp(was), now);
    }

    private static Stamp stamp(Was was) {
        return was.stamp() == null ? Stamp.NEVER : was.stamp();
    }

    private void refuseWhatIsInTheWay(
            long decisionId, List<Ended> ended, Map<RecordKey, State> states, Map<String, Map<RecordKey, Base>> bases) {
        List<ConflictKey> pending = conflicts.stillPending(ended.stream().map(Ended::key).toList());
        List<String> inTheWay = new ArrayList<>();
        for (Ended one : ended) {
            ConflictKey key = one.key();
            State state = states.get(key.record());
            if (isEdited(one, state) || hasTold(one, state, bases.get(key.storeId()).get(key.record())) || pending.contains(key)) {
                inTheWay.add(key.record().entityType() + " " + key.record().key() + ", " + key.field());
            }
        }
        if (!inTheWay.isEmpty()) {
            throw ApiException.conflict("Decision " + ConflictList.decisionId(decisionId) + " cannot be undone: "
                    + inTheWay.size() + " of its " + ended.size() + " fields have been changed since, as "
                    + String.join("; ", inTheWay.subList(0, Math.min(3, inTheWay.size())))
                    + ". Edit them instead.");
        }
    }

    /** Whether a record that stayed as it was is there has nothing to do with later edits of its fields. */
    private static boolean isEdited(Ended one, State state) {
        if (state == null) {
            return true;
        }
        boolean stayed = one.undo().written() == null;
        return one.key().isExistence() && stayed
                ? !Values.same(state.value(one.key()), one.undo().before().value())
                : !sameStamp(state.stamp(one.key()), one.undo().expected());
    }

    /**
     * What is agreed now is neither what the decision left nor a value that has been delivered since. A store that has been sent a record
     * again has not deleted it any more, and one that has been sent its delete does not want it, whether that is known to have arrived yet
     * or not.
     */
    private static boolean hasTold(Ended one, State state, Base base) {
        JsonNode sent = base == null ? null : base.sent(one.key());
        if (one.key().isExistence() && sent != null) {
            return !Values.same(sent, one.undo().left());
        }
        JsonNode agreed = base == null ? null : base.value(one.key());
        boolean delivered = !one.key().isExistence() && Values.same(agreed, state.value(one.key()));
        return !Values.same(agreed, one.undo().left()) && !delivered;
    }

    private static boolean sameStamp(Stamp a, Stamp b) {
        return a == null || b == null ? isNever(a) && isNever(b) : a.equals(b);
    }

    private static boolean isNever(Stamp stamp) {
        return stamp == null || stamp.equals(Stamp.NEVER);
    }
}
