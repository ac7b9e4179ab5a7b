package dev.serai.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.settings.StartupProblem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerTest {

    private static final Path BINARIES = Path.of("target", "postgres-binaries");

    @TempDir
    Path data;

    @Test
    void runsWithEverySettingOnThatKeepsWhatWasAccepted() throws SQLException {
        try (PostgresServer server = PostgresServer.start(data, BINARIES)) {
            assertThat(ask(server, "SHOW fsync")).isEqualTo("on");
            assertThat(ask(server, "SHOW synchronous_commit")).isEqualTo("on");
            assertThat(ask(server, "SHOW full_page_writes")).isEqualTo("on");
            assertThat(ask(server, "SHOW data_checksums")).isEqualTo("on");
        }
    }

    @Test
    void keepsItsDataOverARestart() throws SQLException {
        try (PostgresServer server = PostgresServer.start(data, BINARIES)) {
            execute(server, "CREATE TABLE kept AS SELECT 42 AS answer");
        }
        try (PostgresServer server = PostgresServer.start(data, BINARIES)) {
            assertThat(ask(server, "SELECT answer FROM kept")).isEqualTo("42");
        }
    }

    @Test
    void refusesToRunWhereSomeoneSwitchedDurabilityOff() throws SQLException {
        try (PostgresServer server = PostgresServer.start(data, BINARIES)) {
            execute(server, "ALTER SYSTEM SET fsync = off");
        }
        assertThatThrownBy(() -> PostgresServer.start(data, BINARIES)).isInstanceOf(StartupProblem.class).hasMessageContaining("fsync");
        assertThat(data.resolve("postgres/postmaster.pid")).doesNotExist();
    }

    @Test
    void startsOverALockFileWhoseProcessIdNowBelongsToAnotherProgram() throws Exception {
        PostgresServer.start(data, BINARIES).close();
        Files.writeString(data.resolve("postgres/postmaster.pid"), ProcessHandle.current().pid() + "\n" + data + "\n1\n5432\n");

        try (PostgresServer server = PostgresServer.start(data, BINARIES)) {
            assertThat(ask(server, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void startsOverATornLockFile() throws Exception {
        PostgresServer.start(data, BINARIES).close();
        Files.writeString(data.resolve("postgres/postmaster.pid"), "");

        try (PostgresServer server = PostgresServer.start(data, BINARIES)) {
            assertThat(ask(server, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void startsAnewWhereTheFirstStartWasCutOff() throws Exception {
        Files.createDirectories(data.resolve("postgres.new/base"));

        try (PostgresServer server = PostgresServer.start(data, BINARIES)) {
            assertThat(ask(server, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void leavesTheDataOfAnotherVersionAlone() throws Exception {
        Path cluster = Files.createDirectories(data.resolve("postgres"));
        Files.writeString(cluster.resolve("PG_VERSION"), "16\n");

        assertThatThrownBy(() -> PostgresServer.start(data, BINARIES))
                .isInstanceOf(StartupProblem.class).hasMessageContaining("PostgreSQL 16").hasMessageContaining("PostgreSQL 17");
        assertThat(cluster).isDirectoryContaining("glob:**/PG_VERSION");
    }

    @Test
    void isTheOnlyOneOnItsDataDirectory() {
        try (PostgresServer server = PostgresServer.start(data, BINARIES)) {
            assertThatThrownBy(() -> PostgresServer.start(data, BINARIES))
                    .isInstanceOf(StartupProblem.class)
                    .hasMessageContaining("pid " + ProcessHandle.current().pid())
                    .hasMessageContaining(data.toString());
            assertThat(server.url()).contains("127.0.0.1");
        }
    }

    @Test
    void saysWhenAFileIsWhereTheDataDirectoryShouldBe() throws Exception {
        Path file = Files.createFile(data.resolve("occupied"));

        assertThatThrownBy(() -> PostgresServer.start(file, BINARIES))
                .isInstanceOf(StartupProblem.class).hasMessageContaining(file.toString());
    }

    @Test
    void keepsItsPasswordToItsOwner() throws Exception {
        try (PostgresServer server = PostgresServer.start(data, BINARIES)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("postgres.password"))))
                    .isEqualTo("rw-------");
            assertThatThrownBy(() -> DriverManager.getConnection(server.url(), server.user(), "wrong")).isInstanceOf(SQLException.class);
        }
    }

    private static String ask(PostgresServer server, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.url(), server.user(), server.password());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static void execute(PostgresServer server, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.url(), server.user(), server.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
