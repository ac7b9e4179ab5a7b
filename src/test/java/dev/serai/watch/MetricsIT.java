package dev.serai.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.testing.Api;
import dev.serai.testing.HubProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What Prometheus gets from a hub whose database is there, hangs, or is away. */
class MetricsIT {

    private static final String TOKEN = "what-prometheus-presents";
    /** A scrape waits two seconds for the database; the rest is for a busy machine. */
    private static final Duration SCRAPE = Duration.ofSeconds(5);

    private static HubProcess hub;
    private static Api prometheus;

    @BeforeAll
    static void start() {
        hub = HubProcess.onNewData().with("SERAI_ACCESS_OPEN", "false").with("SERAI_METRICS_TOKEN", TOKEN)
                .with("SERAI_ALERTS_PERIOD", "1000").start();
        prometheus = new Api(hub::baseUrl).with("Authorization", "Bearer " + TOKEN);
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void aScrapeNeverWaitsForADatabaseThatHangsAndTellsNoNumbersOfBefore() throws Exception {
        awaitNumbers();
        assertThat(push().status()).isEqualTo(202);

        List<String> processes = signalDatabase("STOP", databaseProcesses());
        try {
            awaitDown("/api/v1/monitoring/metrics/prometheus");
            awaitDown("/actuator/prometheus");
        } finally {
            signalDatabase("CONT", processes);
        }
        awaitNumbers();
    }

    @Test
    void aDatabaseThatIsAwayIsDownUntilItIsBack() throws Exception {
        awaitNumbers();
        Path settings = hub.data().resolve("postgres/postgresql.conf");
        Path aside = settings.resolveSibling("postgresql.aside");

        Files.move(settings, aside);
        try {
            hub.databaseProcess().orElseThrow().destroyForcibly();
            awaitDown("/actuator/prometheus");
        } finally {
            Files.move(aside, settings);
        }
        awaitNumbers();
    }

    /** PostgreSQL's own code for it, from a trigger: a disk that is full would be everybody's. */
    @Test
    void aFullDiskShowsInHealthAndMetrics() {
        awaitNumbers();
        assertThat(prometheus.text("/actuator/prometheus")).contains("serai_database_disk_full 0.0").containsPattern("serai_data_free_bytes [1-9]");
        hub.sql().sql("""
                CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE disk_full USING MESSAGE = 'could not extend file: No space left on device'; END $$""").update();
        hub.sql().sql("CREATE TRIGGER no_room BEFORE INSERT ON device_event EXECUTE FUNCTION no_room()").update();

        Api.Answer push = push();
        hub.sql().sql("DROP TRIGGER no_room ON device_event").update();

        assertThat(push.status()).isEqualTo(503);
        Api.Answer health = prometheus.get("/api/v1/monitoring/health/detailed");
        assertThat(health.status()).isEqualTo(503);
        assertThat(health.body().at("/components/database/status").asText()).isEqualTo("unhealthy");
        assertThat(health.body().at("/components/database/message").asText()).contains("disk is full");
        assertThat(prometheus.get("/health").body().at("/checks/database/healthy").asBoolean()).isFalse();
        assertThat(prometheus.text("/actuator/prometheus")).contains("serai_database_disk_full 1.0", "serai_database_up 1.0");
    }

    private static Api.Answer push() {
        return new Api(hub::baseUrl).with("Authorization", "Bearer demo-token").post("/sync/push",
                "{\"event_type\": \"stock_update\", \"payload\": {\"n\": 1}, \"device_id\": \"till\"}");
    }

    private static void awaitNumbers() {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(prometheus.text("/actuator/prometheus"))
                .contains("serai_database_up 1.0", "serai_lag_seconds 0.0", "serai_ledger_balanced 1.0")
                .containsPattern("serai_changes_accepted_total \\d"));
    }

    /** Numbers are up to two seconds old. */
    private static void awaitDown(String path) {
        List<Duration> scrapes = new ArrayList<>();
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            long start = System.nanoTime();
            String metrics = prometheus.text(path);
            scrapes.add(Duration.ofNanos(System.nanoTime() - start));
            assertThat(metrics).contains("serai_database_up 0.0", "serai_lag_seconds NaN", "serai_ledger_balanced NaN",
                    "serai_changes{outcome=\"APPLIED\"} NaN", "serai_changes_accepted_total NaN");
        });
        assertThat(scrapes).allSatisfy(scrape -> assertThat(scrape).isLessThan(SCRAPE));
    }

    /** The server and all that it has started for its connections. */
    private static List<String> databaseProcesses() {
        ProcessHandle server = hub.databaseProcess().orElseThrow();
        return Stream.concat(Stream.of(server), server.descendants()).map(process -> Long.toString(process.pid())).toList();
    }

    private static List<String> signalDatabase(String signal, List<String> processes) throws IOException, InterruptedException {
        List<String> kill = new ArrayList<>(List.of("kill", "-" + signal));
        kill.addAll(processes);
        assertThat(new ProcessBuilder(kill).inheritIO().start().waitFor()).isZero();
        return processes;
    }
}
