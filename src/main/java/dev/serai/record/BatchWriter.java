package dev.serai.record;

import dev.serai.change.Change;
import dev.serai.change.Outcome;
import dev.serai.change.RecordKey;
import dev.serai.conflict.ConflictTable;
import dev.serai.deadletter.DeadLetters;
import dev.serai.deadletter.FailedEntry;
import dev.serai.journal.Entry;
import dev.serai.journal.JournalTable;
import dev.serai.journal.LedgerLines;
import dev.serai.lineage.Holds;
import dev.serai.lineage.Holds.Waiting;
import dev.serai.rules.EntityRules;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Decides a batch and writes everything that follows from it, one statement a table, in the current transaction. */
@Component
class BatchWriter {

    static final Comparator<RecordKey> KEY_ORDER = Comparator.comparing(RecordKey::entityType).thenComparing(RecordKey::key);

    private final JournalTable journal;
    private final RecordTable records;
    private final Holds holds;
    private final PendingQueue queue;
    private final DeadLetters deadLetters;
    private final SideTable sides;
    private final ConflictTable conflicts;
    private final SyncedEntities synced;
    private final List<AppliedListener> listeners;
    private final TransactionTemplate savepoint;

    BatchWriter(
            JournalTable journal,
            RecordTable records,
            Holds holds,
            PendingQueue queue,
            DeadLetters deadLetters,
            SideTable sides,
            ConflictTable conflicts,
            SyncedEntities synced,
            List<AppliedListener> listeners,
            PlatformTransactionManager transactions) {
        this.journal = journal;
        this.records = records;
        this.holds = holds;
        this.queue = queue;
        this.deadLetters = deadLetters;
        this.sides = sides;
        this.conflicts = conflicts;
        this.synced = synced;
        this.listeners = listeners;
        this.savepoint = new TransactionTemplate(transactions);
        this.savepoint.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
    }

    /** How much is done against what seldom happens. */
    enum Care {
        /** Stores' sides are read without locks but that of their record. */
        QUICK,
        /** All that is read is locked until the transaction ends. */
        LOCKING,
        /** So it is, and a bad row is looked for, by savepoints, instead of failing the batch. */
        ISOLATING
    }

    /**
     * What a batch left behind.
     *
     * @param lines   for the ledger
     * @param created ids of new records
     */
    record Written(LedgerLines lines, List<Long> created) {}

    /**
     * Writes a batch.
     *
     * @param entries  all arriving, or all journalled, in the order in which they came in
     * @param failed   entries that are known to be bad
     * @param mayExist the keys of which a record may exist; null for all
     * @param care     without locks, the batch fails where somebody writes what stores have of a record meanwhile
     * @param by       who makes the attempt, for dead letters
     */
    Written write(List<Entry> entries, List<FailedEntry> failed, Set<RecordKey> mayExist, Care care, String by, Instant now) {
        List<FailedEntry> allFailed = new ArrayList<>(failed);
        Batch batch = new Batch(mayExist, care != Care.QUICK, now);
        journal.number(arriving(entries));
        if (care == Care.ISOLATING) {
            writeIsolating(entries, batch, allFailed);
        } else if (!entries.isEmpty()) {
            batch.write(entries);
        }
        park(allFailed, by, now);
        List<Entry> all = new ArrayList<>(entries);
        failed.forEach(f -> all.add(f.entry()));
        return new Written(JournalTable.ledgerLines(all).addAll(batch.settled), batch.created);
    }

    private void writeIsolating(List<Entry> entries, Batch batch, List<FailedEntry> failed) {
        if (entries.isEmpty()) {
            return;
        }
        try {
            savepoint.executeWithoutResult(status -> batch.write(entries));
        } catch (RuntimeException e) {
            if (!Faults.liesInTheData(e)) {
                throw e;
            }
            if (entries.size() == 1) {
                failed.add(new FailedEntry(entries.get(0), Faults.failure(entries.get(0), e)));
                return;
            }
            int half = entries.size() / 2;
            writeIsolating(entries.subList(0, half), batch, failed);
            writeIsolating(entries.subList(half, entries.size()), batch, failed);
        }
    }

    private void park(List<FailedEntry> failed, String by, Instant now) {
        if (failed.isEmpty()) {
            return;
        }
        List<FailedEntry> fresh = deadLetters.decide(failed, now);
        List<Entry> entries = fresh.stream().map(FailedEntry::entry).toList();
        List<Entry> unnumbered = arriving(entries).stream().filter(e -> e.seq() == 0).toList();
        journal.number(unnumbered);
        journal.append(arriving(entries), now);
        journal.settle(only(entries, e -> !e.isArriving()), now);
        deadLetters.park(fresh, by, now);
    }

    /** Looks once more at the parents of what was just held: one of them may have been committed meanwhile. */
    void afterCommit(Collection<Entry> entries) {
        Set<RecordKey> parents = entries.stream()
                .filter(e -> e.outcome() == Outcome.HELD)
                .map(e -> e.change().parent())
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        if (holds.release(parents) > 0) {
            queue.wake();
        }
    }

    void tellDiffering(List<Differing> stores, Instant now) {
        if (!stores.isEmpty()) {
            listeners.forEach(listener -> listener.differing(stores, now));
        }
    }

    private static List<Entry> arriving(List<Entry> entries) {
        return only(entries, Entry::isArriving);
    }

    private static List<Entry> only(List<Entry> entries, Predicate<Entry> which) {
        return entries.stream().filter(which).toList();
    }

    /** The steps of one batch, which may be taken for parts of it. */
    private final class Batch {

        private final Set<RecordKey> mayExist;
        private final boolean locking;
        private final Instant now;
        private final List<Long> created = new ArrayList<>();
        private final LedgerLines settled = new LedgerLines();
        private final Map<List<String>, Optional<EntityRules>> rules = new HashMap<>();

        Batch(Set<RecordKey> mayExist, boolean locking, Instant now) {
            this.mayExist = mayExist;
            this.locking = locking;
            this.now = now;
        }

        void write(List<Entry> entries) {
            Writes writes = read(entries);
            Decider decider = decide(entries, writes);
            List<Long> ids = records.insert(sorted(writes.created()));
            records.update(sorted(writes.updated()));
            sides.write(writes.touched());
            writeConflicts(writes.conflicts());
            List<Entry> arriving = only(entries, e -> e.isArriving() && e.outcome() != Outcome.UNCHANGED);
            journal.append(arriving, now);
            journal.settle(only(entries, e -> !e.isArriving()), now);
            settled.addAll(conflicts.settle(writes.conflicts().left(), now));
            holds.keep(List.copyOf(decider.holds().keySet()), decider.holds(), now);
            queue.add(decider.queued());
            tellListeners(writes);
            Set<RecordKey> done = writes.applied().stream().map(Applied::key).collect(Collectors.toSet());
            if (holds.release(done) > 0) {
                queue.wakeAfterCommit();
            }
            created.addAll(ids);
        }

        private void writeConflicts(Conflicts found) {
            conflicts.end(found.ended(), now);
            conflicts.update(found.updated());
            conflicts.insert(found.created(), now);
        }

        private void tellListeners(Writes writes) {
            if (!writes.applied().isEmpty()) {
                listeners.forEach(listener -> listener.applied(writes.applied(), now));
            }
            tellDiffering(writes.differing(), now);
        }

        /** Records, and where stores sync them: what is pending about them, and what those stores have. */
        private Writes read(List<Entry> entries) {
            TreeSet<RecordKey> keys = new TreeSet<>(KEY_ORDER);
            entries.stream().map(e -> e.change().recordKey()).filter(k -> mayExist == null || mayExist.contains(k)).forEach(keys::add);
            Set<String> syncedTypes = keys.stream().map(RecordKey::entityType).collect(Collectors.toSet());
            syncedTypes.removeIf(type -> !synced.isSynced(type));
            Set<String> mergedTypes = new HashSet<>(syncedTypes);
            entries.stream().map(Entry::change).filter(Change::partial).forEach(change -> mergedTypes.add(change.entityType()));
            Conflicts pending = new Conflicts();
            Map<RecordKey, Current> current = records.read(keys, mergedTypes::contains);
            syncedTypes.forEach(type -> conflicts.pending(type, keysOf(keys, type)).forEach(pending::add));
            Writes writes = new Writes(current, pending);
            Set<String> stores = pending.stores();
            stores.addAll(writes.agreeing());
            entries.stream().map(Entry::change).filter(change -> rules(change) != null).forEach(change -> stores.add(change.storeId()));
            entries.stream().map(Entry::change).filter(change -> change.fromPull() && syncedTypes.contains(change.entityType()))
                    .forEach(change -> stores.add(Side.ofSource(change.writer())));
            if (!stores.isEmpty()) {
                sides.read(keys, stores, locking, writes::content, writes::add);
            }
            return writes;
        }

        private List<String> keysOf(Collection<RecordKey> keys, String type) {
            return keys.stream().filter(key -> key.entityType().equals(type)).map(RecordKey::key).toList();
        }

        /** The rules by which the change's store syncs it; null where no store does. */
        private EntityRules rules(Change change) {
            return change.storeId() == null ? null : rules.computeIfAbsent(
                    List.of(change.storeId(), change.entityType()),
                    names -> Optional.ofNullable(synced.rules(names.get(0), names.get(1)))).orElse(null);
        }

        private Decider decide(List<Entry> entries, Writes writes) {
            Set<RecordKey> parents =
                    entries.stream().map(e -> e.change().parent()).filter(Objects::nonNull).collect(Collectors.toSet());
            Decider decider = new Decider(writes, waiting(entries), holds.present(parents), this::rules);
            entries.forEach(decider::decide);
            return decider;
        }

        private Map<RecordKey, Waiting> waiting(List<Entry> entries) {
            Map<String, Set<String>> keysByType = new HashMap<>();
            arriving(entries).forEach(
                    e -> keysByType.computeIfAbsent(e.change().entityType(), t -> new HashSet<>()).add(e.change().key()));
            Map<RecordKey, Waiting> waiting = new HashMap<>();
            keysByType.forEach((type, keys) -> holds.waiting(type, keys).forEach((key, w) -> waiting.put(new RecordKey(type, key), w)));
            return waiting;
        }

        private List<Draft> sorted(List<Draft> rows) {
            return rows.stream().sorted(Comparator.comparing(Draft::key, KEY_ORDER)).toList();
        }
    }
}
