package dev.serai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.testing.HubProcess;
import dev.serai.testing.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hub as a process of its own: started, killed, started again, and refused where it cannot run. */
class HubIT {

    @TempDir
    Path home;

    private HubProcess hub;

    @BeforeEach
    void makeAHomeWithoutRoutes() throws IOException {
        Files.createDirectories(home.resolve("routes"));
        hub = HubProcess.onNewData().with("SERAI_HOME", home.toString());
    }

    @AfterEach
    void endTheHub() {
        hub.close();
    }

    /** One data directory through all that can happen to it; each start is that of the step before. */
    @Test
    void answersWhereItSaysTellsWhatItMissesAndKeepsItsDataOverAStopAKillAndAPowerCut() throws Exception {
        hub.start();
        execute("CREATE TABLE kept AS SELECT 42 AS answer");
        answersWhereItSaysAndTellsWhatItMisses();
        leavesItsDataDirectoryToNobodyElse();
        stopsItsDatabaseWhenItStopsInOrder();

        hub.start();
        assertThat(ask("SELECT answer FROM kept")).as("after a stop").isEqualTo("42");
        takesOverTheDatabaseThatAKilledHubLeftRunning();
        repairsTheDatabaseThatWasKilledTogetherWithTheHub();
    }

    private void answersWhereItSaysAndTellsWhatItMisses() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(hub.baseUrl() + "/api/v1/health")).build();
        assertThat(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding()).statusCode()).isLessThan(500);
        assertThat(hub.baseUrl()).startsWith("http://127.0.0.1:");
        assertThat(hub.log()).contains("There is no directory " + home.resolve("routes/api"), "There is no route file")
                .contains("There is no directory " + home.resolve("routes/connectors")).doesNotContain("\tat ");
    }

    private void leavesItsDataDirectoryToNobodyElse() {
        try (HubProcess second = HubProcess.on(hub.data()).with("SERAI_HOME", home.toString())) {
            assertRefused(second, "Another Serai (pid " + hub.pid() + ") uses the data directory " + hub.data(), "SERAI_DATA_DIR");
        }
        assertThat(hub.databaseProcess().orElseThrow().isAlive()).isTrue();
    }

    private void stopsItsDatabaseWhenItStopsInOrder() {
        ProcessHandle database = hub.databaseProcess().orElseThrow();

        hub.stop();

        assertThat(hub.databaseProcess()).isEmpty();
        await().until(() -> !database.isAlive());
    }

    private void takesOverTheDatabaseThatAKilledHubLeftRunning() throws Exception {
        hub.kill9();
        ProcessHandle left = hub.databaseProcess().orElseThrow();
        assertThat(left.isAlive()).isTrue();

        hub.restart();

        assertThat(ask("SELECT answer FROM kept")).as("after a kill").isEqualTo("42");
        assertThat(hub.databaseProcess()).isPresent().get().isNotEqualTo(left);
    }

    private void repairsTheDatabaseThatWasKilledTogetherWithTheHub() throws Exception {
        ProcessHandle database = hub.databaseProcess().orElseThrow();
        hub.kill9();
        database.destroyForcibly();
        await().until(() -> hub.databaseProcess().isEmpty());

        hub.restart();

        assertThat(ask("SELECT answer FROM kept")).as("after a power cut").isEqualTo("42");
    }

    @Test
    void worksOnAnExternalDatabase() throws Exception {
        try (TestDatabase external = TestDatabase.empty()) {
            hub.with("SERAI_DB_URL", external.url().substring("jdbc:".length())).with("SERAI_BIND", "127.0.0.1").with("SERAI_DEMO", "true")
                    .with("SERAI_DB_USER", external.user()).with("SERAI_DB_PASSWORD", external.password()).start();

            assertThat(hub.data()).isEmptyDirectory();
            try (Connection connection = external.dataSource().getConnection()) {
                assertThat(connection.getMetaData().getTables(null, "public", "flyway_schema_history", null).next()).isTrue();
            }
            hub.stop();
            assertThat(hub.log()).contains("SERAI_JWT_KEY       is not set", "SERAI_SECRET_KEY    is not set", "Serai is stopping");
        }
    }

    @Test
    void saysThatTheUserOfTheExternalDatabaseMayCreateNoTables() throws Exception {
        try (TestDatabase external = TestDatabase.empty(); Connection owner = external.dataSource().getConnection();
                Statement statement = owner.createStatement()) {
            statement.execute("CREATE ROLE guest LOGIN PASSWORD 'guest'");

            assertRefused(hub.with("SERAI_DB_URL", external.url()).with("SERAI_DB_USER", "guest").with("SERAI_DB_PASSWORD", "guest")
                    .with("SERAI_BIND", "127.0.0.1"), "The user guest may create no tables", "GRANT USAGE, CREATE ON SCHEMA public TO guest");
            statement.execute("DROP ROLE guest");
        }
    }

    @Test
    void saysThatTheExternalDatabaseCannotBeReached() {
        assertRefused(hub.with("SERAI_DB_URL", "postgresql://127.0.0.1:1/hub"), "127.0.0.1:1/hub", "host and port in SERAI_DB_URL");
    }

    @Test
    void saysThatTheDatabaseIsAnotherVersions() throws Exception {
        try (TestDatabase external = TestDatabase.create(); Connection owner = external.dataSource().getConnection();
                Statement statement = owner.createStatement()) {
            statement.execute("UPDATE flyway_schema_history SET checksum = 1 WHERE version = '98'");
            statement.execute("DELETE FROM flyway_schema_history WHERE version = '97'");

            assertRefused(hub.with("SERAI_DB_URL", external.url()).with("SERAI_DB_USER", external.user()).with("SERAI_DB_PASSWORD", external.password())
                    .with("SERAI_BIND", "127.0.0.1"), "not those of this Serai", "97", "98", "backup");
        }
    }

    @Test
    void saysThatANewerHubHasChangedTheTablesAndLeavesThemAsTheyAre() throws Exception {
        try (TestDatabase external = TestDatabase.create(); Connection owner = external.dataSource().getConnection();
                Statement statement = owner.createStatement()) {
            statement.execute("""
                    INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
                    SELECT max(installed_rank) + n, 9000 + n, 'of tomorrow', 'SQL', 'V900' || n || '__of_tomorrow.sql', n, 'serai', 1, true
                    FROM flyway_schema_history, generate_series(1, 2) AS n GROUP BY n""");

            assertRefused(hub.with("SERAI_DB_URL", external.url()).with("SERAI_DB_USER", external.user()).with("SERAI_DB_PASSWORD", external.password())
                    .with("SERAI_BIND", "127.0.0.1"), "A newer Serai has changed the tables", "V9001, V9002.", "backup");
            try (ResultSet admins = statement.executeQuery("SELECT 1 FROM access_user")) {
                assertThat(admins.next()).as("anything written").isFalse();
            }
        }
    }

    @Test
    void saysThatTheDatabaseIsSomethingElses() throws Exception {
        try (TestDatabase external = TestDatabase.empty(); Connection owner = external.dataSource().getConnection();
                Statement statement = owner.createStatement()) {
            statement.execute("CREATE TABLE journal (id int)");

            assertRefused(hub.with("SERAI_DB_URL", external.url()).with("SERAI_DB_USER", external.user()).with("SERAI_DB_PASSWORD", external.password())
                    .with("SERAI_BIND", "127.0.0.1"), "has tables of something else", "a database of its own");
        }
    }

    @Test
    void saysThatItsHomeHasNoRoutes() throws IOException {
        Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));

        assertRefused(hub.with("SERAI_HOME", elsewhere.toString()), elsewhere.toString(), "SERAI_HOME");
    }

    @Test
    void saysThatItsPortIsNone() {
        assertRefused(hub.with("SERAI_PORT", "eighty"), "'eighty'", "SERAI_PORT");
    }

    private static void assertRefused(HubProcess hub, String... parts) {
        assertThat(hub.startAndFail()).isEqualTo(1);
        assertThat(hub.log()).contains(parts).doesNotContain("\tat ", "Caused by");
    }

    private void execute(String sql) throws SQLException, IOException {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String ask(String sql) throws SQLException, IOException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private Connection connect() throws SQLException, IOException {
        List<String> lockFile = Files.readAllLines(hub.data().resolve("postgres/postmaster.pid"));
        String url = "jdbc:postgresql://127.0.0.1:" + lockFile.get(3).strip() + "/serai";
        return DriverManager.getConnection(url, "serai", Files.readString(hub.data().resolve("postgres.password")).strip());
    }
}
