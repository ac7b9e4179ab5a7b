package dev.serai.record;

import dev.serai.change.Change;
import dev.serai.change.Operation;
import dev.serai.change.Outcome;
import dev.serai.change.RecordKey;
import dev.serai.journal.Effect;
import dev.serai.journal.Entry;
import dev.serai.lineage.Holds.Waiting;
import dev.serai.rules.Edit;
import dev.serai.rules.EntityRules;
import dev.serai.rules.LastWriteWins;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Decides a batch in memory, change by change in order, on what was read of the records, parents and waiting changes. */
final class Decider {

    private final Writes writes;
    private final Map<RecordKey, Waiting> waiting;
    private final Set<RecordKey> parentsPresent;
    private final Function<Change, EntityRules> rulesOf;

    private final Map<RecordKey, RecordKey> heldInBatch = new HashMap<>();
    private final Map<Entry, RecordKey> holds = new LinkedHashMap<>();
    private final List<Entry> queued = new ArrayList<>();

    /** @param rulesOf the rules of a store's change; null for the changes of others */
    Decider(Writes writes, Map<RecordKey, Waiting> waiting, Set<RecordKey> parentsPresent, Function<Change, EntityRules> rulesOf) {
        this.writes = writes;
        this.waiting = waiting;
        this.parentsPresent = parentsPresent;
        this.rulesOf = rulesOf;
    }

    void decide(Entry entry) {
        Change change = entry.change();
        RecordKey key = change.recordKey();
        Waiting ahead = entry.isArriving() ? waiting.get(key) : null;
        if (change.isDecision()) {
            apply(entry);
        } else if (ahead != null && ahead.isHeld() && ahead.hash() == change.hash()) {
            // A source that sends the same child again while it waits has told us nothing new.
            entry.decide(Outcome.UNCHANGED, null, null);
        } else if (ahead != null && !ahead.isHeld()) {
            entry.decide(Outcome.ACCEPTED, null, null);
            queued.add(entry);
        } else if (ahead != null || heldInBatch.containsKey(key)) {
            hold(entry, change.parent() != null ? change.parent() : ahead != null ? ahead.parent() : heldInBatch.get(key));
        } else if (isOrphan(change)) {
            hold(entry, change.parent());
        } else {
            apply(entry);
        }
    }

    private boolean isOrphan(Change change) {
        return change.parent() != null
                && change.operation() == Operation.UPSERT
                && !parentsPresent.contains(change.parent())
                && !isThere(change.parent());
    }

    private boolean isThere(RecordKey key) {
        Current record = writes.record(key);
        return record != null && !record.deleted();
    }

    private void hold(Entry entry, RecordKey parent) {
        entry.decide(Outcome.HELD, null, null);
        heldInBatch.put(entry.change().recordKey(), parent);
        holds.put(entry, parent);
    }

    private void apply(Entry entry) {
        Change change = entry.change();
        Draft draft = writes.draft(change.recordKey());
        EntityRules rules = change.isDecision() ? null : rulesOf.apply(change);
        if (rules != null || change.partial()) {
            draft.makeMergeable();
        }
        Current current = draft.current();
        if (rules != null) {
            new StoreMerge(writes, draft, entry, rules).apply();
        } else if (current == null ? change.partial() : current.content() != null) {
            new PlainMerge(writes, draft, entry).apply();
        } else {
            replaceOrLeave(entry, draft);
        }
        draft.settle();
    }

    /** Whole against whole: what neither a store nor anybody else edits field by field. */
    private void replaceOrLeave(Entry entry, Draft draft) {
        Change change = entry.change();
        Current current = draft.current();
        boolean there = current != null && !current.deleted();
        boolean wantsDelete = change.operation() == Operation.DELETE;
        if (wantsDelete ? !there : there && current.hash() == change.hash()) {
            entry.decide(Outcome.UNCHANGED, null, null);
            return;
        }
        if (current == null) {
            writes.replace(entry, draft, Effect.CREATED, "new");
            return;
        }
        Edit incoming = new Edit(change.modifiedAt(), change.writer(), change.hash(), change.fromPull());
        if (LastWriteWins.isNewer(incoming, current.edit())) {
            Effect effect = wantsDelete ? Effect.DELETED : there ? Effect.UPDATED : Effect.CREATED;
            writes.replace(entry, draft, effect, LastWriteWins.NAME);
        } else {
            entry.decide(Outcome.SUPERSEDED, null, LastWriteWins.NAME);
        }
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
