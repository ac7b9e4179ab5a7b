package dev.serai.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.record.QueueWorker;
import dev.serai.store.Direction;
import dev.serai.store.EntityConfig;
import dev.serai.store.Frequency;
import dev.serai.store.StoreConfig;
import dev.serai.store.StoreDocument;
import dev.serai.store.Stores;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Changes of existing records that wait in the queue, applied: by last write wins over whole records, and merged field by field as a
 * store's, with one conflict in a hundred; and by a loop over JDBC that reads, compares and updates one row after the other.
 */
final class MergeBenchmark {

    private static final String STORE = "bench_store";
    private static final int BATCH = 1_000;
    private static final int CONFLICTS = 100;
    private static final int LOOPED = 10;
    private static final int WORKERS = 2;
    /** Like the records' type of the other two, it has no views that would be kept with it. */
    private static final String MERGED = "customers";

    private final int count = Integer.getInteger("records", 100_000);
    private final int rounds = Integer.getInteger("rounds", 3);
    private final int warmUp = Integer.getInteger("warmUp", 4);
    private final BenchHub hub;
    private final Map<String, List<Double>> cpu = new LinkedHashMap<>();
    private final Map<String, List<Double>> rates = new LinkedHashMap<>();

    MergeBenchmark(BenchHub hub) {
        this.hub = hub;
    }

    void run() {
        // The queue is worked off by us alone, and nobody reads the tables while they are emptied.
        hub.stopRoutes("apply-changes-tick", "apply-changes", "raise-alerts");
        createStore();
        for (int round = 0; round < warmUp + rounds; round++) {
            if (round == warmUp) {
                cpu.clear();
                rates.clear();
            }
            apply("last write wins", "plain", false);
            apply("merge", MERGED, true);
            loop();
        }
        print();
    }

    private void createStore() {
        try {
            EntityConfig customers = hub.bean(StoreDocument.class).readEntity(
                    new ObjectMapper().readTree("{\"type\": \"customers\", \"conflict_resolution\": \"manual_resolution\"}"));
            if (customers.direction() != Direction.BIDIRECTIONAL) {
                throw new IllegalStateException("The store's changes would not be taken");
            }
            hub.bean(Stores.class).create(
                    new StoreConfig(STORE, 0, false, Frequency.REAL_TIME, List.of(customers), List.of(), null), null, "bench");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void apply(String name, String type, boolean merged) {
        prepare(type, merged);
        QueueWorker worker = hub.bean(QueueWorker.class);
        Cpu before = Cpu.now(hub.postmaster());
        long from = System.nanoTime();
        workOff(worker);
        double seconds = (System.nanoTime() - from) / 1e9;
        Cpu used = Cpu.now(hub.postmaster()).since(before);
        check(type, merged);
        cpu.computeIfAbsent(name, n -> new ArrayList<>()).add(used.jvm() + used.postgres());
        rates.computeIfAbsent(name, n -> new ArrayList<>()).add(count / seconds);
        System.out.printf(Locale.ROOT, "  %-18s %6.2f s, CPU %6.2f s (JVM %.2f, PostgreSQL %.2f)%n",
                name, seconds, used.jvm() + used.postgres(), used.jvm(), used.postgres());
    }

    /** As the route does it, which has as many consumers. */
    private static void workOff(QueueWorker worker) {
        IntStream.range(0, WORKERS).parallel().forEach(n -> {
            while (worker.applyBatch() > 0) {
                // Until nothing waits.
            }
        });
    }

    /** Records, what the store has of them, and a change of some fields of each; of every hundredth the platform has changed one of these. */
    private void prepare(String type, boolean merged) {
        hub.empty();
        hub.execute("TRUNCATE store_record, conflict");
        Records records = Records.first(count, BATCH);
        Records changes = records.changed(1, 1);
        for (int page = 1; page <= records.pages(); page++) {
            String[] keys = records.keys(page).toArray(String[]::new);
            String[] old = records.payloads(page).toArray(String[]::new);
            String[] fresh = changes.payloads(page).stream().map(p -> p.replace("\"credit\":", "\"credit\":1")).toArray(String[]::new);
            hub.execute("""
                    INSERT INTO record (entity_type, record_key, payload, hash, version, modified_at, origin, source, last_change)
                    SELECT ?, k, CASE WHEN ? AND n %% %d = 0 THEN p::jsonb || '{"credit": 7}' ELSE p::jsonb END, n, 1,
                           now() - interval '1 h', 'platform', 'platform', 0
                    FROM unnest(?, ?) WITH ORDINALITY AS r(k, p, n)""".formatted(CONFLICTS), type, merged, keys, old);
            if (merged) {
                hub.execute("""
                        INSERT INTO store_record (entity_type, record_key, store_id, base, told)
                        SELECT ?, k, ?, p::jsonb - 'id' - 'updated_at', NULL FROM unnest(?, ?) AS r(k, p)""", type, STORE, keys, old);
            }
            hub.execute("""
                    INSERT INTO journal (accepted_at, source, store_id, entity_type, record_key, operation, modified_at, hash, payload,
                                         outcome, partial)
                    SELECT now(), ?, ?, ?, k, 'UPSERT', now(), -n, p, 'ACCEPTED', ? FROM unnest(?, ?) WITH ORDINALITY AS r(k, p, n)""",
                    merged ? STORE : "erp", merged ? STORE : null, type, merged, keys, fresh);
        }
        hub.execute("""
                INSERT INTO pending (seq, accepted_at, bucket, entity_type, record_key, store_id)
                SELECT seq, accepted_at, bucket_of(entity_type, record_key), entity_type, record_key, store_id
                FROM journal""");
        hub.execute("VACUUM ANALYZE record, journal, pending, store_record");
        hub.execute("CHECKPOINT");
    }

    private void check(String type, boolean merged) {
        int conflicts = merged ? count / CONFLICTS : 0;
        if (hub.count("journal WHERE outcome = 'APPLIED'") != count - conflicts
                || hub.count("conflict WHERE status = 'pending'") != conflicts
                || hub.count("record WHERE version = 2 AND entity_type = '" + type + "'") != count) {
            throw new IllegalStateException(type + " ended otherwise than it should");
        }
    }

    private void loop() {
        prepare("plain", false);
        int rows = count / LOOPED;
        long from = System.nanoTime();
        try (Connection connection = hub.database().getConnection();
                PreparedStatement changes = connection.prepareStatement(
                        "SELECT record_key, payload, modified_at FROM journal ORDER BY seq LIMIT " + rows);
                PreparedStatement read = connection.prepareStatement(
                        "SELECT payload::text, modified_at, version FROM record WHERE entity_type = 'plain' AND record_key = ?");
                PreparedStatement update = connection.prepareStatement(
                        """
                        UPDATE record SET payload = ?::jsonb, modified_at = ?, version = ?
                        WHERE entity_type = 'plain' AND record_key = ?""");
                ResultSet all = changes.executeQuery()) {
            while (all.next()) {
                update(all, read, update);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        double seconds = (System.nanoTime() - from) / 1e9;
        rates.computeIfAbsent("row by row", n -> new ArrayList<>()).add(rows / seconds);
        System.out.printf(Locale.ROOT, "  %-18s %6.2f s for %,d%n", "row by row", seconds, rows);
    }

    private static void update(ResultSet change, PreparedStatement read, PreparedStatement update) throws SQLException {
        read.setString(1, change.getString(1));
        try (ResultSet found = read.executeQuery()) {
            found.next();
            boolean newer = change.getTimestamp(3).after(found.getTimestamp(2));
            if (newer && !change.getString(2).equals(found.getString(1))) {
                update.setString(1, change.getString(2));
                update.setTimestamp(2, change.getTimestamp(3));
                update.setInt(3, found.getInt(3) + 1);
                update.setString(4, change.getString(1));
                update.executeUpdate();
            }
        }
    }

    private void print() {
        double plain = median(cpu.get("last write wins"));
        double merge = median(cpu.get("merge"));
        double rate = median(rates.get("merge"));
        double rowByRow = median(rates.get("row by row"));
        System.out.printf(Locale.ROOT, "%n%,d changes of existing records, 1 %% conflicts, median of %d rounds%n", count, rounds);
        System.out.printf(Locale.ROOT, "CPU: last write wins %.2f s, merge %.2f s: %.2f times (target at most 1.5)%n",
                plain, merge, merge / plain);
        System.out.printf(Locale.ROOT, "Rate: merge %,.0f/s, row by row %,.0f/s: %.1f times (target at least 5)%n",
                rate, rowByRow, rate / rowByRow);
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }
}
