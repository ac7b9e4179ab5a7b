package dev.serai.deadletter;

import dev.serai.change.Outcome;
import dev.serai.database.Bind;
import dev.serai.journal.Effect;
import dev.serai.journal.Entry;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.stereotype.Component;

/** Parks failed changes in the transaction that decides about them, and keeps count of their attempts. */
@Component
public class DeadLetters {

    private static final String KNOWN = """
            UPDATE dead_letter d SET occurrences = occurrences + 1, last_run_id = k.run_id::uuid, last_failed_at = ?::timestamptz
            FROM unnest(?::int[], ?::text[], ?::text[], ?::bigint[], ?::text[]) AS k(place, entity_type, source, hash, run_id)
            WHERE d.state IN ('RETRY', 'DEAD') AND d.entity_type = k.entity_type AND d.source = k.source AND d.hash = k.hash
            RETURNING k.place""";

    private static final String PARK = """
            INSERT INTO dead_letter (seq, accepted_at, run_id, last_run_id, source, store_id, entity_type, record_key, hash, state, stage,
                                     error_type, message, payload, next_retry_at, first_failed_at, last_failed_at)
            SELECT seq, accepted_at::timestamptz, run_id::uuid, run_id::uuid, source, store_id, entity_type, record_key, hash, state, stage,
                   error_type, message, payload, next_retry_at::timestamptz, f.now, f.now
            FROM (SELECT ?::timestamptz AS now) AS f,
                 unnest(?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[],
                        ?::text[], ?::text[], ?::text[], ?::text[])
              AS d(seq, accepted_at, run_id, source, store_id, entity_type, record_key, hash, state, stage,
                   error_type, message, payload, next_retry_at)
            ON CONFLICT (seq) DO UPDATE SET state = excluded.state, stage = excluded.stage, error_type = excluded.error_type,
                message = excluded.message, next_retry_at = excluded.next_retry_at, last_failed_at = excluded.last_failed_at,
                retry_count = dead_letter.retry_count + 1,
                attempts = dead_letter.attempts || jsonb_build_array(jsonb_build_object(
                    'at', excluded.last_failed_at, 'by', ?::text, 'outcome', excluded.state, 'message', excluded.message))""";

    private static final String RESOLVE = """
            UPDATE dead_letter d SET state = 'RESOLVED', next_retry_at = NULL, retry_count = retry_count + 1,
                attempts = d.attempts || jsonb_build_array(jsonb_build_object('at', ?::text, 'by', ?::text, 'outcome', a.outcome))
            FROM unnest(?::bigint[], ?::text[]) AS a(seq, outcome)
            WHERE d.seq = a.seq""";

    private static final String DISCARD = """
            UPDATE dead_letter SET state = 'DISCARDED', next_retry_at = NULL,
                attempts = attempts || jsonb_build_array(jsonb_build_object('at', ?::text, 'by', ?::text, 'outcome', 'DISCARDED', 'message', ?::text))
            WHERE seq = ANY (?::bigint[])""";

    private final JdbcTemplate jdbc;
    private final RetryPolicy policy;
    private final Clock clock;

    DeadLetters(JdbcTemplate jdbc, RetryPolicy policy, Clock clock) {
        this.jdbc = jdbc;
        this.policy = policy;
        this.clock = clock;
    }

    /**
     * Recognises arriving entries whose like is parked already: they are counted there and become duplicates. Decides the others: RETRY or
     * DEAD. Answers the ones that have to be journalled and parked.
     */
    public List<FailedEntry> decide(List<FailedEntry> failed, Instant now) {
        boolean[] known = new boolean[failed.size()];
        List<Integer> arriving = new ArrayList<>();
        for (int i = 0; i < failed.size(); i++) {
            if (failed.get(i).entry().isArriving()) {
                arriving.add(i);
            }
        }
        if (!arriving.isEmpty()) {
            jdbc.query(
                    KNOWN,
                    ps -> Bind.to(ps)
                            .at(now)
                            .integers(arriving, Integer::intValue)
                            .texts(arriving, i -> failed.get(i).entry().change().entityType())
                            .texts(arriving, i -> failed.get(i).entry().change().source())
                            .numbers(arriving, i -> failed.get(i).entry().change().hash())
                            .uuids(arriving, i -> failed.get(i).entry().change().runId()),
                    rs -> {
                        known[rs.getInt(1)] = true;
                    });
        }
        List<FailedEntry> fresh = new ArrayList<>();
        for (int i = 0; i < failed.size(); i++) {
            FailedEntry one = failed.get(i);
            if (known[i]) {
                one.entry().decide(Outcome.DUPLICATE, Effect.PARKED, null);
            } else {
                boolean again = !one.failure().permanent() && policy.allows(one.entry().attempts());
                one.entry().decide(again ? Outcome.RETRY : Outcome.DEAD, null, null);
                fresh.add(one);
            }
        }
        return fresh;
    }

    /** Writes the dead letters of entries that {@link #decide} found new, or that failed again in an attempt {@code by} somebody. */
    public void park(List<FailedEntry> failed, String by, Instant now) {
        if (failed.isEmpty()) {
            return;
        }
        jdbc.execute(PARK, (PreparedStatementCallback<Integer>) ps -> {
            Bind.to(ps)
                    .at(now)
                    .numbers(failed, f -> f.entry().seq())
                    .instants(failed, f -> f.entry().acceptedAt())
                    .uuids(failed, f -> f.entry().change().runId())
                    .texts(failed, f -> f.entry().change().source())
                    .texts(failed, f -> f.entry().change().storeId())
                    .texts(failed, f -> f.entry().change().entityType())
                    .texts(failed, f -> f.entry().change().key())
                    .numbers(failed, f -> f.entry().change().hash())
                    .texts(failed, f -> f.entry().outcome().name())
                    .texts(failed, f -> f.failure().stage())
                    .texts(failed, f -> f.failure().errorType())
                    .texts(failed, f -> f.failure().message())
                    .texts(failed, f -> f.entry().change().payload())
                    .instants(failed, f -> nextRetry(f.entry(), now))
                    .text(by);
            return ps.executeUpdate();
        });
    }

    /** Closes the dead letters of entries that an attempt {@code by} somebody has brought through. */
    public void resolve(List<Entry> entries, String by) {
        if (entries.isEmpty()) {
            return;
        }
        jdbc.execute(RESOLVE, (PreparedStatementCallback<Integer>) ps -> {
            Bind.to(ps)
                    .text(clock.instant().toString())
                    .text(by)
                    .numbers(entries, Entry::seq)
                    .texts(entries, e -> e.outcome().name());
            return ps.executeUpdate();
        });
    }

    /** Closes the dead letters of entries that somebody gives up. */
    public void discard(List<Entry> entries, String by, String reason) {
        if (!entries.isEmpty()) {
            jdbc.update(
                    DISCARD,
                    ps -> Bind.to(ps).text(clock.instant().toString()).text(by).text(reason).numbers(entries, Entry::seq));
        }
    }

    private Instant nextRetry(Entry entry, Instant now) {
        return entry.outcome() == Outcome.RETRY ? policy.next(now, entry.attempts(), ThreadLocalRandom.current()) : null;
    }
}
