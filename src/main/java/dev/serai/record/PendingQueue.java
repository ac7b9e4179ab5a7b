package dev.serai.record;

import dev.serai.database.Bind;
import dev.serai.journal.Entry;
import dev.serai.record.Pipeline.Journalled;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Journalled changes that wait to be applied. All changes of a record are in one bucket, and a worker takes a bucket by an advisory lock
 * for one transaction: so order is kept, and any number of workers on any number of hubs share the work.
 *
 * <p>A paused store's changes are put aside when a worker meets them, into buckets below zero, where they are in nobody's way.
 */
@Component
public class PendingQueue {

    /** The first half of our advisory locks; hubs' numbers have another. */
    private static final int BUCKET_LOCKS = 7_301;

    private static final int BATCH = 1_000;

    private static final String ADD = """
            INSERT INTO pending (seq, accepted_at, bucket, entity_type, record_key, store_id)
            SELECT seq, accepted_at::timestamptz, bucket_of(entity_type, record_key), entity_type, record_key, store_id
            FROM unnest(?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[])
              AS p(seq, accepted_at, entity_type, record_key, store_id)""";

    /**
     * Buckets that have work and that nobody else works on, at most half of all, so that there are some left for the next worker. The list is
     * made first, so that only those are locked.
     */
    private static final String LOCK_BUCKETS = """
            WITH busy AS MATERIALIZED (
                SELECT b FROM generate_series(0, 63) AS b
                WHERE EXISTS (SELECT 1 FROM pending p WHERE p.bucket = b::smallint)
                ORDER BY random())
            SELECT b FROM busy WHERE pg_try_advisory_xact_lock(?, b::int) LIMIT 32""";

    /** The first of each bucket, of which the first of all: so a batch costs the same however much waits behind it. */
    private static final String TAKE = """
            WITH next AS (SELECT p.place, p.seq FROM unnest(?::smallint[]) AS b CROSS JOIN LATERAL (
                                SELECT ctid AS place, seq FROM pending WHERE bucket = b
                                  AND (store_id IS NULL OR store_id <> ALL (?::text[])) ORDER BY seq LIMIT ?) p
                            ORDER BY p.seq LIMIT ?),
                 gone AS (DELETE FROM pending p USING next n WHERE p.ctid = n.place RETURNING p.seq, p.accepted_at)
            SELECT\s""" + JournalRows.COLUMNS + """

            FROM gone g JOIN journal j ON j.seq = g.seq AND j.accepted_at = g.accepted_at ORDER BY j.seq""";

    /** Locked, so that a store is not resumed while a worker that still takes it for paused puts its changes aside. */
    private static final String PAUSED = "SELECT store_id FROM store WHERE paused ORDER BY store_id FOR SHARE";

    private static final String PUT_ASIDE = """
            WITH next AS (SELECT bucket, seq, store_id FROM pending WHERE bucket = ANY (?::int[])
                          ORDER BY seq LIMIT ?)
            UPDATE pending p SET bucket = -1 - p.bucket FROM next n
            WHERE p.bucket = n.bucket AND p.seq = n.seq AND n.store_id = ANY (?::text[])""";

    private final JdbcTemplate jdbc;
    private final Wake wake;

    PendingQueue(JdbcTemplate jdbc, Wake wake) {
        this.jdbc = jdbc;
        this.wake = wake;
    }

    /** Queues journalled entries, in the current transaction. */
    void add(List<Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        jdbc.execute(ADD, (PreparedStatementCallback<Integer>) ps -> {
            Bind.to(ps)
                    .numbers(entries, Entry::seq)
                    .instants(entries, Entry::acceptedAt)
                    .texts(entries, e -> e.change().entityType())
                    .texts(entries, e -> e.change().key())
                    .texts(entries, e -> e.change().storeId());
            return ps.executeUpdate();
        });
        wakeAfterCommit();
    }

    /** Takes up to a batch from buckets that are free, in order, and keeps the buckets until the transaction ends. */
    Journalled take() {
        List<Integer> buckets = jdbc.query(
                LOCK_BUCKETS, ps -> Bind.to(ps).integer(BUCKET_LOCKS), (rs, row) -> rs.getInt(1));
        if (buckets.isEmpty()) {
            return new Journalled(List.of(), List.of());
        }
        List<String> paused = jdbc.queryForList(PAUSED, String.class);
        putAside(buckets, paused);
        List<Entry> entries = jdbc.query(
                TAKE,
                ps -> Bind.to(ps).integers(buckets, Integer::intValue).texts(paused).integer(share(buckets.size())).integer(BATCH),
                (rs, row) -> JournalRows.read(rs, 0, 0));
        return new Journalled(entries, List.of());
    }

    /** What is read of each bucket: twice its part of a batch, as they are not filled alike. */
    private static int share(int buckets) {
        return Math.min(BATCH, 2 * BATCH / buckets);
    }

    /** Until nothing of a paused store is among the next ones. */
    private void putAside(List<Integer> buckets, List<String> paused) {
        int moved = paused.isEmpty() ? 0 : BATCH;
        while (moved > 0) {
            moved = jdbc.execute(PUT_ASIDE, (PreparedStatementCallback<Integer>) ps -> {
                Bind.to(ps).integers(buckets, Integer::intValue).integer(BATCH).texts(paused);
                return ps.executeUpdate();
            });
        }
    }

    /** The store is not paused any more, in this transaction or before: its changes are applied now, in their order. */
    @Transactional
    public void resume(String storeId) {
        jdbc.update("UPDATE pending SET bucket = -1 - bucket WHERE bucket < 0 AND store_id = ?", storeId);
        wakeAfterCommit();
    }

    void wake() {
        wake.applyChanges();
    }

    void wakeAfterCommit() {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                wake();
            }
        });
    }
}
