package dev.serai.testing;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.serai.database.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import org.springframework.util.FileSystemUtils;

/**
 * A fresh, migrated database on a real PostgreSQL. The server is started once in a test JVM and the migrations run once; each database
 * is a copy, so that a test gets its own in some 50 ms.
 */
public final class TestDatabase implements AutoCloseable {

    private static final String TEMPLATE = "migrated";
    private static final AtomicInteger COUNT = new AtomicInteger();
    /** Kept between builds, so that the programs are unpacked once. */
    static final Path BINARIES = Path.of("target", "postgres-binaries").toAbsolutePath();

    private final String name;
    private final HikariDataSource dataSource;

    private TestDatabase(String name) {
        this.name = name;
        this.dataSource = pool(urlOf(name));
    }

    /** A database with every migration applied and no rows, for this caller alone. */
    public static TestDatabase create() {
        return copyOf(TEMPLATE);
    }

    /** A database without any table, for tests of the migrations themselves. */
    public static TestDatabase empty() {
        return copyOf("template1");
    }

    private static TestDatabase copyOf(String template) {
        String name = "test_" + COUNT.incrementAndGet();
        Server.execute("CREATE DATABASE " + name + " TEMPLATE " + template);
        return new TestDatabase(name);
    }

    public HikariDataSource dataSource() {
        return dataSource;
    }

    public String url() {
        return urlOf(name);
    }

    public String user() {
        return Server.POSTGRES.user();
    }

    public String password() {
        return Server.POSTGRES.password();
    }

    /** Brings the tables to this version of the migrations, such as {@code 101}; {@code latest} is the newest. */
    public void migrate(String version) {
        Server.migrate(Server.POSTGRES, name, version);
    }

    /** Drops the database, with whatever connections a test has left. */
    @Override
    public void close() {
        dataSource.close();
        Server.execute("DROP DATABASE " + name + " WITH (FORCE)");
    }

    private static String urlOf(String database) {
        return Server.POSTGRES.urlOf(database);
    }

    private static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(Server.POSTGRES.user());
        config.setPassword(Server.POSTGRES.password());
        config.setMaximumPoolSize(20);
        config.setMinimumIdle(1);
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        return new HikariDataSource(config);
    }

    /** One server for all tests of this JVM; it is stopped and its directory deleted when the JVM ends. */
    private static final class Server {

        private static final PostgresServer POSTGRES = start();

        private static PostgresServer start() {
            Path directory = temporaryDirectory();
            PostgresServer server = PostgresServer.start(directory, BINARIES);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                server.close();
                delete(directory);
            }, "test-database-end"));
            migrateTemplate(server);
            return server;
        }

        private static void migrateTemplate(PostgresServer server) {
            execute(server, "CREATE DATABASE " + TEMPLATE);
            migrate(server, TEMPLATE, "latest");
        }

        private static void migrate(PostgresServer server, String database, String version) {
            Flyway.configure()
                    .dataSource(server.urlOf(database), server.user(), server.password())
                    .locations("classpath:db/migration")
                    .target(version)
                    .load()
                    .migrate();
        }

        private static void execute(String sql) {
            execute(POSTGRES, sql);
        }

        private static void execute(PostgresServer server, String sql) {
            try (Connection connection = DriverManager.getConnection(server.url(), server.user(), server.password());
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException("The test database refused: " + sql, e);
            }
        }

        private static Path temporaryDirectory() {
            try {
                return Files.createTempDirectory("serai-test-database-");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void delete(Path directory) {
            try {
                FileSystemUtils.deleteRecursively(directory);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
