package dev.serai.bench;

import dev.serai.change.Change;
import dev.serai.change.ContentHash;
import dev.serai.change.Operation;
import dev.serai.journal.Journal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Accepting by the journal, with many callers who each wait for their answer, beside connections that each insert and commit one event after
 * the other. The hub does more for it: it recognises duplicates, queues the change and counts it in the ledger. The callers are threads of the
 * operating system, virtual threads (where Java has them, from 21 on), and callers that are no threads: each brings its next change when it is
 * answered.
 */
final class JournalBenchmark {

    private static final int CALLERS = 256;
    private static final int CONNECTIONS = 32;
    private static final String SINGLES = "single inserts";
    private static final String INSERT = """
            INSERT INTO bench.event (event_id, accepted_at, source, entity_type, record_key, operation, modified_at, hash, payload)
            VALUES (?, now(), ?, ?, ?, 'UPSERT', ?, ?, ?)""";

    private final int count = Integer.getInteger("events", 60_000);
    private final int rounds = Integer.getInteger("rounds", 5);
    private final BenchHub hub;
    private final Journal journal;
    private final AtomicInteger numbers = new AtomicInteger();

    JournalBenchmark(BenchHub hub) {
        this.hub = hub;
        this.journal = hub.journal();
    }

    void run() {
        hub.execute("CREATE SCHEMA IF NOT EXISTS bench");
        hub.execute("""
                CREATE TABLE bench.event (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event_id text NOT NULL, accepted_at timestamptz NOT NULL,
                    source text NOT NULL, entity_type text NOT NULL, record_key text NOT NULL, operation text NOT NULL, modified_at timestamptz,
                    hash bigint NOT NULL, payload text)""");
        // The queue's workers would share the processors: what they cost is not the journal's price.
        hub.stopRoutes("apply-changes", "apply-changes-tick");
        Map<String, List<Double>> rates = new LinkedHashMap<>();
        for (int round = 0; round <= rounds; round++) {
            hub.execute("TRUNCATE bench.event");
            if (round == 1) {
                rates.clear();
            }
            measure(rates, SINGLES, Executors.newFixedThreadPool(CONNECTIONS), CONNECTIONS, count / 6, this::insertSingles);
            measure(rates, "threads that wait", Executors.newFixedThreadPool(CALLERS), CALLERS, count, this::acceptAll);
            ExecutorService virtual = virtualThreads();
            if (virtual != null) {
                measure(rates, "virtual threads", virtual, CALLERS, count, this::acceptAll);
            }
            measure(rates, "chains", Executors.newSingleThreadExecutor(), 1, count, this::acceptInChains);
        }
        double singles = PullBenchmark.median(rates.get(SINGLES));
        System.out.printf(Locale.ROOT, "%n%d connections with one insert and one commit: %,.0f/s%n", CONNECTIONS, singles);
        rates.forEach((name, all) -> {
            double rate = PullBenchmark.median(all);
            if (!name.equals(SINGLES)) {
                System.out.printf(Locale.ROOT, "Journal, %d %s: %,.0f/s; ratio %.1f (target 4)%n", CALLERS, name, rate, rate / singles);
            }
        });
    }

    /** Null where this Java has none; the benchmark is compiled for 17. */
    private static ExecutorService virtualThreads() {
        try {
            return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException e) {
            return null;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private void forget() {
        hub.empty();
        hub.execute("TRUNCATE event_seen");
    }

    private interface Work {
        void run(AtomicInteger left) throws Exception;
    }

    private void measure(
            Map<String, List<Double>> rates, String name, ExecutorService callers, int threads, int events, Work work) {
        forget();
        AtomicInteger left = new AtomicInteger(events);
        Cpu before = Cpu.now();
        long from = System.nanoTime();
        List<Future<?>> done = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            done.add(callers.submit(() -> {
                work.run(left);
                return null;
            }));
        }
        try {
            for (Future<?> one : done) {
                one.get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            callers.shutdown();
        }
        double took = (System.nanoTime() - from) / 1e9;
        Cpu used = Cpu.now().since(before);
        System.out.printf(Locale.ROOT, "  %-18s %,9.0f/s   processor for each: JVM %5.1f µs, PostgreSQL %5.1f µs%n",
                name, events / took, used.jvm() * 1e6 / events, used.postgres() * 1e6 / events);
        rates.computeIfAbsent(name, n -> new ArrayList<>()).add(events / took);
    }

    private void acceptAll(AtomicInteger left) throws Exception {
        while (left.getAndDecrement() > 0) {
            journal.accept(nextChange()).get();
        }
    }

    private void acceptInChains(AtomicInteger left) throws Exception {
        CompletableFuture<?>[] ends = new CompletableFuture<?>[CALLERS];
        Arrays.setAll(ends, caller -> new CompletableFuture<Void>());
        for (CompletableFuture<?> end : ends) {
            acceptNext(left, end);
        }
        CompletableFuture.allOf(ends).get();
    }

    private void acceptNext(AtomicInteger left, CompletableFuture<?> end) {
        if (left.getAndDecrement() <= 0) {
            end.complete(null);
            return;
        }
        journal.accept(nextChange()).whenComplete((receipt, failure) -> {
            if (failure == null) {
                acceptNext(left, end);
            } else {
                end.completeExceptionally(failure);
            }
        });
    }

    private Change nextChange() {
        int number = numbers.incrementAndGet();
        String payload = payload(number);
        return new Change(
                "device-" + number % 100, null, null, "orders", "order-" + number, Operation.UPSERT, Instant.EPOCH, null, "event-" + number,
                ContentHash.of(payload.getBytes(StandardCharsets.UTF_8)), payload, false);
    }

    private void insertSingles(AtomicInteger left) throws SQLException {
        try (Connection connection = hub.server().getConnection();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            while (left.getAndDecrement() > 0) {
                int number = numbers.incrementAndGet();
                String payload = payload(number);
                insert.setString(1, "event-" + number);
                insert.setString(2, "device-" + number % 100);
                insert.setString(3, "orders");
                insert.setString(4, "order-" + number);
                insert.setTimestamp(5, Timestamp.from(Instant.EPOCH));
                insert.setLong(6, ContentHash.of(payload.getBytes(StandardCharsets.UTF_8)));
                insert.setString(7, payload);
                insert.executeUpdate();
            }
        }
    }

    private static String payload(int number) {
        return "{\"order_id\": \"order-" + number + "\", \"customer\": \"Customer number " + number % 1000
                + "\", \"items\": [{\"sku\": \"A-1\", \"quantity\": 2, \"price\": 9.99}], \"total\": 19.98, \"currency\": \"EUR\", \"state\": \"confirmed\"}";
    }
}
