package dev.serai.journal;

import dev.serai.change.Outcome;
import dev.serai.database.Bind;
import dev.serai.database.Where;
import dev.serai.journal.LedgerLines.Line;
import dev.serai.journal.LedgerReport.Tally;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Accepted = the sum over all outcomes, per run, per store and in total. Written in the transaction that decides, as additions and
 * subtractions, so that writers never wait for each other; summed by whoever asks.
 */
@Component("ledger")
public class Ledger {

    /** With the parameters of {@link #bind}. */
    static final String WRITE = """
            INSERT INTO ledger (run_id, store_id, entity_type, outcome, effect, n)
            SELECT run_id::uuid, store_id, entity_type, outcome, effect, n
            FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[])
              AS l(run_id, store_id, entity_type, outcome, effect, n)""";

    private static final String COMPACT = """
            WITH gone AS (DELETE FROM ledger WHERE ctid = ANY (ARRAY(SELECT ctid FROM ledger LIMIT 100000)) RETURNING *)
            INSERT INTO ledger (run_id, store_id, entity_type, outcome, effect, n)
            SELECT run_id, store_id, entity_type, outcome, effect, sum(n) FROM gone
            GROUP BY run_id, store_id, entity_type, outcome, effect HAVING sum(n) <> 0""";

    private static final String IN_FLIGHT = "in flight";
    private static final String DEAD = "dead";

    private static final String SUMS = "SELECT store_id, outcome, effect, sum(n) FROM ledger";

    /**
     * Beside the ledger's sums, what the tables hold: one snapshot for both. Dead are those that are open, less those to be retried, since both
     * are counted in their indexes.
     */
    private static final String IN_TABLES = """

            UNION ALL
            SELECT NULL, 'in flight', NULL, (SELECT count(*) FROM hold) + (SELECT count(*) FROM pending)
                     + (SELECT count(*) FROM dead_letter d WHERE state = 'RETRY'
                          AND NOT EXISTS (SELECT 1 FROM pending p
                            WHERE p.bucket IN (bucket_of(d.entity_type, d.record_key), -1 - bucket_of(d.entity_type, d.record_key))
                              AND p.seq = d.seq))
            UNION ALL
            SELECT NULL, 'dead', NULL, (SELECT count(*) FROM dead_letter WHERE state IN ('RETRY', 'DEAD'))
                     - (SELECT count(*) FROM dead_letter WHERE state = 'RETRY')""";

    private final JdbcTemplate jdbc;

    Ledger(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Writes the lines in the current transaction. */
    public void write(LedgerLines lines) {
        if (lines.isEmpty()) {
            return;
        }
        jdbc.update(WRITE, ps -> bind(Bind.to(ps), lines));
    }

    static Bind bind(Bind bind, LedgerLines lines) throws SQLException {
        Collection<Map.Entry<Line, Long>> rows = lines.lines().entrySet();
        return bind.uuids(rows, r -> r.getKey().runId())
                .texts(rows, r -> r.getKey().storeId())
                .texts(rows, r -> r.getKey().entityType())
                .texts(rows, r -> r.getKey().outcome())
                .texts(rows, r -> r.getKey().effect())
                .numbers(rows, Map.Entry::getValue);
    }

    /** The ledger, whole (run and store null), or narrowed to one run or store. At most {@code runs} runs are listed, newest first. */
    public LedgerReport report(UUID runId, String storeId, int runs) {
        Map<UUID, Tally> byRun = runId != null ? tallies(List.of(runId)) : tallies(newestRuns(storeId, runs));
        Sums sums = sums(runId, storeId);
        Tally total = sums.all.build();
        Map<String, Tally> byStore = built(sums.stores);
        List<String> differences = new ArrayList<>();
        byRun.forEach((id, tally) -> check(differences, "run " + id, tally));
        byStore.forEach((id, tally) -> check(differences, "store " + id, tally));
        check(differences, "total", total);
        if (!sums.inTables.isEmpty()) {
            long inFlight = total.of(Outcome.ACCEPTED) + total.of(Outcome.HELD) + total.of(Outcome.RETRY);
            compare(differences, "changes in flight", inFlight, sums.inTables.get(IN_FLIGHT));
            compare(differences, "dead letters", total.of(Outcome.DEAD), sums.inTables.get(DEAD));
        }
        return new LedgerReport(differences.isEmpty(), total, byRun, byStore, differences);
    }

    /** One pass over the ledger. */
    private Sums sums(UUID runId, String storeId) {
        Where where = Where.that("true").andUuid("run_id = ?", runId).andText("store_id = ?", storeId);
        boolean whole = runId == null && storeId == null;
        Sums sums = new Sums();
        jdbc.query(SUMS + where.sql() + " GROUP BY 1, 2, 3" + (whole ? IN_TABLES : ""), ps -> where.bind(Bind.to(ps)), sums::add);
        return sums;
    }

    /** The tallies of these runs; a run that accepted nothing has none. */
    public Map<UUID, Tally> tallies(Collection<UUID> runIds) {
        Map<UUID, TallyBuilder> sums = new LinkedHashMap<>();
        runIds.forEach(id -> sums.put(id, new TallyBuilder()));
        jdbc.query(
                "SELECT run_id, outcome, effect, sum(n) FROM ledger WHERE run_id = ANY (?::uuid[]) GROUP BY 1, 2, 3",
                ps -> Bind.to(ps).uuids(runIds, id -> id),
                rs -> {
                    sums.get(rs.getObject(1, UUID.class)).add(rs.getString(2), rs.getString(3), rs.getLong(4));
                });
        return built(sums);
    }

    public Tally total() {
        TallyBuilder sum = new TallyBuilder();
        jdbc.query("SELECT outcome, effect, sum(n) FROM ledger GROUP BY 1, 2", rs -> {
            sum.add(rs.getString(1), rs.getString(2), rs.getLong(3));
        });
        return sum.build();
    }

    private List<UUID> newestRuns(String storeId, int limit) {
        Where where = Where.that("true").andText("store_id = ?", storeId);
        return jdbc.query(
                "SELECT run_id FROM run" + where.sql() + " ORDER BY created_at DESC LIMIT ?",
                ps -> where.bind(Bind.to(ps)).integer(limit),
                (rs, row) -> rs.getObject(1, UUID.class));
    }

    private static void compare(List<String> differences, String what, long byLedger, long byTables) {
        if (byLedger != byTables) {
            differences.add(what + ": " + byLedger + " by the ledger, " + byTables + " in the tables");
        }
    }

    private static void check(List<String> differences, String what, Tally tally) {
        if (!tally.balanced()) {
            differences.add(what + ": " + tally.accepted() + " accepted, but outcomes " + tally.outcomes());
        }
    }

    /** Merges lines, so that the ledger stays as short as there are runs and outcomes. */
    public void compact() {
        jdbc.update(COMPACT);
    }

    private static <K> Map<K, Tally> built(Map<K, TallyBuilder> sums) {
        Map<K, Tally> tallies = new LinkedHashMap<>();
        sums.forEach((key, sum) -> tallies.put(key, sum.build()));
        return tallies;
    }

    private static final class Sums {

        private final TallyBuilder all = new TallyBuilder();
        private final Map<String, TallyBuilder> stores = new TreeMap<>();
        private final Map<String, Long> inTables = new HashMap<>();

        void add(ResultSet row) throws SQLException {
            String store = row.getString(1);
            String outcome = row.getString(2);
            long n = row.getLong(4);
            if (outcome.equals(IN_FLIGHT) || outcome.equals(DEAD)) {
                inTables.put(outcome, n);
                return;
            }
            all.add(outcome, row.getString(3), n);
            if (store != null) {
                stores.computeIfAbsent(store, id -> new TallyBuilder()).add(outcome, row.getString(3), n);
            }
        }
    }

    private static final class TallyBuilder {

        private long accepted;
        private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
        private final Map<Effect, Long> effects = new EnumMap<>(Effect.class);

        void add(String outcome, String effect, long n) {
            if (outcome.equals(LedgerLines.ACCEPTED_IN_ALL)) {
                accepted += n;
                return;
            }
            sum(outcomes, Outcome.valueOf(outcome), n);
            if (effect != null) {
                sum(effects, Effect.valueOf(effect), n);
            }
        }

        private static <K> void sum(Map<K, Long> sums, K key, long n) {
            if (sums.merge(key, n, Long::sum) == 0) {
                sums.remove(key);
            }
        }

        Tally build() {
            return new Tally(accepted, outcomes, effects);
        }
    }
}
