package dev.serai.connector;

import dev.serai.change.Change;
import dev.serai.change.Operation;
import dev.serai.database.Bind;
import dev.serai.journal.Ledger;
import dev.serai.record.Page;
import dev.serai.record.Pipeline;
import dev.serai.run.Run;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** After the last page of a full run: the records of this source that no page had are gone there, and are deleted here. */
@Component
class Deletes {

    private static final int BATCH = 1_000;

    /** Ids that PostgreSQL is asked about at a time, one bit of a parameter each: all of them, but for the very largest databases. */
    private static final int WINDOW = 1 << 27;

    private static final String KNOWN = "SELECT count(*) FROM record WHERE entity_type = ? AND origin = ? AND NOT deleted";

    /** A bit beyond the last one is an error of {@code get_bit}, so CASE has to look first. */
    private static final String UNSEEN = """
            SELECT record_key FROM record
            WHERE entity_type = ? AND origin = ? AND NOT deleted AND id BETWEEN ? AND ?
              AND CASE WHEN id BETWEEN ? AND ? THEN get_bit(?::bytea, id - ?) = 0 ELSE true END""";

    /** Records that were settled after the run began may be younger than the pages. */
    private static final String OLDER = """
            SELECT r.record_key, r.modified_at, r.hash FROM record r
            LEFT JOIN journal j ON j.seq = r.last_change
            WHERE r.entity_type = ? AND r.record_key = ANY (?::text[]) AND NOT r.deleted
              AND (j.settled_at IS NULL OR j.settled_at < ?::timestamptz)""";

    private final JdbcTemplate jdbc;
    private final Pipeline pipeline;
    private final Ledger ledger;
    private final double maxShare;

    Deletes(JdbcTemplate jdbc, Pipeline pipeline, Ledger ledger, @Value("${serai.connectors.max-delete-share}") double maxShare) {
        this.jdbc = jdbc;
        this.pipeline = pipeline;
        this.ledger = ledger;
        this.maxShare = maxShare;
    }

    /** Deletes what is gone. Where that would be too much at once it deletes nothing, and answers what to tell. */
    Optional<String> find(Pull pull) {
        List<Change> gone = new ArrayList<>();
        for (List<String> keys : batches(unseen(pull))) {
            gone.addAll(deletes(pull.run, keys));
        }
        if (!gone.isEmpty() && !pull.run.request().allowMassDelete()) {
            long known = known(pull.run);
            if (gone.size() > known * maxShare) {
                return Optional.of(refusal(pull.run, gone.size(), known));
            }
        }
        for (List<Change> changes : batches(gone)) {
            pipeline.accept(new Page(pull.run.entityType(), changes, List.of()), inside -> ledger.write(inside.lines()));
        }
        return Optional.empty();
    }

    private String refusal(Run run, int gone, long known) {
        return String.format(
                Locale.ROOT,
                "The source no longer has %,d of the %,d known records of %s, more than %.0f %% (serai.connectors.max-delete-share). "
                        + "If that is right, start the sync again with \"allow_mass_delete\": true.",
                gone,
                known,
                run.entityType(),
                maxShare * 100);
    }

    private static <T> List<List<T>> batches(List<T> all) {
        List<List<T>> batches = new ArrayList<>();
        for (int from = 0; from < all.size(); from += BATCH) {
            batches.add(all.subList(from, Math.min(from + BATCH, all.size())));
        }
        return batches;
    }

    private long known(Run run) {
        return jdbc.query(
                KNOWN, ps -> Bind.to(ps).text(run.entityType()).text(origin(run)), rs -> rs.next() ? rs.getLong(1) : 0);
    }

    /** Who created the records that a pull of this source may delete. */
    private static String origin(Run run) {
        return run.storeId() != null ? run.storeId() : run.request().connector();
    }

    /** The keys of the source's live records that the run has not met: PostgreSQL hands over only those, of any number of records. */
    private List<String> unseen(Pull pull) {
        Long highest = jdbc.queryForObject("SELECT last_value FROM record_id_seq", Long.class);
        List<String> keys = new ArrayList<>();
        for (long from = 0; from <= highest; from += WINDOW) {
            long first = from;
            byte[] seen = pull.seen.bits(first, WINDOW);
            keys.addAll(jdbc.query(
                    UNSEEN,
                    ps -> Bind.to(ps)
                            .text(pull.run.entityType())
                            .text(origin(pull.run))
                            .number(first)
                            .number(first + WINDOW - 1)
                            .number(first)
                            .number(first + seen.length * 8L - 1)
                            .bytes(seen)
                            .number(first),
                    (rs, row) -> rs.getString(1)));
        }
        return keys;
    }

    private List<Change> deletes(Run run, List<String> keys) {
        return jdbc.query(
                OLDER,
                ps -> Bind.to(ps).text(run.entityType()).texts(keys).at(run.startedAt()),
                (rs, row) -> delete(run, rs.getString(1), rs.getObject(2, OffsetDateTime.class), rs.getLong(3)));
    }

    /** As old as what it deletes: where the source shows the record again with its old time, it comes back. */
    private static Change delete(Run run, String key, OffsetDateTime modifiedAt, long hash) {
        return new Change(
                run.request().connector(),
                run.storeId(),
                run.runId(),
                run.entityType(),
                key,
                Operation.DELETE,
                modifiedAt.toInstant(),
                null,
                null,
                hash,
                null,
                true);
    }
}
