package dev.serai.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * PostgreSQL's lock file. It outlives a kill -9 and a power cut, so its process id may by now belong to any other program;
 * and PostgreSQL refuses to start as long as any process has that id.
 */
record PostmasterFile(Path file, long pid) {

    private static final String NAME = "postmaster.pid";

    static Optional<PostmasterFile> in(Path cluster) {
        Path file = cluster.resolve(NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new PostmasterFile(file, firstNumber(Files.readAllLines(file))));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }

    /** An empty or torn file names no process; 0 is never alive. */
    private static long firstNumber(List<String> lines) {
        try {
            return lines.isEmpty() ? 0 : Math.abs(Long.parseLong(lines.get(0).trim()));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Whether the process named is a PostgreSQL that works in this directory, and not one that got the same id later. */
    boolean isServedByPostgres() {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent() && worksInThisDirectory();
    }

    private boolean worksInThisDirectory() {
        Path process = Path.of("/proc", Long.toString(pid));
        try {
            return !Files.exists(process) || Files.isSameFile(process.resolve("cwd"), file.getParent());
        } catch (IOException e) {
            return false;
        }
    }

    void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot remove the stale lock file " + file, e);
        }
    }
}
