package dev.serai.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;

/** The reference for pushes, a process of its own: single-row inserts of the same event, each with its commit, by as many connections. */
public final class InsertLoad {

    private InsertLoad() {}

    /** Arguments: database, user, password, connections, seconds. */
    public static void main(String[] args) throws Exception {
        int connections = Integer.parseInt(args[3]);
        double seconds = Double.parseDouble(args[4]);
        AtomicLong count = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        long from = System.nanoTime();
        long end = from + (long) (seconds * 1e9);
        for (int i = 0; i < connections; i++) {
            int device = i;
            Thread thread = new Thread(() -> insert(args, device, end, count));
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.printf(Locale.ROOT, "%d %.3f%n", count.get(), (System.nanoTime() - from) / 1e9);
    }

    private static void insert(String[] args, int device, long end, AtomicLong count) {
        Properties properties = new Properties();
        properties.setProperty("user", args[1]);
        properties.setProperty("password", args[2]);
        properties.setProperty("prepareThreshold", "1");
        String event = PushLoad.event(device);
        String payload = event.substring(event.indexOf("{\"product_id\""), event.indexOf(",\"device_id\""));
        try (Connection connection = DriverManager.getConnection(args[0], properties);
                PreparedStatement insert = connection.prepareStatement("""
                        INSERT INTO bench.event (accepted_at, device_id, user_id, event_type, happened_at, payload)
                        VALUES (now(), ?, ?, 'stock_update', '2026-01-05T12:00:00Z', ?) RETURNING event_id""")) {
            while (System.nanoTime() < end) {
                insert.setString(1, "device-" + device);
                insert.setString(2, "user-" + device % 20);
                insert.setString(3, payload);
                insert.executeQuery().close();
                count.incrementAndGet();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
