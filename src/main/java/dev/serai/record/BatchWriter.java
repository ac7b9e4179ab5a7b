package dev.serai.record;

import dev.serai.change.Change;
import dev.serai.change.Outcome;
import dev.serai.change.RecordKey;
import dev.serai.deadletter.DeadLetters;
import dev.serai.deadletter.FailedEntry;
import dev.serai.journal.Entry;
import dev.serai.journal.JournalTable;
import dev.serai.journal.LedgerLines;
import dev.serai.lineage.Holds;
import dev.serai.lineage.Holds.Waiting;
import dev.serai.rules.Filter;
import dev.serai.rules.LastWriteWins;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Decides a batch and writes everything that follows from it, one statement a table, in the current transaction. */
@Component
class BatchWriter {

    private static final Comparator<RecordKey> KEY_ORDER = Comparator.comparing(RecordKey::entityType).thenComparing(RecordKey::key);

    private final JournalTable journal;
    private final RecordTable records;
    private final Holds holds;
    private final PendingQueue queue;
    private final DeadLetters deadLetters;
    private final List<AppliedListener> listeners;
    private final TransactionTemplate savepoint;

    BatchWriter(
            JournalTable journal,
            RecordTable records,
            Holds holds,
            PendingQueue queue,
            DeadLetters deadLetters,
            List<AppliedListener> listeners,
            PlatformTransactionManager transactions) {
        this.journal = journal;
        this.records = records;
        this.holds = holds;
        this.queue = queue;
        this.deadLetters = deadLetters;
        this.listeners = listeners;
        this.savepoint = new TransactionTemplate(transactions);
        this.savepoint.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
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
     * @param careful  whether a bad row is to be looked for, by savepoints, instead of failing the batch
     * @param by       who makes the attempt, for dead letters
     */
    Written write(List<Entry> entries, List<FailedEntry> failed, Set<RecordKey> mayExist, boolean careful, String by, Instant now) {
        List<FailedEntry> allFailed = new ArrayList<>(failed);
        Batch batch = new Batch(mayExist, now);
        journal.number(arriving(entries));
        if (careful) {
            writeIsolating(entries, batch, allFailed);
        } else if (!entries.isEmpty()) {
            batch.write(entries);
        }
        park(allFailed, by, now);
        List<Entry> all = new ArrayList<>(entries);
        failed.forEach(f -> all.add(f.entry()));
        return new Written(JournalTable.ledgerLines(all), batch.created);
    }

    private void writeIsolating(List<Entry> entries, Batch batch, List<FailedEntry> failed) {
        if (entries.isEmpty()) {
            return;
        }
        try {
            savepoint.executeWithoutResult(status -> batch.write(entries));
        } catch (DataAccessException e) {
            if (!Faults.liesInTheData(e)) {
                throw e;
            }
            if (entries.size() == 1) {
                failed.add(new FailedEntry(entries.get(0), Faults.failure(e)));
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

    private static List<Entry> arriving(List<Entry> entries) {
        return only(entries, Entry::isArriving);
    }

    private static List<Entry> only(List<Entry> entries, Predicate<Entry> which) {
        return entries.stream().filter(which).toList();
    }

    /** The steps of one batch, which may be taken for parts of it. */
    private final class Batch {

        private final Set<RecordKey> mayExist;
        private final Instant now;
        private final List<Long> created = new ArrayList<>();

        Batch(Set<RecordKey> mayExist, Instant now) {
            this.mayExist = mayExist;
            this.now = now;
        }

        void write(List<Entry> entries) {
            Decider decider = decide(entries);
            List<Long> ids = records.insert(sorted(decider.created()));
            records.update(sorted(decider.updated()));
            List<Entry> arriving = only(entries, e -> e.isArriving() && e.outcome() != Outcome.UNCHANGED);
            journal.append(arriving, now);
            journal.settle(only(entries, e -> !e.isArriving()), now);
            holds.keep(List.copyOf(decider.holds().keySet()), decider.holds(), now);
            queue.add(decider.queued(), now);
            List<Applied> applied = decider.applied();
            if (!applied.isEmpty()) {
                listeners.forEach(listener -> listener.applied(applied, now));
            }
            if (holds.release(applied.stream().map(Applied::key).collect(Collectors.toSet())) > 0) {
                queue.wakeAfterCommit();
            }
            created.addAll(ids);
        }

        private Decider decide(List<Entry> entries) {
            List<Change> changes = entries.stream().map(Entry::change).toList();
            Set<RecordKey> parents = changes.stream().map(Change::parent).filter(Objects::nonNull).collect(Collectors.toSet());
            TreeSet<RecordKey> keys = new TreeSet<>(KEY_ORDER);
            changes.stream().map(Change::recordKey).filter(k -> mayExist == null || mayExist.contains(k)).forEach(keys::add);
            Decider decider = new Decider(
                    records.read(keys), waiting(entries), holds.present(parents), Filter.NONE, new LastWriteWins());
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

        private List<RecordTable.Written> sorted(List<RecordTable.Written> rows) {
            return rows.stream().sorted(Comparator.comparing(RecordTable.Written::key, KEY_ORDER)).toList();
        }
    }
}
