package dev.serai.journal;

import dev.serai.change.Change;
import dev.serai.database.BinaryRows;
import dev.serai.database.Bind;
import dev.serai.journal.Journal.Receipt;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes a batch of accepted changes: duplicates, journal, queue and ledger, by one commit. Within a transaction the changes are accepted by
 * that one's commit.
 *
 * <p>A few changes are one statement. Many are copied into one table after the other, which takes more round trips and half of PostgreSQL's
 * time; where one of them turns out to be a duplicate, the statement does the batch again.
 */
@Component
public class JournalIntake {

    private static final Logger LOG = LoggerFactory.getLogger(JournalIntake.class);

    private static final String COLUMNS = """
            (source, store_id, run_id, entity_type, record_key, operation, modified_at, parent_entity, parent_key, event_id, hash, payload,
             partial, from_pull, first_place, place)""";

    private static final String APPEND = """
            WITH incoming AS MATERIALIZED (
                SELECT nextval('journal_seq_seq') AS seq, i.*
                FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                            ?::bigint[], ?::text[], ?::boolean[], ?::boolean[], ?::int[]) WITH ORDINALITY AS i\s""" + COLUMNS + """
            ),
            claimed AS (
                INSERT INTO event_seen (source, event_id, seq, expires_at)
                SELECT source, event_id, seq, ?::timestamptz FROM incoming WHERE event_id IS NOT NULL AND place = first_place
                ORDER BY event_id, source, seq ON CONFLICT DO NOTHING RETURNING seq),
            firsts AS MATERIALIZED (
                SELECT place FROM incoming i WHERE place = first_place
                  AND (event_id IS NULL OR EXISTS (SELECT 1 FROM claimed c WHERE c.seq = i.seq))),
            fresh AS MATERIALIZED (SELECT * FROM incoming i WHERE EXISTS (SELECT 1 FROM firsts f WHERE f.place = i.first_place)),
            remembered AS (
                INSERT INTO event_seen (source, event_id, seq, expires_at)
                SELECT source, event_id, seq, ?::timestamptz FROM fresh WHERE event_id IS NOT NULL AND place <> first_place
                ORDER BY event_id, source, seq ON CONFLICT DO NOTHING),
            journalled AS (
                INSERT INTO journal (seq, accepted_at, source, store_id, run_id, entity_type, record_key, operation, modified_at,
                                     parent_entity, parent_key, event_id, hash, payload, outcome, partial, from_pull)
                SELECT seq, ?::timestamptz, source, store_id, run_id::uuid, entity_type, record_key, operation, modified_at::timestamptz,
                       parent_entity, parent_key, event_id, hash, payload, 'ACCEPTED', partial, from_pull FROM fresh),
            queued AS (
                INSERT INTO pending (seq, accepted_at, bucket, entity_type, record_key, store_id)
                SELECT seq, ?::timestamptz, bucket_of(entity_type, record_key), entity_type, record_key, store_id FROM fresh),
            counted AS (
                INSERT INTO ledger (run_id, store_id, entity_type, outcome, n)
                SELECT i.run_id::uuid, i.store_id, i.entity_type, o.outcome, count(*)
                FROM incoming i LEFT JOIN fresh f ON f.seq = i.seq
                CROSS JOIN LATERAL (VALUES ('*'), (CASE WHEN f.seq IS NULL THEN 'DUPLICATE' ELSE 'ACCEPTED' END)) AS o(outcome)
                GROUP BY 1, 2, 3, 4)
            SELECT i.place, i.seq, f.seq IS NULL FROM incoming i LEFT JOIN fresh f ON f.seq = i.seq""";

    /** Counts the changes as well: each statement more is a way to the server and back, on which the batch's callers wait. */
    private static final String NUMBERS = "WITH counted AS (" + Ledger.WRITE + """
            )
            SELECT nextval('journal_seq_seq') FROM generate_series(1, ?)""";

    private static final String FORGET = "DELETE FROM event_seen WHERE ctid >= ?::tid AND ctid < ?::tid AND expires_at < ?";

    /** Pages of a table that are read at once where no index tells what is in them; 8 kB each. */
    private static final long PAGES = 10_000;

    /** From so many changes on it pays to copy them. */
    private static final int MANY = 32;

    /** Concurrent batches wait for each other's events in one order, or they would wait crosswise. */
    private static final Comparator<Entry> EVENT_ORDER =
            Comparator.comparing((Entry e) -> e.change().eventId()).thenComparing(e -> e.change().source());

    private final JdbcTemplate jdbc;
    private final JournalTable journal;
    private final Buckets buckets;
    private final TransactionTemplate transaction;
    private final Duration remembered;

    JournalIntake(
            JdbcTemplate jdbc,
            JournalTable journal,
            Buckets buckets,
            PlatformTransactionManager transactions,
            @Value("${serai.journal.remember-events}") Duration remembered) {
        this.jdbc = jdbc;
        this.journal = journal;
        this.buckets = buckets;
        this.transaction = new TransactionTemplate(transactions);
        this.remembered = remembered;
    }

    /** Appends groups of changes, each whole or not at all, and answers for each change in its place. */
    public List<List<Receipt>> append(List<List<Change>> groups, Instant now) {
        List<Change> changes = groups.stream().flatMap(List::stream).toList();
        List<Receipt> receipts = write(groups, changes, now);
        List<List<Receipt>> byGroup = new ArrayList<>(groups.size());
        int from = 0;
        for (List<Change> group : groups) {
            byGroup.add(receipts.subList(from, from + group.size()));
            from += group.size();
        }
        return byGroup;
    }

    /** The place of each change's group's first, counted from 1. */
    private static List<Integer> firstPlaces(List<List<Change>> groups) {
        List<Integer> places = new ArrayList<>();
        for (List<Change> group : groups) {
            places.addAll(Collections.nCopies(group.size(), places.size() + 1));
        }
        return places;
    }

    private List<Receipt> write(List<List<Change>> groups, List<Change> changes, Instant now) {
        // A duplicate would end the transaction of a caller who has one.
        if (changes.size() >= MANY && !TransactionSynchronizationManager.isActualTransactionActive() && buckets.areKnown()) {
            try {
                return transaction.execute(status -> copy(changes, now));
            } catch (DuplicateKeyException e) {
                LOG.debug("A batch of {} changes has a duplicate", changes.size(), e);
            }
        }
        return append(changes, firstPlaces(groups), now);
    }

    /** All of them, if none is a duplicate. */
    private List<Receipt> copy(List<Change> changes, Instant now) {
        List<Entry> entries = changes.stream().map(change -> Entry.arriving(change, now)).toList();
        entries.forEach(Entry::accept);
        number(entries);
        Instant forgotten = now.plus(remembered);
        BinaryRows.copy("event_seen (source, event_id, seq, expires_at)", 4, jdbc, rows -> entries.stream()
                .filter(entry -> entry.change().eventId() != null).sorted(EVENT_ORDER)
                .forEach(e -> rows.row().text(e.change().source()).text(e.change().eventId()).number(e.seq()).at(forgotten)));
        journal.append(entries, null);
        BinaryRows.copy("pending (seq, accepted_at, bucket, entity_type, record_key, store_id)", 6, jdbc, rows -> {
            for (Entry entry : entries) {
                Change change = entry.change();
                rows.row().number(entry.seq()).at(now).small(Buckets.of(change.entityType(), change.key()))
                        .text(change.entityType()).text(change.key()).text(change.storeId());
            }
        });
        return entries.stream().map(entry -> new Receipt(entry.seq(), false)).toList();
    }

    /** Gives the entries their numbers, in order, and counts them. */
    private void number(List<Entry> entries) {
        Iterator<Entry> next = entries.iterator();
        jdbc.query(
                NUMBERS,
                ps -> Ledger.bind(Bind.to(ps), JournalTable.ledgerLines(entries)).integer(entries.size()),
                rs -> {
                    next.next().number(rs.getLong(1));
                });
    }

    private List<Receipt> append(List<Change> changes, List<Integer> firstPlaces, Instant now) {
        Receipt[] receipts = new Receipt[changes.size()];
        List<Integer> duplicates = new ArrayList<>();
        jdbc.query(
                APPEND,
                ps -> bind(Bind.to(ps), changes)
                        .integers(firstPlaces, Integer::intValue)
                        .at(now.plus(remembered))
                        .at(now.plus(remembered))
                        .at(now)
                        .at(now),
                rs -> {
                    int place = rs.getInt(1) - 1;
                    receipts[place] = new Receipt(rs.getLong(2), rs.getBoolean(3));
                    if (rs.getBoolean(3)) {
                        duplicates.add(place);
                    }
                });
        if (!duplicates.isEmpty()) {
            // What a repetition has beyond the original is named after the original's first.
            duplicates.forEach(place -> receipts[place] = null);
            findOriginals(changes, duplicates, receipts);
            duplicates.stream().filter(place -> receipts[place] == null)
                    .forEach(place -> receipts[place] = receipts[firstPlaces.get(place) - 1]);
        }
        return List.of(receipts);
    }

    private void findOriginals(List<Change> changes, List<Integer> duplicates, Receipt[] receipts) {
        jdbc.query(
                """
                SELECT d.place, e.seq FROM unnest(?::int[], ?::text[], ?::text[]) AS d(place, source, event_id)
                JOIN event_seen e ON e.source = d.source AND e.event_id = d.event_id""",
                ps -> Bind.to(ps)
                        .integers(duplicates, Integer::intValue)
                        .texts(duplicates, place -> changes.get(place).source())
                        .texts(duplicates, place -> changes.get(place).eventId()),
                rs -> {
                    receipts[rs.getInt(1)] = new Receipt(rs.getLong(2), true);
                });
    }

    Optional<Long> find(String source, String eventId) {
        return jdbc.query(
                        "SELECT seq FROM event_seen WHERE source = ? AND event_id = ?",
                        ps -> Bind.to(ps).text(source).text(eventId),
                        (rs, row) -> rs.getLong(1))
                .stream()
                .findFirst();
    }

    /**
     * Forgets events whose time is over; the route {@code upkeep-forget-events} calls it. It reads the whole table, a part after the other: an
     * index of times would have to be written with each event that is accepted.
     */
    void forgetExpired(Instant now) {
        long pages = jdbc.queryForObject("SELECT pg_relation_size('event_seen') / current_setting('block_size')::int", Long.class);
        for (long page = 0; page < pages; page += PAGES) {
            String from = "(" + page + ",0)";
            String to = "(" + (page + PAGES) + ",0)";
            jdbc.update(FORGET, ps -> Bind.to(ps).text(from).text(to).at(now));
        }
    }

    private static Bind bind(Bind bind, List<Change> changes) throws SQLException {
        return bind.texts(changes, Change::source)
                .texts(changes, Change::storeId)
                .uuids(changes, Change::runId)
                .texts(changes, Change::entityType)
                .texts(changes, Change::key)
                .texts(changes, c -> c.operation().name())
                .instants(changes, Change::modifiedAt)
                .texts(changes, c -> c.parent() == null ? null : c.parent().entityType())
                .texts(changes, c -> c.parent() == null ? null : c.parent().key())
                .texts(changes, Change::eventId)
                .numbers(changes, Change::hash)
                .texts(changes, Change::payload)
                .flags(changes, Change::partial)
                .flags(changes, Change::fromPull);
    }
}
