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

    /** Read at a time of the ids of all live records. */
    private static final int SCAN = 50_000;

    private static final String LIVE = """
            SELECT id, record_key FROM record
            WHERE entity_type = ? AND origin = ? AND NOT deleted AND id > ? ORDER BY id LIMIT ?""";

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
        Unseen unseen = unseen(pull);
        List<Change> gone = new ArrayList<>();
        for (List<String> keys : batches(unseen.keys)) {
            gone.addAll(deletes(pull.run, keys));
        }
        if (gone.size() > unseen.known * maxShare && !pull.run.request().allowMassDelete()) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "The source no longer has %,d of the %,d known records of %s, more than %.0f %% (serai.connectors.max-delete-share). "
                            + "If that is right, start the sync again with \"allow_mass_delete\": true.",
                    gone.size(),
                    unseen.known,
                    pull.run.entityType(),
                    maxShare * 100));
        }
        for (List<Change> changes : batches(gone)) {
            pipeline.accept(new Page(pull.run.entityType(), changes, List.of()), inside -> ledger.write(inside.lines()));
        }
        return Optional.empty();
    }

    private static <T> List<List<T>> batches(List<T> all) {
        List<List<T>> batches = new ArrayList<>();
        for (int from = 0; from < all.size(); from += BATCH) {
            batches.add(all.subList(from, Math.min(from + BATCH, all.size())));
        }
        return batches;
    }

    /** How many live records the source has, and the keys of those that the run has not met. */
    private record Unseen(long known, List<String> keys) {}

    private Unseen unseen(Pull pull) {
        Run run = pull.run;
        String origin = run.storeId() != null ? run.storeId() : run.request().connector();
        List<String> keys = new ArrayList<>();
        long known = 0;
        long[] lastId = {0};
        int rows;
        do {
            rows = jdbc.query(
                    LIVE,
                    ps -> Bind.to(ps).text(run.entityType()).text(origin).number(lastId[0]).integer(SCAN),
                    rs -> {
                        int n = 0;
                        for (; rs.next(); n++) {
                            lastId[0] = rs.getLong(1);
                            if (!pull.seen.contains(lastId[0])) {
                                keys.add(rs.getString(2));
                            }
                        }
                        return n;
                    });
            known += rows;
        } while (rows == SCAN);
        return new Unseen(known, keys);
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
