package dev.serai.record;

import dev.serai.change.Change;
import dev.serai.change.Operation;
import dev.serai.change.Outcome;
import dev.serai.change.RecordKey;
import dev.serai.deadletter.FailedEntry;
import dev.serai.journal.Entry;
import dev.serai.journal.Ledger;
import dev.serai.journal.LedgerLines;
import dev.serai.record.RecordTable.Known;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes changes to their records: compare, journal, gate, rules, apply, deliveries; one transaction a batch.
 *
 * <p>One bad change never fails its batch: where a statement fails for what a row contains, the batch is done again with savepoints and
 * halved until the row is found.
 */
@Component
public class Pipeline {

    private static final int ATTEMPTS = 5;

    private final RecordTable records;
    private final BatchWriter writer;
    private final Ledger ledger;
    private final TransactionTemplate transaction;
    private final Clock clock;

    Pipeline(RecordTable records, BatchWriter writer, Ledger ledger, PlatformTransactionManager transactions, Clock clock) {
        this.records = records;
        this.writer = writer;
        this.ledger = ledger;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /**
     * A page, and what was known of its records when it was looked for.
     *
     * @param known by key; nothing of a key without a record
     */
    public record Compared(Page page, Map<String, Known> known) {

        /** Whether one of these keys is on the page: if they have changed since, it has to be compared again. */
        public boolean isTouchedBy(Set<String> keys) {
            return !keys.isEmpty() && page.changes().stream().anyMatch(change -> keys.contains(change.key()));
        }
    }

    /** Looks for what is known of a page's records. Writes nothing, so that it can be done while the page before is written. */
    public Compared compare(Page page) {
        return new Compared(page, records.compare(page.entityType(), page.changes().stream().map(Change::key).toList()));
    }

    /**
     * Accepts and applies a page. Rows whose content is known are counted, never journalled nor written; where that is all, no
     * transaction is opened and {@code inTransaction} is not called.
     *
     * @param inTransaction is given the result within the page's transaction, to write the ledger's lines and its own progress with it
     * @throws DataAccessException where the database cannot be reached; nothing of the page has happened then
     */
    public PageResult accept(Compared compared, Consumer<PageResult> inTransaction) {
        Compared[] latest = {compared};
        return persistently(careful -> {
            Compared now = latest[0] != null ? latest[0] : compare(compared.page());
            latest[0] = null;
            return tryToAccept(now, careful, inTransaction);
        });
    }

    /** Compares and accepts. */
    public PageResult accept(Page page, Consumer<PageResult> inTransaction) {
        return accept(compare(page), inTransaction);
    }

    private PageResult tryToAccept(Compared compared, boolean careful, Consumer<PageResult> inTransaction) {
        List<Change> different = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        Set<RecordKey> existing = new HashSet<>();
        LedgerLines lines = new LedgerLines();
        for (Change change : compared.page().changes()) {
            Known record = compared.known().get(change.key());
            if (isUnchanged(change, record) && !keys.contains(change.key())) {
                countUnchanged(lines, change);
            } else {
                different.add(change);
                keys.add(change.key());
                if (record != null) {
                    existing.add(change.recordKey());
                }
            }
        }
        PageResult known = new PageResult(
                lines, compared.known().values().stream().mapToLong(Known::id).toArray(), keys, false);
        if (different.isEmpty() && compared.page().refused().isEmpty()) {
            return known;
        }
        return write(compared.page(), different, existing, careful, known, inTransaction);
    }

    private static boolean isUnchanged(Change change, Known record) {
        return change.operation() == Operation.UPSERT && record != null && !record.deleted() && record.hash() == change.hash();
    }

    private PageResult write(
            Page page,
            List<Change> different,
            Set<RecordKey> existing,
            boolean careful,
            PageResult known,
            Consumer<PageResult> inTransaction) {
        Instant now = clock.instant();
        List<Entry> entries = different.stream().map(change -> Entry.arriving(change, now)).toList();
        List<FailedEntry> refused = page.refused().stream()
                .map(r -> new FailedEntry(Entry.arriving(r.change(), now), r.failure()))
                .toList();
        PageResult result = transaction.execute(status -> {
            BatchWriter.Written written = writer.write(entries, refused, existing, careful, "run", now);
            LongStream created = written.created().stream().mapToLong(Long::longValue);
            PageResult inside = new PageResult(
                    known.lines().addAll(written.lines()),
                    LongStream.concat(LongStream.of(known.recordIds()), created).toArray(),
                    known.changed(),
                    true);
            inTransaction.accept(inside);
            return inside;
        });
        writer.afterCommit(entries);
        return result;
    }

    private static void countUnchanged(LedgerLines lines, Change change) {
        lines.accepted(change.runId(), change.storeId(), change.entityType(), 1);
        lines.outcome(change.runId(), change.storeId(), change.entityType(), Outcome.UNCHANGED, null, 1);
    }

    /** A batch that is in the journal already, and what of it cannot be applied. */
    public record Journalled(List<Entry> entries, List<FailedEntry> failed) {}

    /**
     * Applies what is in the journal already: released children, queued changes, replays.
     *
     * @param claim reads the batch and takes it out of its queue, within the transaction
     * @param by    who makes the attempt, for dead letters
     * @param after is given the decided batch, within the transaction
     * @return the decided batch
     */
    public Journalled applyJournalled(Function<Instant, Journalled> claim, String by, Consumer<Journalled> after) {
        Journalled done = persistently(careful -> transaction.execute(status -> {
            Instant now = clock.instant();
            Journalled batch = claim.apply(now);
            ledger.write(writer.write(batch.entries(), batch.failed(), null, careful, by, now).lines());
            after.accept(batch);
            return batch;
        }));
        writer.afterCommit(done.entries());
        return done;
    }

    /** Again from the start where somebody else created or locked a record between our look and our write; carefully where a row is bad. */
    private static <T> T persistently(Function<Boolean, T> work) {
        boolean careful = false;
        for (int attempt = 1; ; attempt++) {
            try {
                return work.apply(careful);
            } catch (ConcurrencyFailureException | DuplicateKeyException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            } catch (DataAccessException e) {
                if (careful || !Faults.liesInTheData(e)) {
                    throw e;
                }
                careful = true;
            }
        }
    }
}
