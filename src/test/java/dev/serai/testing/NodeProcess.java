package dev.serai.testing;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A running Node program that is read line by line. Closing it ends it. */
public final class NodeProcess implements AutoCloseable {

    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final Thread out;
    private final Thread err;

    NodeProcess(List<String> command, Path directory) {
        try {
            process = new ProcessBuilder(command).directory(directory.toFile()).start();
        } catch (IOException e) {
            throw new IllegalStateException("These tests drive the hub with real npm clients and need Node 18 or newer with npm on the PATH: "
                    + e.getMessage(), e);
        }
        out = reader(process.getInputStream(), lines::add);
        err = reader(process.getErrorStream(), errors::add);
    }

    private static Thread reader(InputStream stream, Consumer<String> sink) {
        Thread thread = new Thread(() -> {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                reader.lines().forEach(sink);
            } catch (IOException | UncheckedIOException e) {
                sink.accept("(output ended: " + e.getMessage() + ")");
            }
        }, "node-output");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Writes a line to the program's standard input. */
    public void send(String line) {
        try {
            OutputStream input = process.getOutputStream();
            input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("The program takes no more lines; it said:\n" + errors(), e);
        }
    }

    void closeInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every line so far. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** The first line that fits, waited for; a program that ends before it has written one fails the test with what it said. */
    public String awaitLine(Predicate<String> fits) {
        await("a line of the Node program")
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> lines.stream().anyMatch(fits) || !process.isAlive() && !out.isAlive());
        return lines.stream().filter(fits).findFirst().orElseThrow(() -> new IllegalStateException(
                "The program ended with " + process.exitValue() + " before the line; it wrote " + lines + " and\n" + errors()));
    }

    public String errors() {
        return String.join("\n", errors);
    }

    public long pid() {
        return process.pid();
    }

    /** The exit code, with all output read. */
    public int awaitEnd(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("The program does not end within " + patience + "; it wrote " + lines + " and\n" + errors());
            }
            out.join();
            err.join();
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        awaitEnd(Duration.ofSeconds(30));
    }
}
