package dev.serai.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The embedded server's settings. The file is written anew at every start, so that an update of Serai reaches old data
 * directories; {@code ALTER SYSTEM} still overrides it, except for the three on which Serai's promise stands.
 */
final class PostgresSettings {

    private static final List<String> DURABILITY = List.of("fsync", "synchronous_commit", "full_page_writes");

    private static final List<String> TUNING = List.of(
            "max_connections = 200",
            "shared_buffers = 256MB",
            "effective_cache_size = 1GB",
            "work_mem = 16MB",
            "maintenance_work_mem = 128MB",
            "wal_compression = on",
            "wal_buffers = 16MB",
            "min_wal_size = 256MB",
            "max_wal_size = 2GB",
            "checkpoint_timeout = 15min",
            "checkpoint_completion_target = 0.9",
            "random_page_cost = 1.1",
            "jit = off");

    /** The hub sees each statement's error itself: a log of them would only fill the disk. */
    private static final List<String> HOUSEKEEPING = List.of(
            "listen_addresses = '127.0.0.1'",
            "unix_socket_directories = ''",
            "password_encryption = scram-sha-256",
            "timezone = UTC",
            "log_timezone = UTC",
            "log_min_messages = log",
            "log_checkpoints = off",
            "cluster_name = serai");

    private PostgresSettings() {
    }

    static void write(Path cluster, int port) throws IOException {
        String settings = Stream.of(
                        Stream.of("# Written by Serai at every start: use ALTER SYSTEM to change a setting.", "port = " + port),
                        DURABILITY.stream().map(setting -> setting + " = on"),
                        TUNING.stream(),
                        HOUSEKEEPING.stream())
                .flatMap(lines -> lines)
                .collect(Collectors.joining("\n", "", "\n"));
        Files.writeString(cluster.resolve("postgresql.conf"), settings);
    }

    /** The settings that are off although nothing accepted may ever be lost; none, if all is well. */
    static List<String> durabilityThatIsOff(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            List<String> off = new ArrayList<>();
            for (String setting : DURABILITY) {
                try (ResultSet row = statement.executeQuery("SHOW " + setting)) {
                    row.next();
                    if (!"on".equals(row.getString(1))) {
                        off.add(setting);
                    }
                }
            }
            return off;
        }
    }
}
