package dev.serai.database;

import dev.serai.settings.StartupProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * A real PostgreSQL server beside the hub, for hubs without an external one. Its data survives restarts and kills; it listens on a
 * free port of the loopback address, and ends with {@link #close()}.
 */
public final class PostgresServer implements AutoCloseable {

    /** The superuser, and the name of the database. */
    static final String USER = "serai";

    private static final Logger LOG = LoggerFactory.getLogger(PostgresServer.class);
    /** Between the choice of a free port and the server's start, another program may take it. */
    private static final int PORT_ATTEMPTS = 3;

    private final DataDirectory directory;
    private final PostgresPrograms programs;
    private final String password;
    private int port;

    private PostgresServer(DataDirectory directory, PostgresPrograms programs, String password) {
        this.directory = directory;
        this.programs = programs;
        this.password = password;
    }

    /**
     * Starts the server on the data directory, which it makes if need be. A server that a killed hub left running there is
     * stopped first, so that this hub's settings are the ones in force.
     *
     * @param dataDirectory held for this process until {@link #close()}
     * @param binaries where PostgreSQL's programs are unpacked to, once
     * @throws StartupProblem if the directory is in use, not writable, full, or another version's
     */
    public static PostgresServer start(Path dataDirectory, Path binaries) {
        DataDirectory directory = DataDirectory.hold(dataDirectory);
        try {
            return startIn(directory, binaries.toAbsolutePath());
        } catch (IOException | RuntimeException e) {
            release(directory);
            throw e instanceof RuntimeException problem ? problem : PostgresProblem.of(directory, (IOException) e);
        }
    }

    private static PostgresServer startIn(DataDirectory directory, Path binaries) throws IOException {
        Unprivileged user = Unprivileged.in(directory.path());
        PostgresPrograms programs = new PostgresPrograms(PostgresBinaries.unpackedIn(binaries), user, directory.path());
        PostgresServer server = new PostgresServer(directory, programs, directory.password());
        server.initialiseWhereNew();
        server.endWhatIsLeft();
        server.launch();
        try {
            server.prepare();
        } catch (RuntimeException e) {
            server.stop();
            throw e;
        }
        return server;
    }

    /** initdb works in a directory of another name, so that one cut off on the way is not taken for a database. */
    private void initialiseWhereNew() throws IOException {
        if (Files.exists(directory.cluster())) {
            requireOwnVersion();
            return;
        }
        Path partial = directory.path().resolve("postgres.new");
        FileSystemUtils.deleteRecursively(partial);
        LOG.info("Making a new database in {}", directory.cluster());
        PostgresPrograms.Result result = programs.initdb(partial, directory.passwordFile());
        if (!result.ok()) {
            throw PostgresProblem.of(directory, "initdb", result.output());
        }
        Files.move(partial, directory.cluster(), StandardCopyOption.ATOMIC_MOVE);
    }

    private void requireOwnVersion() throws IOException {
        Path versionFile = directory.cluster().resolve("PG_VERSION");
        String version = Files.exists(versionFile) ? Files.readString(versionFile).strip() : "none";
        if (!version.equals(PostgresBinaries.MAJOR_VERSION)) {
            throw PostgresProblem.otherVersion(directory, version);
        }
    }

    private void endWhatIsLeft() throws IOException {
        PostmasterFile left = PostmasterFile.in(directory.cluster()).orElse(null);
        if (left == null) {
            return;
        }
        if (left.isServedByPostgres()) {
            LOG.info("Taking over the database of a hub that ended without stopping it (pid {})", left.pid());
            stop();
        } else {
            LOG.info("Removing the lock file of a PostgreSQL that is gone (pid {})", left.pid());
            left.delete();
        }
    }

    private void launch() throws IOException {
        for (int attempt = 1; ; attempt++) {
            port = freePort();
            PostgresSettings.write(directory.cluster(), port);
            String refusal = run();
            if (refusal == null) {
                return;
            }
            if (attempt == PORT_ATTEMPTS || !refusal.contains("Address already in use")) {
                throw PostgresProblem.of(directory, "PostgreSQL", refusal);
            }
        }
    }

    /** Runs the server and answers what it said where it did not start; null where it did. */
    private String run() throws IOException {
        if (Files.exists(directory.log())) {
            Files.move(directory.log(), directory.log().resolveSibling("postgres.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        PostgresPrograms.Result result = programs.start(directory.cluster(), directory.log());
        if (result.ok()) {
            return null;
        }
        return Files.exists(directory.log()) ? Files.readString(directory.log()) : result.output();
    }

    /** Whether the server has ended although nobody stopped it. */
    boolean isGone() {
        return PostmasterFile.in(directory.cluster()).filter(PostmasterFile::isServedByPostgres).isEmpty();
    }

    /** Starts a server that is gone at the same address, which its callers know. */
    void startAgain() throws IOException {
        PostmasterFile.in(directory.cluster()).ifPresent(PostmasterFile::delete);
        String refusal = run();
        if (refusal != null) {
            throw PostgresProblem.of(directory, "PostgreSQL", refusal);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void prepare() {
        try (Connection connection = DriverManager.getConnection(urlOf("postgres"), USER, password);
                Statement statement = connection.createStatement()) {
            List<String> off = PostgresSettings.durabilityThatIsOff(connection);
            if (!off.isEmpty()) {
                throw PostgresProblem.notDurable(directory, off);
            }
            try (ResultSet row = statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + USER + "'")) {
                if (row.next()) {
                    return;
                }
            }
            statement.execute("CREATE DATABASE " + USER);
        } catch (SQLException e) {
            throw PostgresProblem.of(directory, "PostgreSQL", e.getMessage());
        }
    }

    /** JDBC's address of the hub's database. */
    public String url() {
        return urlOf(USER);
    }

    /** JDBC's address of any database of this server. */
    public String urlOf(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    public String user() {
        return USER;
    }

    public String password() {
        return password;
    }

    /** Stops the server after its running statements are cut off and its memory is written, and gives the directory free. */
    @Override
    public void close() {
        stop();
        release(directory);
    }

    private void stop() {
        try {
            if (!programs.stop(directory.cluster(), "fast").ok() && PostmasterFile.in(directory.cluster()).isPresent()) {
                LOG.warn("PostgreSQL did not stop in time; it is ended at once and repairs itself at the next start");
                programs.stop(directory.cluster(), "immediate");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot stop the database in " + directory.cluster(), e);
        }
    }

    private static void release(DataDirectory directory) {
        try {
            directory.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot release the data directory " + directory.path(), e);
        }
    }
}
