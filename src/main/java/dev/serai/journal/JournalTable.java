package dev.serai.journal;

import dev.serai.change.Change;
import dev.serai.change.RecordKey;
import dev.serai.database.BinaryRows;
import dev.serai.database.Bind;
import dev.serai.database.Columns;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.stereotype.Component;

/** Writes the journal's rows, a batch a statement, in the current transaction. */
@Component
public class JournalTable {

    private static final String COLUMNS = """
            journal (seq, accepted_at, source, store_id, run_id, entity_type, record_key, operation, modified_at,
                     parent_entity, parent_key, event_id, hash, payload, outcome, rule, version, previous, settled_at,
                     partial, from_pull, trace)""";

    private static final String SETTLE = """
            UPDATE journal j SET outcome = e.outcome, rule = e.rule, version = e.version, previous = e.previous, trace = e.trace,
                settled_at = ?::timestamptz
            FROM unnest(?::bigint[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::text[])
              AS e(seq, accepted_at, outcome, rule, version, previous, trace)
            WHERE j.seq = e.seq AND j.accepted_at = e.accepted_at::timestamptz""";

    private final JdbcTemplate jdbc;

    JournalTable(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Gives the arriving entries their places in the journal, in order. */
    public void number(List<Entry> arriving) {
        if (arriving.isEmpty()) {
            return;
        }
        List<Long> numbers = jdbc.queryForObject(
                "SELECT array_agg(nextval('journal_seq_seq')) FROM generate_series(1, ?)",
                (rs, row) -> Columns.numbers(rs, 1),
                arriving.size());
        for (int i = 0; i < numbers.size(); i++) {
            arriving.get(i).number(numbers.get(i));
        }
    }

    /**
     * Appends entries that are numbered.
     *
     * @param settledAt when they were decided; null where they wait for it
     */
    public void append(List<Entry> entries, Instant settledAt) {
        if (entries.isEmpty()) {
            return;
        }
        BinaryRows.copy(COLUMNS, 22, jdbc, rows -> {
            for (Entry entry : entries) {
                Change change = entry.change();
                rows.row()
                        .number(entry.seq())
                        .at(entry.acceptedAt())
                        .text(change.source())
                        .text(change.storeId())
                        .uuid(change.runId())
                        .text(change.entityType())
                        .text(change.key())
                        .text(change.operation().name())
                        .at(change.modifiedAt())
                        .text(parent(change, true))
                        .text(parent(change, false))
                        .text(change.eventId())
                        .number(change.hash())
                        .text(change.payload())
                        .text(entry.outcome().name())
                        .text(entry.rule())
                        .integer(entry.version())
                        .number(entry.previous())
                        .at(settledAt)
                        .flag(change.partial())
                        .flag(change.fromPull())
                        .text(entry.trace());
            }
        });
    }

    /** Writes what was decided about entries that are in the journal already. */
    public void settle(List<Entry> entries, Instant now) {
        if (entries.isEmpty()) {
            return;
        }
        jdbc.execute(SETTLE, (PreparedStatementCallback<Integer>) ps -> {
            Bind.to(ps)
                    .at(now)
                    .numbers(entries, Entry::seq)
                    .instants(entries, Entry::acceptedAt)
                    .texts(entries, e -> e.outcome().name())
                    .texts(entries, Entry::rule)
                    .nullableNumbers(entries, e -> e.version() == null ? null : e.version().longValue())
                    .nullableNumbers(entries, Entry::previous)
                    .texts(entries, Entry::trace);
            return ps.executeUpdate();
        });
    }

    /** What a batch of decisions means for the ledger. */
    public static LedgerLines ledgerLines(List<Entry> entries) {
        LedgerLines lines = new LedgerLines();
        for (Entry entry : entries) {
            Change change = entry.change();
            if (entry.isArriving()) {
                lines.accepted(change.runId(), change.storeId(), change.entityType(), 1);
            } else {
                lines.outcome(change.runId(), change.storeId(), change.entityType(), entry.before(), null, -1);
            }
            lines.outcome(change.runId(), change.storeId(), change.entityType(), entry.outcome(), entry.effect(), 1);
        }
        return lines;
    }

    private static String parent(Change change, boolean entity) {
        RecordKey parent = change.parent();
        if (parent == null) {
            return null;
        }
        return entity ? parent.entityType() : parent.key();
    }
}
