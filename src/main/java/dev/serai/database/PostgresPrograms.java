package dev.serai.database;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs initdb and pg_ctl, as a user that they accept, and gives back what they said. Only what is PostgreSQL's own is given to that
 * user; the data directory around it stays whose it is.
 */
final class PostgresPrograms {

    /** What a program said, and whether it did what it was asked for. */
    record Result(boolean ok, String output) {}

    private static final String PATIENCE_SECONDS = "120";

    private final PostgresBinaries binaries;
    private final Unprivileged user;
    private final Path workingDirectory;

    PostgresPrograms(PostgresBinaries binaries, Unprivileged user, Path workingDirectory) {
        this.binaries = binaries;
        this.user = user;
        this.workingDirectory = workingDirectory;
    }

    /** Text sorts by code point, the same on every machine, whatever locales are installed on it. */
    Result initdb(Path cluster, Path passwordFile) throws IOException {
        Files.createDirectory(cluster);
        user.own(cluster);
        user.own(passwordFile);
        return run("initdb", "--pgdata=" + cluster, "--username=" + PostgresServer.USER, "--pwfile=" + passwordFile, "--auth=scram-sha-256",
                "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--data-checksums",
                "--no-instructions");
    }

    /** pg_ctl gives the server a session of its own, so that Ctrl-C on the hub does not end the database under it. */
    Result start(Path cluster, Path log) throws IOException {
        Files.createFile(log, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        user.own(log);
        user.own(cluster);
        return run("pg_ctl", "start", "--pgdata=" + cluster, "--log=" + log, "--wait", "--timeout=" + PATIENCE_SECONDS, "--silent");
    }

    Result stop(Path cluster, String mode) throws IOException {
        user.own(cluster);
        return run("pg_ctl", "stop", "--pgdata=" + cluster, "--mode=" + mode, "--wait", "--timeout=" + PATIENCE_SECONDS, "--silent");
    }

    private Result run(String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(binaries.program(program)));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(user.command(command)).directory(workingDirectory.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            return new Result(process.waitFor() == 0, output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while " + program + " ran");
        }
    }
}
