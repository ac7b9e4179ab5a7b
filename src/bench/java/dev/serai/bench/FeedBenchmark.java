package dev.serai.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** A device that has everything before it, beside the usual queue table that is read and marked a hundred rows at a time. */
final class FeedBenchmark {

    private static final int BATCH = 100;

    private final int count = Integer.getInteger("records", 1_000_000);
    private final int rounds = Integer.getInteger("rounds", 3);
    private final int warmUp = Integer.getInteger("warmUp", 3);
    private final BenchHub hub;
    private final DataSource database;
    private final JdbcTemplate jdbc;

    FeedBenchmark(BenchHub hub) {
        this.hub = hub;
        this.database = hub.database();
        this.jdbc = new JdbcTemplate(database);
    }

    void run() throws SQLException {
        fill();
        List<Double> ofRaw = new ArrayList<>();
        List<Double> ofHub = new ArrayList<>();
        for (int round = 0; round < warmUp + rounds; round++) {
            double raw = round < warmUp ? raw(100_000) : raw(count);
            double pulled = pull("reader-" + round);
            jdbc.execute("UPDATE bench.queue SET state = 'pending' WHERE state <> 'pending'");
            jdbc.execute("VACUUM ANALYZE bench.queue");
            jdbc.execute("CHECKPOINT");
            System.out.printf(Locale.ROOT, "  SKIP LOCKED loop %,9.0f/s%s%n", raw, round < warmUp ? ", warming up" : "");
            if (round >= warmUp) {
                ofRaw.add(raw);
                ofHub.add(pulled);
            }
        }
        double raw = PullBenchmark.median(ofRaw);
        double rate = PullBenchmark.median(ofHub);
        System.out.printf(
                Locale.ROOT,
                "%nPull of %,d events, 500 a page, each page acknowledged, median of %d: hub %,.0f/s, SKIP LOCKED loop %,.0f/s, ratio %.2f (target 3)%n",
                count, rounds, rate, raw, rate / raw);
    }

    /** Events a second of a device that has read none of them yet. */
    private double pull(String device) {
        jdbc.execute("CHECKPOINT");
        Cpu before = Cpu.now(hub.postmaster());
        String[] answer = PushBenchmark.child(FeedLoad.class, hub.url(), device, "" + Integer.MAX_VALUE).split(" ");
        Cpu used = Cpu.now(hub.postmaster()).since(before);
        long events = Long.parseLong(answer[0]);
        if (events != count) {
            throw new IllegalStateException("The device got " + events + " of " + count + " events");
        }
        double rate = events / Double.parseDouble(answer[1]);
        System.out.printf(Locale.ROOT, "  hub              %,9.0f/s   processor for each: hub %.1f µs, PostgreSQL %.1f µs%n",
                rate, used.jvm() * 1e6 / events, used.postgres() * 1e6 / events);
        return rate;
    }

    private void fill() {
        String event = PushLoad.event(1);
        String payload = event.substring(event.indexOf("{\"product_id\""), event.indexOf(",\"device_id\""));
        jdbc.update("""
                INSERT INTO device_event (event_id, accepted_at, device_id, user_id, event_type, happened_at, caller, live, hash, payload)
                SELECT nextval('device_event_id'), now(), 'device-' || n % 50, 'user-' || n % 20, 'stock_update', now(), 'anonymous', false,
                       0, ?
                FROM generate_series(1, ?) AS n""", payload, count);
        jdbc.execute("CREATE SCHEMA IF NOT EXISTS bench");
        jdbc.execute("CREATE TABLE bench.queue AS SELECT *, 'pending'::text AS state FROM device_event");
        jdbc.execute("ALTER TABLE bench.queue ADD PRIMARY KEY (event_id)");
        jdbc.execute("CREATE INDEX ON bench.queue (event_id) WHERE state = 'pending'");
        jdbc.execute("VACUUM ANALYZE bench.queue, device_event");
        jdbc.execute("CHECKPOINT");
    }

    /** Events a second of the loop that every queue in a table has, with one commit a round. */
    private double raw(int most) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement next = connection.prepareStatement("""
                        SELECT event_id, event_type, payload, device_id, user_id, happened_at FROM bench.queue
                        WHERE state = 'pending' ORDER BY event_id LIMIT %d FOR UPDATE SKIP LOCKED""".formatted(BATCH));
                PreparedStatement done = connection.prepareStatement("UPDATE bench.queue SET state = 'done' WHERE event_id = ANY (?)")) {
            connection.setAutoCommit(false);
            long from = System.nanoTime();
            int events = 0;
            int found = BATCH;
            while (found == BATCH && events < most) {
                Long[] ids = new Long[BATCH];
                found = 0;
                try (ResultSet rows = next.executeQuery()) {
                    while (rows.next()) {
                        ids[found++] = rows.getLong(1);
                        rows.getString(3);
                    }
                }
                done.setArray(1, connection.createArrayOf("bigint", ids));
                done.executeUpdate();
                connection.commit();
                events += found;
            }
            connection.setAutoCommit(true);
            return events / ((System.nanoTime() - from) / 1e9);
        }
    }
}
