package dev.serai.database;

import dev.serai.settings.SeraiProperties;
import dev.serai.settings.StartupProblem;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The database that this hub works on: the external one, found to be fit, or the embedded one, which lives as long as this. */
final class HubDatabase implements AutoCloseable {

    private static final int OLDEST_VERSION = 14;

    private final DatabaseAddress address;
    private final AutoCloseable server;

    private HubDatabase(DatabaseAddress address, AutoCloseable server) {
        this.address = address;
        this.server = server;
    }

    static HubDatabase open(SeraiProperties settings) {
        return switch (DatabaseMode.of(settings.db().url())) {
            case EMBEDDED -> embedded(PostgresServer.start(settings.dataDirectory(), settings.binariesDirectory()));
            case EXTERNAL -> external(
                    DatabaseAddress.parse(settings.db().url(), settings.db().user(), settings.db().password()));
        };
    }

    private static HubDatabase embedded(PostgresServer server) {
        return new HubDatabase(new DatabaseAddress(server.url(), server.user(), server.password()), PostgresKeeper.of(server));
    }

    private static HubDatabase external(DatabaseAddress address) {
        try (Connection connection = DriverManager.getConnection(address.url(), address.user(), address.password())) {
            requireSupported(connection);
            requireTables(connection);
            return new HubDatabase(address, () -> {});
        } catch (SQLException e) {
            throw unreachable(address, e);
        }
    }

    private static void requireSupported(Connection connection) throws SQLException {
        if (connection.getMetaData().getDatabaseMajorVersion() < OLDEST_VERSION) {
            throw new StartupProblem(
                    "The database at SERAI_DB_URL is PostgreSQL " + connection.getMetaData().getDatabaseProductVersion() + ".",
                    "Serai needs PostgreSQL " + OLDEST_VERSION + " or newer: update the server, or name another one.");
        }
    }

    /** Not at the first start only: the journal gets a new partition each month. */
    private static void requireTables(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT current_user, current_schema(), has_schema_privilege(current_schema(), 'CREATE')")) {
            row.next();
            if (!row.getBoolean(3)) {
                String schema = row.getString(2) == null ? "that is on its search_path" : row.getString(2);
                throw new StartupProblem(
                        "The user " + row.getString(1) + " may create no tables in the schema " + schema + ".",
                        "Make it the database's owner, or: GRANT USAGE, CREATE ON SCHEMA public TO " + row.getString(1) + ";");
            }
        }
    }

    private static StartupProblem unreachable(DatabaseAddress address, SQLException fault) {
        String state = String.valueOf(fault.getSQLState());
        String action = state.startsWith("28")
                ? "Check SERAI_DB_USER and SERAI_DB_PASSWORD, and the server's pg_hba.conf."
                : state.startsWith("3D")
                        ? "Create the database, or correct its name in SERAI_DB_URL."
                        : "Check that the server runs and that host and port in SERAI_DB_URL are right; then start Serai again.";
        return new StartupProblem("The database at " + address.withoutQuery() + " cannot be used: " + fault.getMessage(), action, fault);
    }

    DatabaseAddress address() {
        return address;
    }

    @Override
    public void close() throws Exception {
        server.close();
    }
}
