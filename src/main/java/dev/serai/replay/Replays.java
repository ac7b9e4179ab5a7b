package dev.serai.replay;

import dev.serai.change.Change;
import dev.serai.change.Failure;
import dev.serai.change.Outcome;
import dev.serai.connector.Remapping;
import dev.serai.database.Bind;
import dev.serai.database.Where;
import dev.serai.deadletter.DeadLetters;
import dev.serai.deadletter.FailedEntry;
import dev.serai.journal.Entry;
import dev.serai.journal.JournalTable;
import dev.serai.journal.Ledger;
import dev.serai.record.JournalRows;
import dev.serai.record.Pipeline;
import dev.serai.record.Pipeline.Journalled;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Replays are bounded, add an attempt to the same dead letter, and never make a second one. */
@Component("replays")
public class Replays {

    private static final int BATCH = 200;

    private static final String CLAIM = "SELECT d.id, d.retry_count, d.stage, " + JournalRows.COLUMNS
            + " FROM dead_letter d JOIN journal j ON j.seq = d.seq AND j.accepted_at = d.accepted_at";

    private final JdbcTemplate jdbc;
    private final Pipeline pipeline;
    private final DeadLetters deadLetters;
    private final Remapping remapping;
    private final JournalTable journal;
    private final Ledger ledger;
    private final TransactionTemplate transaction;
    private final Clock clock;

    Replays(
            JdbcTemplate jdbc,
            Pipeline pipeline,
            DeadLetters deadLetters,
            Remapping remapping,
            JournalTable journal,
            Ledger ledger,
            PlatformTransactionManager transactions,
            Clock clock) {
        this.jdbc = jdbc;
        this.pipeline = pipeline;
        this.deadLetters = deadLetters;
        this.remapping = remapping;
        this.journal = journal;
        this.ledger = ledger;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /** Which dead letters to replay or discard; null lets everything through. */
    public record Selection(
            UUID runId, String entityName, Integer maxRetries, boolean onlyDue, String stage, String errorType, Long id) {

        static final Selection DUE = new Selection(null, null, null, true, null, null, null);

        public static Selection of(UUID runId, String entityName, Integer maxRetries) {
            return new Selection(runId, entityName, maxRetries, false, null, null, null);
        }

        /** Those that failed alike. */
        public static Selection alike(String entityName, String stage, String errorType) {
            return new Selection(null, entityName, null, false, stage, errorType, null);
        }

        public static Selection one(long id) {
            return new Selection(null, null, null, false, null, null, id);
        }

        private Where after(long afterId, Instant now) {
            return Where.that("d.state IN ('RETRY', 'DEAD')")
                    .andNumber("d.id > ?", afterId)
                    .andAt("d.state = 'RETRY' AND d.next_retry_at <= ?::timestamptz", onlyDue ? now : null)
                    .andUuid("d.run_id = ? OR d.last_run_id = ?", runId)
                    .andText("d.entity_type = ?", entityName)
                    .andNumber("d.retry_count < ?", maxRetries == null ? null : maxRetries.longValue())
                    .andText("d.stage = ?", stage)
                    .andText("d.error_type = ?", errorType)
                    .andNumber("d.id = ?", id);
        }
    }

    /** What came of a replay; {@code retried = resolved + stillFailed}. */
    public record Result(int retried, int resolved, int stillFailed) {

        public Result plus(Result other) {
            return new Result(retried + other.retried, resolved + other.resolved, stillFailed + other.stillFailed);
        }
    }

    /** Replays what is due, a batch of it; the route {@code retry-due} calls it. Answers how many it took. */
    public int replayDue() {
        return replayBatch(Selection.DUE, 0, BATCH, "automatic").result().retried;
    }

    /** Replays what is selected, oldest first, at most {@code limit}; each once. */
    public Result replay(Selection selection, int limit, String by) {
        Result sum = new Result(0, 0, 0);
        long lastId = 0;
        while (sum.retried < limit) {
            Batch batch = replayBatch(selection, lastId, Math.min(BATCH, limit - sum.retried), by);
            if (batch.result().retried == 0) {
                break;
            }
            sum = sum.plus(batch.result());
            lastId = batch.lastId();
        }
        return sum;
    }

    /** One batch of a replay; the next one begins after {@code lastId}. */
    public record Batch(long lastId, Result result) {}

    /** Replays the next batch of what is selected, so that whoever asks can show how far it is. */
    public Batch replayNext(Selection selection, long afterId, String by) {
        return replayBatch(selection, afterId, BATCH, by);
    }

    /** Gives up the next batch of what is selected, for a reason; they stay in the journal as {@code DISCARDED}. */
    public Batch discardNext(Selection selection, long afterId, String by, String reason) {
        return transaction.execute(status -> {
            Instant now = clock.instant();
            List<Claimed> claimed = claim(selection, afterId, BATCH, now);
            List<Entry> entries = claimed.stream().map(Claimed::entry).filter(Replays::isParked).toList();
            entries.forEach(entry -> entry.decide(Outcome.DISCARDED, null, null));
            journal.settle(entries, now);
            ledger.write(JournalTable.ledgerLines(entries));
            deadLetters.discard(entries, by, reason);
            long lastId = claimed.isEmpty() ? afterId : claimed.get(claimed.size() - 1).id;
            return new Batch(lastId, new Result(claimed.size(), entries.size(), claimed.size() - entries.size()));
        });
    }

    /** One that is being tried right now waits in the queue; its outcome decides. */
    private static boolean isParked(Entry entry) {
        return entry.before() == Outcome.RETRY || entry.before() == Outcome.DEAD;
    }

    private record Claimed(long id, String stage, Entry entry) {}

    private Batch replayBatch(Selection selection, long afterId, int size, String by) {
        long[] lastId = {afterId};
        Journalled done = pipeline.applyJournalled(
                now -> {
                    List<Claimed> claimed = claim(selection, afterId, size, now);
                    lastId[0] = claimed.isEmpty() ? afterId : claimed.get(claimed.size() - 1).id;
                    return prepare(claimed);
                },
                by,
                batch -> deadLetters.resolve(through(batch.entries()), by));
        int resolved = through(done.entries()).size();
        int retried = done.entries().size() + done.failed().size();
        return new Batch(lastId[0], new Result(retried, resolved, retried - resolved));
    }

    private List<Claimed> claim(Selection selection, long afterId, int size, Instant now) {
        Where where = selection.after(afterId, now);
        return jdbc.query(
                CLAIM + where.sql() + " ORDER BY d.id LIMIT ? FOR UPDATE OF d SKIP LOCKED",
                ps -> where.bind(Bind.to(ps)).integer(size),
                (rs, row) -> new Claimed(rs.getLong(1), rs.getString(3), JournalRows.read(rs, 3, rs.getInt(2))));
    }

    /** A record that was not well formed is read again, as its connector would read it today: that may have been the mistake. */
    private Journalled prepare(List<Claimed> claimed) {
        List<Entry> entries = new ArrayList<>();
        List<FailedEntry> failed = new ArrayList<>();
        for (Claimed one : claimed) {
            if (!Failure.VALIDATE.equals(one.stage)) {
                entries.add(one.entry);
                continue;
            }
            remapping.read(one.entry.change()).accept(
                    change -> entries.add(identify(one.entry, change)),
                    failure -> failed.add(new FailedEntry(one.entry, failure)));
        }
        return new Journalled(entries, failed);
    }

    private Entry identify(Entry entry, Change change) {
        jdbc.update(
                """
                UPDATE journal SET record_key = ?, modified_at = ?, parent_entity = ?, parent_key = ?
                WHERE seq = ? AND accepted_at = ?""",
                ps -> Bind.to(ps)
                        .text(change.key())
                        .at(change.modifiedAt())
                        .text(change.parent() == null ? null : change.parent().entityType())
                        .text(change.parent() == null ? null : change.parent().key())
                        .number(entry.seq())
                        .at(entry.acceptedAt()));
        return Entry.journalled(change, entry.acceptedAt(), entry.seq(), entry.before(), entry.attempts());
    }

    private static List<Entry> through(List<Entry> entries) {
        return entries.stream().filter(e -> e.outcome() != Outcome.DEAD && e.outcome() != Outcome.RETRY).toList();
    }
}
