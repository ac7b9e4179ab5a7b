package dev.serai.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs a script of {@code src/test/node} with real npm clients: those of {@code package.json} there, which are installed once into
 * {@code target/node}. A new script is a file beside the others; a new package is a line in {@code package.json} and a lock file made by
 * {@code npm install --omit-lockfile-registry-resolved} (it names no registry).
 */
public final class NodePackages {

    private static final Path SOURCES = Path.of("src", "test", "node").toAbsolutePath();
    private static final Path PLACE = Path.of("target", "node").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private NodePackages() {
    }

    /**
     * What a script left behind.
     *
     * @param exitCode 0 where all went well
     * @param stdout   its lines
     * @param stderr   what it complained about
     */
    public record Result(int exitCode, List<String> stdout, String stderr) {}

    /** Runs a script to its end, at most two minutes. */
    public static Result run(String script, String... arguments) {
        try (NodeProcess process = start(script, arguments)) {
            process.closeInput();
            int exitCode = process.awaitEnd(PATIENCE);
            return new Result(exitCode, process.lines(), process.errors());
        }
    }

    /** Starts a script that goes on until its work is done or it is closed. */
    public static NodeProcess start(String script, String... arguments) {
        prepare();
        List<String> command = new ArrayList<>(List.of("node", script));
        command.addAll(Arrays.asList(arguments));
        return new NodeProcess(command, PLACE);
    }

    /** Packages and scripts are put in place under a lock: several test JVMs may share the directory. */
    private static synchronized void prepare() {
        try {
            Files.createDirectories(PLACE);
            try (FileChannel channel = FileChannel.open(
                            PLACE.resolve("install.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                install();
                copyScripts();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lock file is put beside the packages last of all, so that an interrupted installation is done again. */
    private static void install() throws IOException {
        Path done = PLACE.resolve("installed-lock.json");
        Path wanted = SOURCES.resolve("package-lock.json");
        if (Files.exists(done) && Files.mismatch(done, wanted) == -1) {
            return;
        }
        copy(SOURCES.resolve("package.json"));
        copy(wanted);
        try (NodeProcess npm = new NodeProcess(List.of("npm", "ci", "--no-audit", "--no-fund"), PLACE)) {
            if (npm.awaitEnd(PATIENCE) != 0) {
                throw new IllegalStateException("npm could not install the packages of " + SOURCES + ":\n" + npm.errors());
            }
        }
        Files.copy(wanted, done, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Node looks for packages beside the script, so the scripts go where the packages are. */
    private static void copyScripts() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".mjs")).toList()) {
                copy(file);
            }
        }
    }

    /** Never half a file: another JVM's script may be starting. */
    private static void copy(Path file) throws IOException {
        Path target = PLACE.resolve(file.getFileName());
        String text = Files.readString(file, StandardCharsets.UTF_8);
        if (!Files.exists(target) || !Files.readString(target, StandardCharsets.UTF_8).equals(text)) {
            Path temporary = Files.writeString(PLACE.resolve(file.getFileName() + ".new"), text);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
