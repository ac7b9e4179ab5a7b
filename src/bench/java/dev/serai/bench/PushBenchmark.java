package dev.serai.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Events pushed over HTTP beside single-row inserts of the same events on the same PostgreSQL, in turn; of each the median counts. */
final class PushBenchmark {

    private static final int CONNECTIONS = 64;
    /** Events before anything counts: the compiler has then seen the path often enough. */
    private static final int WARM_UP = 200_000;
    private static final int MOST_WARM_UPS = 8;

    private final double seconds = Double.parseDouble(System.getProperty("seconds", "8"));
    private final int rounds = Integer.getInteger("rounds", 3);
    private final BenchHub hub;
    private final JdbcTemplate jdbc;
    private final DriverManagerDataSource server;

    PushBenchmark(BenchHub hub) {
        this.hub = hub;
        this.server = hub.server();
        this.jdbc = new JdbcTemplate(hub.database());
    }

    private record Measured(double perSecond, double cpuMicros, double hubMicros, double median, double p99) {}

    void run() {
        jdbc.execute("CREATE SCHEMA IF NOT EXISTS bench");
        jdbc.execute("""
                CREATE TABLE bench.event (event_id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, accepted_at timestamptz NOT NULL,
                    device_id text NOT NULL, user_id text, event_type text NOT NULL, happened_at timestamptz, payload text NOT NULL)""");
        long warm = hub.count("device_event") + WARM_UP;
        for (int i = 0; i < MOST_WARM_UPS && hub.count("device_event") < warm; i++) {
            push(seconds);
        }
        insert(seconds / 2);
        List<Measured> pushes = new ArrayList<>();
        List<Measured> inserts = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            inserts.add(insert(seconds));
            pushes.add(push(seconds));
        }
        double[] ratios = new double[rounds];
        Arrays.setAll(ratios, i -> pushes.get(i).perSecond() / inserts.get(i).perSecond());
        Arrays.sort(ratios);
        System.out.printf(
                Locale.ROOT, "%nPush of events of about 300 bytes by %d connections, %d rounds of %.0f s%n", CONNECTIONS, rounds, seconds);
        System.out.printf(
                Locale.ROOT, "hub %,.0f/s, single inserts %,.0f/s, ratio %.2f (target 1.0, aim 1.5)%n", middle(pushes).perSecond(),
                middle(inserts).perSecond(), ratios[rounds / 2]);
        System.out.printf(
                Locale.ROOT,
                "CPU an event: hub %.0f us + PostgreSQL %.0f us = %.0f us (target 120); the insert's PostgreSQL alone %.0f us%n",
                middle(pushes).hubMicros(), middle(pushes).cpuMicros() - middle(pushes).hubMicros(), middle(pushes).cpuMicros(),
                middle(inserts).cpuMicros() - middle(inserts).hubMicros());
        System.out.printf(
                Locale.ROOT, "latency: median %.1f ms, p99 %.1f ms (target 100)%n", middle(pushes).median(), middle(pushes).p99());
    }

    private static Measured middle(List<Measured> rounds) {
        return rounds.stream().sorted((a, b) -> Double.compare(a.perSecond(), b.perSecond())).toList().get(rounds.size() / 2);
    }

    private Measured push(double duration) {
        long before = hub.count("device_event");
        Measured measured = measure("push", PushLoad.class, hub.url(), "" + CONNECTIONS, "" + duration);
        long written = hub.count("device_event") - before;
        System.out.printf(Locale.ROOT, "    %,d events in the table%n", written);
        return measured;
    }

    private Measured insert(double duration) {
        jdbc.execute("TRUNCATE bench.event");
        return measure("insert", InsertLoad.class, server.getUrl(), server.getUsername(), server.getPassword(), "" + CONNECTIONS,
                "" + duration);
    }

    private Measured measure(String name, Class<?> load, String... arguments) {
        jdbc.execute("CHECKPOINT");
        Cpu before = Cpu.now(hub.postmaster());
        String[] answer = child(load, arguments).split(" ");
        Cpu used = Cpu.now(hub.postmaster()).since(before);
        double count = Double.parseDouble(answer[0]);
        double took = Double.parseDouble(answer[1]);
        Measured measured = new Measured(
                count / took, (used.jvm() + used.postgres()) * 1e6 / count, used.jvm() * 1e6 / count,
                answer.length > 2 ? Double.parseDouble(answer[2]) : 0, answer.length > 2 ? Double.parseDouble(answer[3]) : 0);
        System.out.printf(
                Locale.ROOT, "  %-7s %,9.0f/s  CPU %.0f us (hub %.0f)  median %.1f ms  p99 %.1f ms%n", name, measured.perSecond(),
                measured.cpuMicros(), measured.hubMicros(), measured.median(), measured.p99());
        return measured;
    }

    /** The last line that a JVM of its own writes. */
    static String child(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m", "-XX:+UseSerialGC", "-cp",
                System.getProperty("java.class.path"), main.getName()));
        command.addAll(Arrays.asList(arguments));
        try {
            Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            String last = "";
            try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    last = line;
                }
            }
            if (process.waitFor() != 0) {
                throw new IllegalStateException(main.getSimpleName() + " failed");
            }
            return last;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
