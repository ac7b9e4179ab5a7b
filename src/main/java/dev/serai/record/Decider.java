package dev.serai.record;

import dev.serai.change.Change;
import dev.serai.change.Operation;
import dev.serai.change.Outcome;
import dev.serai.change.RecordKey;
import dev.serai.journal.Effect;
import dev.serai.journal.Entry;
import dev.serai.lineage.Holds.Waiting;
import dev.serai.record.RecordTable.Written;
import dev.serai.rules.Decision;
import dev.serai.rules.Edit;
import dev.serai.rules.Filter;
import dev.serai.rules.Strategy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Decides a batch in memory, change by change in order, on what was read of the records, parents and waiting changes. */
final class Decider {

    private final Map<RecordKey, Current> records;
    private final Map<RecordKey, Waiting> waiting;
    private final Set<RecordKey> parentsPresent;
    private final Filter filter;
    private final Strategy strategy;

    private final Map<RecordKey, Written> written = new LinkedHashMap<>();
    private final Map<RecordKey, RecordKey> heldInBatch = new HashMap<>();
    private final Map<Entry, RecordKey> holds = new LinkedHashMap<>();
    private final List<Entry> queued = new ArrayList<>();
    private final List<Applied> applied = new ArrayList<>();

    Decider(Map<RecordKey, Current> records, Map<RecordKey, Waiting> waiting, Set<RecordKey> parentsPresent, Filter filter, Strategy strategy) {
        this.records = new HashMap<>(records);
        this.waiting = waiting;
        this.parentsPresent = parentsPresent;
        this.filter = filter;
        this.strategy = strategy;
    }

    void decide(Entry entry) {
        Change change = entry.change();
        RecordKey key = change.recordKey();
        Waiting ahead = entry.isArriving() ? waiting.get(key) : null;
        if (ahead != null && ahead.isHeld() && ahead.hash() == change.hash()) {
            // A source that sends the same child again while it waits has told us nothing new.
            entry.decide(Outcome.UNCHANGED, null, null);
        } else if (!filter.passes(change)) {
            entry.decide(Outcome.FILTERED, null, null);
        } else if (ahead != null && !ahead.isHeld()) {
            entry.decide(Outcome.ACCEPTED, null, null);
            queued.add(entry);
        } else if (ahead != null || heldInBatch.containsKey(key)) {
            hold(entry, change.parent() != null ? change.parent() : ahead != null ? ahead.parent() : heldInBatch.get(key));
        } else if (isOrphan(change)) {
            hold(entry, change.parent());
        } else {
            applyOrLeave(entry, records.get(key));
        }
    }

    private boolean isOrphan(Change change) {
        return change.parent() != null
                && change.operation() == Operation.UPSERT
                && !parentsPresent.contains(change.parent())
                && !(records.containsKey(change.parent()) && !records.get(change.parent()).deleted());
    }

    private void hold(Entry entry, RecordKey parent) {
        entry.decide(Outcome.HELD, null, null);
        heldInBatch.put(entry.change().recordKey(), parent);
        holds.put(entry, parent);
    }

    private void applyOrLeave(Entry entry, Current current) {
        Change change = entry.change();
        boolean there = current != null && !current.deleted();
        boolean wantsDelete = change.operation() == Operation.DELETE;
        if (wantsDelete ? !there : there && current.hash() == change.hash()) {
            entry.decide(Outcome.UNCHANGED, null, null);
            return;
        }
        if (current == null) {
            write(entry, null, Effect.CREATED, "new");
            return;
        }
        Edit incoming = new Edit(change.modifiedAt(), change.writer(), change.hash(), change.fromPull());
        Decision decision = strategy.decide(current.edit(), incoming);
        if (decision instanceof Decision.TakeIncoming) {
            write(entry, current, wantsDelete ? Effect.DELETED : there ? Effect.UPDATED : Effect.CREATED, decision.rule());
        } else {
            entry.decide(Outcome.SUPERSEDED, null, decision.rule());
        }
    }

    private void write(Entry entry, Current before, Effect effect, String rule) {
        Change change = entry.change();
        boolean deleted = effect == Effect.DELETED;
        int version = before == null ? 1 : before.version() + 1;
        entry.apply(effect, rule, version, before == null ? null : before.lastChange());
        Current after = new Current(
                before == null ? 0 : before.id(),
                version,
                change.modifiedAt(),
                change.writer(),
                before == null ? change.writer() : before.origin(),
                deleted ? before.hash() : change.hash(),
                deleted,
                entry.seq());
        records.put(change.recordKey(), after);
        Written earlier = written.get(change.recordKey());
        String payload = change.payload() == null && earlier != null ? earlier.payload() : change.payload();
        written.put(change.recordKey(), new Written(change.recordKey(), payload, after));
        applied.add(new Applied(entry, payload));
    }

    /** What was applied, in order. */
    List<Applied> applied() {
        return applied;
    }

    /** Records to create, then records to change, as the batch leaves them. */
    List<Written> created() {
        return written.values().stream().filter(w -> w.state().id() == 0).toList();
    }

    List<Written> updated() {
        return written.values().stream().filter(w -> w.state().id() != 0).toList();
    }

    /** The held entries with the parent that each waits for. */
    Map<Entry, RecordKey> holds() {
        return holds;
    }

    /** Entries that go behind an earlier change of their record, which is in the queue. */
    List<Entry> queued() {
        return queued;
    }
}
