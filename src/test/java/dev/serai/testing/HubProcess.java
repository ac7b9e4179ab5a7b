package dev.serai.testing;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.FileSystemUtils;

/**
 * The hub as an operator runs it: a JVM of its own, on a free port and a data directory of its own, that can be killed. It runs from
 * {@code target/classes}; nothing of the hub is replaced. Closing it ends the JVM and its database and deletes the data.
 */
public final class HubProcess implements AutoCloseable {

    private static final Pattern READY = Pattern.compile("Serai is ready at (http://\\S+)");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Path data;
    private final boolean ownsData;
    private final Map<String, String> environment = new HashMap<>();
    private Path log;
    private Process process;
    private String baseUrl;

    private HubProcess(Path data, boolean ownsData) {
        this.data = data;
        this.ownsData = ownsData;
        environment.put("SERAI_PORT", "0");
        environment.put("SERAI_DATA_DIR", data.toString());
        environment.put("SERAI_DB_BINARIES_DIR", TestDatabase.BINARIES.toString());
        environment.put("JAVA_TOOL_OPTIONS", "");
    }

    /** A hub with a new data directory; {@link #start()} starts it. */
    public static HubProcess onNewData() {
        return new HubProcess(temporary("serai-hub-data-"), true);
    }

    /**
     * One hub for all tests that need nothing special of it and leave the rest of it alone, each with stores, devices and keys of its own. It
     * is started by the first of them and ends with the tests' JVM. Nobody but this class starts, stops or closes it.
     */
    public static HubProcess shared() {
        return Shared.HUB;
    }

    private static final class Shared {

        private static final HubProcess HUB = onNewData().start();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(HUB::close));
        }
    }

    /** A hub on a directory that the caller made and deletes; a database left running there is the caller's as well. */
    public static HubProcess on(Path data) {
        return new HubProcess(data, false);
    }

    /** Sets an environment variable for the next start. */
    public HubProcess with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Starts the hub and waits for its ready line. */
    public HubProcess start() {
        launch();
        awaitReady();
        return this;
    }

    private void awaitReady() {
        await("the hub's ready line").atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(this::isReadyOrGone);
        if (baseUrl == null) {
            throw new IllegalStateException("The hub ended with code " + process.exitValue() + " instead of being ready:\n" + log());
        }
    }

    /** Starts several beside each other, which takes less time than one after the other. */
    public static void start(HubProcess... hubs) {
        Stream.of(hubs).forEach(HubProcess::launch);
        Stream.of(hubs).forEach(HubProcess::awaitReady);
    }

    /** Starts the hub where it is expected to refuse, and gives the exit code; {@link #log()} has the reason. */
    public int startAndFail() {
        launch();
        return awaitEnd();
    }

    /** Ends the JVM as a power cut would. Its database is left running, as it is in real life. */
    public void kill9() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Ends the hub in order. */
    public void stop() {
        process.destroy();
        awaitEnd();
    }

    /** Starts again on the same data; a hub that still runs is stopped first. */
    public HubProcess restart() {
        if (process.isAlive()) {
            stop();
        }
        return start();
    }

    public String baseUrl() {
        return baseUrl;
    }

    public long pid() {
        return process.pid();
    }

    public Path data() {
        return data;
    }

    /** Everything that the hub has said since its latest start. */
    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            kill9();
        }
        try {
            if (ownsData) {
                endDatabase();
                FileSystemUtils.deleteRecursively(data);
            }
            if (log != null) {
                Files.deleteIfExists(log);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void launch() {
        baseUrl = null;
        try {
            log = log == null ? Files.createTempFile("serai-hub-", ".log") : log;
            ProcessBuilder builder = new ProcessBuilder(command()).redirectErrorStream(true).redirectOutput(log.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("SERAI_"));
            builder.environment().putAll(environment);
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m",
                "-cp", classPathOfTheHub(),
                "dev.serai.Serai");
    }

    /** Without the tests' own classes and settings. */
    private static String classPathOfTheHub() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !Path.of(entry).endsWith(Path.of("target", "test-classes")))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private boolean isReadyOrGone() {
        Matcher ready = READY.matcher(log());
        if (ready.find()) {
            baseUrl = ready.group(1);
        }
        return baseUrl != null || !process.isAlive();
    }

    private int awaitEnd() {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("The hub does not end:\n" + log());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the hub was to end", e);
        }
    }

    /** The database of a killed hub runs on, for the next hub to find; with no next one it has to go. */
    private void endDatabase() {
        databaseProcess().ifPresent(server -> {
            server.destroyForcibly();
            await("the end of the database").atMost(PATIENCE).until(() -> databaseProcess().isEmpty());
        });
    }

    /** Its embedded database, which runs. */
    public JdbcClient sql() {
        try {
            String port = Files.readAllLines(data.resolve("postgres").resolve("postmaster.pid")).get(3);
            String password = Files.readString(data.resolve("postgres.password")).strip();
            return JdbcClient.create(new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:" + port + "/serai", "serai", password));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The embedded database's process, if one runs on this hub's data. */
    public Optional<ProcessHandle> databaseProcess() {
        Path lockFile = data.resolve("postgres").resolve("postmaster.pid");
        try {
            if (!Files.exists(lockFile)) {
                return Optional.empty();
            }
            String pid = Files.readAllLines(lockFile).get(0).trim();
            boolean itsOwn = Files.exists(Path.of("/proc", pid)) && isIn(lockFile.getParent(), Path.of("/proc", pid, "cwd"));
            return itsOwn ? ProcessHandle.of(Long.parseLong(pid)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A process that has ended but is not yet collected has no working directory any more. */
    private static boolean isIn(Path directory, Path workingDirectory) {
        try {
            return Files.isSameFile(directory, workingDirectory);
        } catch (IOException e) {
            return false;
        }
    }

    private static Path temporary(String prefix) {
        try {
            return Files.createTempDirectory(prefix);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
