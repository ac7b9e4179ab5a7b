package dev.serai.record;

import dev.serai.change.Change;
import dev.serai.change.RecordKey;
import dev.serai.deadletter.FailedEntry;
import dev.serai.journal.Entry;
import dev.serai.journal.Ledger;
import dev.serai.journal.LedgerLines;
import dev.serai.record.BatchWriter.Care;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
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
 * <p>One bad change never fails its batch: where a statement fails for what a row contains, or a change meets an error of ours, the batch is
 * done again with savepoints and halved until the row is found.
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

    /** Compares pages with what is known of their records. Writes nothing, so that it can be done while the page before is written. */
    public Compared compare(Page page) {
        return Compared.of(page, records.compare(page.entityType(), page.keys()));
    }

    /** Compares and accepts. */
    public PageResult accept(Page page, Consumer<PageResult> inTransaction) {
        return accept(compare(page), inTransaction);
    }

    /**
     * Accepts and applies what is compared. Rows whose content is known are counted, never journalled nor written; where that is all, no
     * transaction is opened and {@code inTransaction} is not called.
     *
     * @param inTransaction is given the result within the transaction, to write the ledger's lines and its own progress with it
     * @throws DataAccessException where the database cannot be reached; nothing of the pages has happened then
     */
    public PageResult accept(Compared compared, Consumer<PageResult> inTransaction) {
        if (!compared.hasDifferences()) {
            return new PageResult(compared.lines(), compared.recordIds(), false);
        }
        return persistently(care -> write(compared, care, inTransaction));
    }

    private PageResult write(Compared compared, Care care, Consumer<PageResult> inTransaction) {
        // What was known of the keys is in doubt from the second attempt on.
        Set<RecordKey> mayExist = care == Care.QUICK ? compared.existing() : null;
        Instant now = clock.instant();
        List<Entry> entries = compared.different().stream().map(change -> Entry.arriving(change, now)).toList();
        List<FailedEntry> refused = compared.refused().stream()
                .map(r -> new FailedEntry(Entry.arriving(r.change(), now), r.failure()))
                .toList();
        PageResult result = transaction.execute(status -> {
            BatchWriter.Written written = writer.write(entries, refused, mayExist, care, "run", now);
            LongStream created = written.created().stream().mapToLong(Long::longValue);
            PageResult inside = new PageResult(
                    new LedgerLines().addAll(compared.lines()).addAll(written.lines()),
                    LongStream.concat(LongStream.of(compared.recordIds()), created).toArray(),
                    true);
            inTransaction.accept(inside);
            return inside;
        });
        writer.afterCommit(entries);
        return result;
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
        Journalled done = persistently(care -> transaction.execute(status -> {
            Instant now = clock.instant();
            Journalled batch = claim.apply(now);
            ledger.write(writer.write(batch.entries(), batch.failed(), null, care, by, now).lines());
            after.accept(batch);
            return batch;
        }));
        writer.afterCommit(done.entries());
        return done;
    }

    /**
     * Journals and applies what a person decided, in the caller's transaction.
     *
     * @param entries arriving, each of a change whose source is {@link Change#DECISION}
     */
    public void acceptDecided(List<Entry> entries, Instant now) {
        if (!entries.isEmpty()) {
            ledger.write(writer.write(entries, List.of(), null, Care.LOCKING, Change.DECISION, now).lines());
        }
    }

    /** These stores are to be sent records as they are, in the caller's transaction. */
    public void tellDiffering(List<Differing> stores) {
        writer.tellDiffering(stores, clock.instant());
    }

    /**
     * Accepts and applies changes in the transaction of the caller, who has locked their records. A bad one fails them all.
     *
     * @return the decided entries, in order
     */
    List<Entry> acceptHere(List<Change> changes) {
        Instant now = clock.instant();
        List<Entry> entries = changes.stream().map(change -> Entry.arriving(change, now)).toList();
        if (!entries.isEmpty()) {
            ledger.write(writer.write(entries, List.of(), null, Care.LOCKING, Edits.PLATFORM, now).lines());
        }
        return entries;
    }

    /** Again from the start, with more care, where somebody else created, changed or locked a row between our look and our write, or a row is bad. */
    static <T> T persistently(Function<Care, T> work) {
        Care care = Care.QUICK;
        for (int attempt = 1; ; attempt++) {
            try {
                return work.apply(care);
            } catch (ConcurrencyFailureException | DuplicateKeyException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                care = care == Care.QUICK ? Care.LOCKING : care;
            } catch (RuntimeException e) {
                if (care == Care.ISOLATING || !Faults.liesInTheData(e)) {
                    throw e;
                }
                care = Care.ISOLATING;
            }
        }
    }
}
