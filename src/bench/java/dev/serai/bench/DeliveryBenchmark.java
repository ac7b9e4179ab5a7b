package dev.serai.bench;

import dev.serai.store.DeleteMarker;
import dev.serai.store.Direction;
import dev.serai.store.EntityConfig;
import dev.serai.store.Frequency;
import dev.serai.store.StoreConfig;
import dev.serai.store.Stores;
import dev.serai.store.WebhookTarget;
import dev.serai.webhook.StandardWebhooks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.springframework.jdbc.core.JdbcTemplate;

/** Webhooks out, beside a loop that claims one row, posts it, and updates one row; both to the same receiver, in turn. */
final class DeliveryBenchmark {

    private static final int WARM_UP = 2;
    private static final String SECRET = "whsec_c2VyYWkgYmVuY2htYXJrIHNlY3JldA==";

    private final int count = Integer.getInteger("records", 60_000);
    private final int rounds = Integer.getInteger("rounds", 3);
    private final BenchHub hub;
    private final JdbcTemplate jdbc;

    DeliveryBenchmark(BenchHub hub) {
        this.hub = hub;
        this.jdbc = new JdbcTemplate(hub.database());
    }

    void run() {
        try (Receiver receiver = new Receiver()) {
            URI endpoint = receiver.endpoint();
            EntityConfig products = new EntityConfig("products", Direction.FROM_PLATFORM, "last_write_wins", List.of(), List.of("id"), "updated_at",
                    new DeleteMarker("deleted", null), List.of(), Set.of(), null, true);
            hub.bean(Stores.class).create(new StoreConfig(
                    "bench", 0, false, Frequency.REAL_TIME, List.of(products), List.of(), new WebhookTarget(endpoint, true)), SECRET, "bench");
            List<Double> ratios = new ArrayList<>();
            for (int round = 0; round < WARM_UP + rounds; round++) {
                Cpu before = Cpu.now(hub.postmaster());
                double hubRate = hubRate(receiver);
                Cpu used = Cpu.now(hub.postmaster()).since(before);
                int connections = receiver.connections();
                double loopRate = loopRate(endpoint, Math.max(500, count / 10));
                if (round >= WARM_UP) {
                    // The first rounds were for the compiler's sake.
                    ratios.add(hubRate / loopRate);
                }
                System.out.printf(Locale.ROOT, "  hub %,8.0f/s (JVM %.0f, PostgreSQL %.0f µs each; %d connections)   loop %,8.0f/s   %.1f times%n",
                        hubRate, used.jvm() / count * 1e6, used.postgres() / count * 1e6, connections, loopRate, hubRate / loopRate);
            }
            System.out.printf(Locale.ROOT, "%n%,d deliveries to one store: %.1f times the rate of a loop, median of %d rounds (target at least 5)%n",
                    count, ratios.stream().sorted().toList().get(ratios.size() / 2), rounds);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Rows as a change leaves them; what is sent is made by the hub while the clock runs. */
    private double hubRate(Receiver receiver) {
        jdbc.execute("TRUNCATE delivery, store_record, record");
        jdbc.update("""
                INSERT INTO record (entity_type, record_key, payload, hash, version, modified_at, origin, source, last_change)
                SELECT 'products', 'p' || n, jsonb_build_object('id', 'p' || n, 'title', 'Carpet number ' || n, 'price', n, 'description', repeat('x', 200)),
                       n, 1, now(), 'bench', 'bench', n FROM generate_series(1, ?) n""", count);
        jdbc.execute("VACUUM ANALYZE record");
        receiver.reset();
        long from = System.nanoTime();
        jdbc.update("""
                INSERT INTO delivery (target, store_id, seq, accepted_at, entity_type, record_key, next_attempt_at, created_at)
                SELECT 'webhook', 'bench', n, now(), 'products', 'p' || n, now(), now() FROM generate_series(1, ?) n""", count);
        while (receiver.received() < count || hub.count("delivery") > 0) {
            BenchHub.pause(5);
        }
        double seconds = (System.nanoTime() - from) / 1e9;
        if (receiver.received() != count) {
            throw new IllegalStateException(receiver.received() + " webhooks came, not " + count);
        }
        return count / seconds;
    }

    private double loopRate(URI endpoint, int rows) {
        jdbc.execute("CREATE SCHEMA IF NOT EXISTS bench");
        jdbc.execute("DROP TABLE IF EXISTS bench.outbox");
        jdbc.execute("CREATE TABLE bench.outbox (id bigint PRIMARY KEY, state text NOT NULL, body text NOT NULL)");
        jdbc.execute("CREATE INDEX ON bench.outbox (id) WHERE state = 'WAITING'");
        jdbc.update("""
                INSERT INTO bench.outbox SELECT n, 'WAITING', jsonb_build_object('event', 'products.updated', 'data',
                    jsonb_build_object('id', 'p' || n, 'title', 'Carpet number ' || n, 'description', repeat('x', 200)))
                FROM generate_series(1, ?) n""", rows);
        HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        long from = System.nanoTime();
        try (Connection connection = hub.database().getConnection();
                PreparedStatement claim = connection.prepareStatement("""
                        UPDATE bench.outbox SET state = 'SENDING' WHERE id = (
                            SELECT id FROM bench.outbox WHERE state = 'WAITING' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
                        RETURNING id, body""");
                PreparedStatement done = connection.prepareStatement("UPDATE bench.outbox SET state = 'DONE' WHERE id = ?")) {
            for (int n = 0; n < rows; n++) {
                try (ResultSet row = claim.executeQuery()) {
                    row.next();
                    byte[] body = row.getString(2).getBytes(StandardCharsets.UTF_8);
                    HttpRequest.Builder request = HttpRequest.newBuilder(endpoint).header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
                    StandardWebhooks.sign("msg_" + row.getLong(1), Clock.systemUTC().instant(), body, List.of(SECRET)).forEach(request::header);
                    http.send(request.build(), BodyHandlers.discarding());
                    done.setLong(1, row.getLong(1));
                }
                done.executeUpdate();
            }
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return rows / ((System.nanoTime() - from) / 1e9);
    }
}
