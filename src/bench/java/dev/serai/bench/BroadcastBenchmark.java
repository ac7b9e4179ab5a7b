package dev.serai.bench;

import dev.serai.live.Live;
import dev.serai.live.LiveMessage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** The hub and a plain Node ws server, in turn, send the same messages to the same client program; of each round the processor time counts. */
final class BroadcastBenchmark {

    private static final int CLIENTS = Integer.getInteger("clients", 200);
    private static final int MESSAGES = Integer.getInteger("messages", 1_500);
    private static final int ROUNDS = Integer.getInteger("rounds", 3);
    private static final String ONLY = System.getProperty("traffic", "");
    private static final int PADDING = 170;
    private static final int IDLE_SECONDS = 5;
    private static final int MOST_WARM_UPS = 30;
    private static final int RESTING_MILLIS = 60;

    private final Live live;
    private final int hubPort;
    private final Node node = new Node();

    /** Messages at a time, and the time between: one by one, and as a group commit brings them. */
    private enum Traffic {
        SINGLE(1, 10_000), FAST(1, 4_000), GROUPS(10, 50_000);

        final int group;
        final long pauseMicros;

        Traffic(int group, long pauseMicros) {
            this.group = group;
            this.pauseMicros = pauseMicros;
        }
    }

    /**
     * Microseconds of processor time a delivered message, the kernel's share of it, and what the compiler used beside it; ages in
     * microseconds.
     */
    private record Result(double cpu, double kernel, double compiler, int p99) {}

    /** Milliseconds of processor time: the compiler's threads apart, as they will have come to rest one day, and the rest not. */
    private record Spent(long user, long kernel, long compiler) {}

    private interface Server {
        int port();

        long pid();

        void send(Traffic traffic, int messages);
    }

    BroadcastBenchmark(BenchHub hub) {
        this.live = hub.bean(Live.class);
        this.hubPort = hub.port();
    }

    void run() {
        Server hub = new Hub();
        try {
            awaitCompiler(hub);
            System.out.printf("%n%-30s %14s %9s %14s %6s %7s %7s %7s%n",
                    "", "hub µs (kernel)", "+compiler", "node µs (kernel)", "ratio", "hub p99", "node p99", "added ms");
            System.out.printf(Locale.ROOT, "idle, a second                 %6.2f ms       %6.2f ms%n", idle(hub), idle(node));
            for (Traffic traffic : Traffic.values()) {
                if (!ONLY.isEmpty() && !traffic.name().equals(ONLY)) {
                    continue;
                }
                for (int paused = 0; paused <= 1; paused++) {
                    compare(hub, traffic, paused);
                }
            }
        } finally {
            node.close();
        }
    }

    /** At low rates the hub's own clocks reach the compiler's thresholds only after minutes: it is to have come to rest before anything counts. */
    private void awaitCompiler(Server hub) {
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        long before;
        long from = System.nanoTime();
        int rounds = 0;
        do {
            before = compiler.getTotalCompilationTime();
            measure(hub, Traffic.FAST, 0);
        } while (++rounds < MOST_WARM_UPS && compiler.getTotalCompilationTime() - before > RESTING_MILLIS);
        System.out.printf(Locale.ROOT, "%nThe compiler had its say for %d s%n", (System.nanoTime() - from) / 1_000_000_000L);
    }

    /** Milliseconds of processor time a second with all clients connected and nothing to say: what a low rate has to bear. */
    private static double idle(Server server) {
        try (Clients clients = new Clients(server.port(), CLIENTS, 0, 1)) {
            Spent before = spent(server.pid());
            BenchHub.pause(IDLE_SECONDS * 1_000);
            Spent after = spent(server.pid());
            return (double) (after.user() + after.kernel() - before.user() - before.kernel()) / IDLE_SECONDS;
        }
    }

    private void compare(Server hub, Traffic traffic, int paused) {
        List<Result> ofHub = new ArrayList<>();
        List<Result> ofNode = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            ofHub.add(measure(hub, traffic, paused));
            ofNode.add(measure(node, traffic, paused));
        }
        double hubCpu = median(ofHub, Result::cpu);
        double nodeCpu = median(ofNode, Result::cpu);
        double hubP99 = median(ofHub, Result::p99) / 1_000;
        double nodeP99 = median(ofNode, Result::p99) / 1_000;
        System.out.printf(Locale.ROOT, "%-30s %6.2f (%5.2f) %9.2f %6.2f (%5.2f) %6.2f %7.1f %7.1f %7.1f%n",
                traffic.group + " every " + traffic.pauseMicros / 1000 + " ms" + (paused > 0 ? ", one paused" : ""),
                hubCpu, median(ofHub, Result::kernel), median(ofHub, Result::compiler), nodeCpu, median(ofNode, Result::kernel), hubCpu / nodeCpu, hubP99, nodeP99,
                hubP99 - nodeP99);
    }

    private static double median(List<Result> results, ToDoubleFunction<Result> what) {
        return results.stream().mapToDouble(what).sorted().toArray()[results.size() / 2];
    }

    private Result measure(Server server, Traffic traffic, int paused) {
        try (Clients clients = new Clients(server.port(), CLIENTS, paused, CLIENTS * MESSAGES)) {
            server.send(traffic, MESSAGES / 5);
            clients.ask("reset", 0);
            Spent before = spent(server.pid());
            server.send(traffic, MESSAGES);
            String[] report = clients.ask("report", (CLIENTS - paused) * MESSAGES);
            Spent after = spent(server.pid());
            double delivered = Integer.parseInt(report[0]) / 1_000.0;
            double kernel = (after.kernel() - before.kernel()) / delivered;
            double user = (after.user() - before.user()) / delivered;
            double compiler = (after.compiler() - before.compiler()) / delivered;
            return new Result(user + kernel, kernel, compiler, Integer.parseInt(report[2]));
        }
    }

    /** The kernel counts in hundredths of a second. */
    private static Spent spent(long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        try (Stream<Path> threads = Files.list(process.resolve("task"))) {
            long[] all = times(process);
            long[] compiler = threads.filter(BroadcastBenchmark::isCompiler).map(BroadcastBenchmark::times)
                    .reduce(new long[2], (sum, one) -> new long[] {sum[0] + one[0], sum[1] + one[1]});
            return new Spent(all[0] - compiler[0], all[1] - compiler[1], compiler[0] + compiler[1]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isCompiler(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).matches("(?s)(C[12] Compiler|Sweeper ).*");
        } catch (IOException e) {
            // It has ended meanwhile.
            return false;
        }
    }

    /** User and kernel milliseconds. */
    private static long[] times(Path task) {
        try {
            String stat = Files.readString(task.resolve("stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return new long[] {10 * Long.parseLong(fields[11]), 10 * Long.parseLong(fields[12])};
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Hub implements Server {

        @Override
        public int port() {
            return hubPort;
        }

        @Override
        public long pid() {
            return ProcessHandle.current().pid();
        }

        @Override
        public void send(Traffic traffic, int messages) {
            String padding = "x".repeat(PADDING);
            long begun = System.nanoTime();
            for (int sent = 0; sent < messages; sent += traffic.group) {
                long due = begun + sent / traffic.group * traffic.pauseMicros * 1_000;
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                List<LiveMessage> group = new ArrayList<>(traffic.group);
                for (int i = 0; i < traffic.group; i++) {
                    long at = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
                    group.add(LiveMessage.of("critical_event", "{\"event_id\":" + (sent + i) + ",\"event_type\":\"stock_update\",\"payload\":{\"pad\":\""
                            + padding + "\"},\"device_id\":\"bench\",\"at\":" + at + "}"));
                }
                live.publish("devices", group);
            }
        }
    }

    /** The reference, as a process. */
    private static final class Node implements Server, AutoCloseable {

        private final Child process;
        private final int port;

        Node() {
            process = new Child(List.of("node", BenchNode.script("broadcast.mjs").toString()));
            port = Integer.parseInt(process.line());
        }

        @Override
        public int port() {
            return port;
        }

        @Override
        public long pid() {
            return process.pid();
        }

        @Override
        public void send(Traffic traffic, int messages) {
            process.send("{\"messages\":" + messages + ",\"group\":" + traffic.group + ",\"pauseMicros\":" + traffic.pauseMicros + ",\"padding\":"
                    + PADDING + "}");
            process.line();
        }

        @Override
        public void close() {
            process.close();
        }
    }

    /** The client program. */
    private static final class Clients implements AutoCloseable {

        private final Child process;

        Clients(int port, int number, int paused, int most) {
            process = new Child(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", System.getProperty("java.class.path"),
                    BroadcastClients.class.getName(), Integer.toString(port), Integer.toString(number), Integer.toString(paused),
                    Integer.toString(most)));
            if (!"ready".equals(process.line())) {
                throw new IllegalStateException("The clients could not connect");
            }
        }

        /** Asks until so many messages have come, or for five seconds. */
        String[] ask(String command, int expected) {
            String[] report = {"0"};
            for (int n = 0; n < 50; n++) {
                BenchHub.pause(100);
                process.send(expected == 0 ? command : "report");
                report = process.line().split(" ");
                if (Integer.parseInt(report[0]) >= expected) {
                    return report;
                }
            }
            return report;
        }

        @Override
        public void close() {
            process.close();
        }
    }

    private static final class Child implements AutoCloseable {

        private final Process process;
        private final BufferedReader out;

        Child(List<String> command) {
            try {
                process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        long pid() {
            return process.pid();
        }

        String line() {
            try {
                return out.readLine();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void send(String line) {
            try {
                process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
                process.getOutputStream().flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
