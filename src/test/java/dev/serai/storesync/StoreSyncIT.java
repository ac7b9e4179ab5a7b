package dev.serai.storesync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.testing.Api;
import dev.serai.testing.Api.Answer;
import dev.serai.testing.HubProcess;
import dev.serai.testing.SourceServer;
import dev.serai.testing.StoreEndpoint;
import dev.serai.testing.StoreEndpoint.Reply;
import dev.serai.testing.TestDatabase;
import dev.serai.webhook.StandardWebhooks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** Stores that sync with two hubs on one database, over real HTTP and WebSockets, from a real source and to a real endpoint. */
class StoreSyncIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SECRET = "webhook_secret_123";

    private static final Pattern METRIC = Pattern.compile("\\b(serai|hikaricp|logback)_\\w+");

    private static final TestDatabase DATABASE = TestDatabase.create();
    private static final SourceServer SOURCE = new SourceServer();
    private static final StoreEndpoint ENDPOINT = new StoreEndpoint();
    private static final StoreEndpoint ALERTS = new StoreEndpoint();
    private static HubProcess hub;
    private static HubProcess other;
    private static Api admin;

    @BeforeAll
    static void start() {
        hub = hub();
        other = hub();
        HubProcess.start(hub, other);
        admin = new Api(() -> hub.baseUrl()).with("Authorization", "Bearer demo-token");
    }

    private static HubProcess hub() {
        return HubProcess.onNewData()
                .with("SERAI_DB_URL", DATABASE.url())
                .with("SERAI_DB_USER", DATABASE.user())
                .with("SERAI_DB_PASSWORD", DATABASE.password())
                .with("SERAI_DB_POOL_SIZE", "12")
                .with("SERAI_BIND", "127.0.0.1")
                .with("SERAI_DEMO", "true")
                .with("SERAI_SECRET_KEY", "a key for tests, 32 characters long")
                .with("SERAI_DELIVERY_ALLOW", "127.0.0.0/8")
                .with("SERAI_CONNECTOR_URL", SOURCE.url())
                .with("SERAI_ALERT_URL", ALERTS.uri().toString())
                .with("SERAI_ALERT_SECRET", "a secret for alerts")
                .with("SERAI_ALERTS_PERIOD", "1000");
    }

    @AfterAll
    static void stop() {
        hub.close();
        other.close();
        SOURCE.close();
        ENDPOINT.close();
        ALERTS.close();
        DATABASE.close();
    }

    @Test
    void theDocumentsTriggerIsAJobThatEndsCompletedAndStandsInTheHistory() {
        configure("store_456", "products", "orders");
        Answer queued = admin.post("/v1/stores/store_456/sync/trigger", """
                {"entities": ["products", "orders"], "sync_type": "incremental", "priority": "high",
                 "options": {"force_full_sync": false, "validate_data": true, "resolve_conflicts": true}}""");

        assertThat(queued.status()).as(queued.body().toString()).isEqualTo(202);
        JsonNode data = queued.body().path("data");
        assertThat(names(data)).containsExactly("sync_job_id", "status", "estimated_duration", "entities_to_sync", "queue_position");
        assertThat(data.path("status").asText()).isEqualTo("queued");
        assertThat(data.path("estimated_duration").asText()).isEqualTo("unknown");
        assertThat(data.path("entities_to_sync")).hasSize(2);
        assertThat(data.path("queue_position").asInt()).isPositive();

        JsonNode job = ended(data.path("sync_job_id").asText());
        assertThat(job.path("status").asText()).isEqualTo("completed");
        assertThat(names(job)).contains("job_id", "store_id", "status", "started_at", "progress", "results", "estimated_completion");
        assertThat(names(job.path("progress"))).containsExactly("total_entities", "completed_entities", "percentage", "current_entity",
                "records_processed", "records_total");
        assertThat(job.at("/progress/percentage").asDouble()).isEqualTo(100);
        assertThat(job.at("/progress/completed_entities").asInt()).isEqualTo(2);
        assertThat(names(job.at("/results/products"))).startsWith(
                "status", "records_synced", "records_updated", "records_created", "conflicts_resolved", "errors");

        JsonNode entry = admin.get("/v1/stores/store_456/sync/history?trigger=manual").body().at("/data/0");
        assertThat(names(entry)).containsExactly(
                "sync_id", "started_at", "completed_at", "status", "trigger", "entities_synced", "summary");
        assertThat(entry.path("sync_id")).isEqualTo(data.path("sync_job_id"));
        assertThat(entry.path("status").asText()).isEqualTo("success");
        assertThat(names(entry.at("/entities_synced/0"))).containsExactly(
                "type", "records_processed", "records_updated", "records_created", "duration");
        assertThat(names(entry.path("summary"))).containsExactly("total_records", "successful", "failed", "conflicts");

        Answer again = admin.post("/v1/stores/store_456/sync/trigger", "{}");
        assertThat(again.body().at("/data/estimated_duration").asText()).matches("\\d+(-\\d+)? (second|minute|hour)s?");
        ended(again.body().at("/data/sync_job_id").asText());
        assertThat(ENDPOINT.received()).extracting(r -> r.body().path("event").asText()).contains("sync.requested");
    }

    @Test
    void webhooksAreOneSyncOfTheHistoryAndTheStatusCountsWhatTheyBrought() {
        configure("webhooks", "products", "orders");
        for (int i = 0; i < 5; i++) {
            webhook("webhooks", "products", "{\"id\": \"w" + i + "\", \"price\": " + i + "}");
        }

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            JsonNode history = admin.get("/v1/stores/webhooks/sync/history?trigger=webhook&entity_type=products").body();
            assertThat(history.at("/pagination/total").asInt()).isEqualTo(1);
            assertThat(history.at("/data/0/summary/total_records").asInt()).isEqualTo(5);
            assertThat(history.at("/data/0/entities_synced/0/records_created").asInt()).isEqualTo(5);
        });
        JsonNode sync = admin.get("/v1/stores/webhooks/sync/history?trigger=webhook&entity_type=products").body().at("/data/0");
        JsonNode job = admin.get("/v1/sync/jobs/" + sync.path("sync_id").asText()).body().path("data");
        assertThat(job.path("job_id")).isEqualTo(sync.path("sync_id"));
        assertThat(job.path("status").asText()).isEqualTo("completed");
        assertThat(job.at("/progress/records_processed")).isEqualTo(sync.at("/entities_synced/0/records_processed"));
        JsonNode status = admin.get("/v1/stores/webhooks/sync/status").body().path("data");
        assertThat(names(status)).containsExactly("store_id", "overall_status", "last_sync", "next_sync", "entities", "sync_health");
        assertThat(status.path("overall_status").asText()).isEqualTo("healthy");
        assertThat(status.path("next_sync").asText()).isEqualTo("real_time");
        assertThat(names(status.at("/entities/0"))).containsExactly(
                "type", "status", "last_sync", "records_count", "pending_changes", "conflicts");
        assertThat(status.at("/entities/0/status").asText()).isEqualTo("synced");
        assertThat(status.at("/entities/0/records_count").asInt()).isEqualTo(5);
        assertThat(status.at("/entities/1/status").asText()).isEqualTo("never_synced");
        assertThat(names(status.path("sync_health"))).startsWith("success_rate", "avg_sync_time", "error_count_24h");
        assertThat(status.at("/sync_health/success_rate").asDouble()).isEqualTo(100);
        assertThat(status.at("/sync_health/avg_sync_time").asText()).matches("\\d+\\.\\ds");

        JsonNode metrics = admin.get("/v1/monitoring/metrics").body().at("/data/metrics");
        assertThat(names(metrics)).containsExactly(
                "sync_success_rate", "avg_sync_duration", "conflicts_per_day", "data_drift_percentage", "webhook_delivery_rate");
        assertThat(admin.get("/v1/stores/webhooks/sync/history?start_date=" + Instant.now().plusSeconds(3600)).body().path("data")).isEmpty();
        assertThat(admin.get("/v1/stores/webhooks/sync/history?start_date=2024-01-02&end_date=2024-01-01").status()).isEqualTo(422);
        assertThat(admin.get("/v1/stores/webhooks/sync/history?start_date=yesterday").status()).isEqualTo(422);
    }

    @Test
    void aPausedStoresWebhooksWaitAndAreAppliedInOrderWhenItIsResumed() {
        configure("resting", "products");
        admin.post("/v1/stores/resting/sync/pause", "{}");
        webhook("resting", "products", "{\"id\": \"rest1\", \"price\": 1, \"updated_at\": \"2026-01-01T00:00:00Z\"}");
        webhook("resting", "products", "{\"id\": \"rest1\", \"price\": 2, \"updated_at\": \"2026-01-01T00:00:01Z\"}");

        JsonNode status = admin.get("/v1/stores/resting/sync/status").body().path("data");
        assertThat(status.path("overall_status").asText()).isEqualTo("paused");
        assertThat(status.at("/entities/0/pending_changes").asInt()).isEqualTo(2);
        assertThat(admin.get("/api/v1/records/products/rest1").status()).isEqualTo(404);
        assertThatWhatIsPutAsideIsNoLag();

        admin.post("/v1/stores/resting/sync/resume", "{}");
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() ->
                assertThat(admin.get("/api/v1/records/products/rest1").body().at("/data/price").asInt()).isEqualTo(2));
        assertThat(admin.get("/v1/stores/resting/sync/status").body().at("/data/entities/0/pending_changes").asInt()).isZero();
    }

    /** Nobody is late with changes that a person has told to wait. */
    private static void assertThatWhatIsPutAsideIsNoLag() {
        JdbcTemplate jdbc = new JdbcTemplate(DATABASE.dataSource());
        await().until(() -> jdbc.update("UPDATE pending SET accepted_at = accepted_at - interval '1 hour' WHERE bucket < 0") == 2);
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(admin.text("/api/v1/monitoring/metrics/prometheus"))
                .containsPattern("serai_changes_waiting ([2-9]|\\d\\d)").containsPattern("serai_lag_seconds \\d{1,3}\\."));
        // By its time a change is found in the journal.
        jdbc.update("UPDATE pending SET accepted_at = accepted_at + interval '1 hour' WHERE bucket < 0");
    }

    @Test
    void anEntityIsNotSyncedTwiceAtOnceAndAnotherOneIs() {
        configure("busy", "products", "orders");
        ENDPOINT.answering(request -> {
            if ("busy".equals(request.body().path("store_id").asText())) {
                pause();
            }
            return new Reply(204, Map.of());
        });
        String job = admin.post("/v1/stores/busy/sync/trigger", "{\"entities\": [\"products\"]}").body().at("/data/sync_job_id").asText();

        Answer second = admin.post("/v1/stores/busy/sync/trigger", "{\"entities\": [\"orders\", \"products\"]}");
        assertThat(second.status()).isEqualTo(409);
        assertThat(second.body().at("/error/message").asText()).contains("products");
        Answer unknown = admin.post("/v1/stores/busy/sync/trigger", "{\"entities\": [\"customers\"]}");
        assertThat(unknown.status()).isEqualTo(422);
        assertThat(unknown.body().at("/error/details/0/loc/1").asText()).isEqualTo("entities");
        assertThat(admin.post("/v1/stores/busy/sync/trigger", "{\"priority\": \"at once\"}").status()).isEqualTo(422);
        ended(job);
        assertThat(admin.get("/v1/sync/jobs/job_none").status()).isEqualTo(404);
        assertThat(admin.get("/v1/sync/jobs/job_" + UUID.randomUUID()).status()).isEqualTo(404);
        assertThat(store("another").get("/v1/sync/jobs/" + job).status()).isEqualTo(404);
        assertThat(store("busy").get("/v1/sync/jobs/" + job).status()).isEqualTo(200);
    }

    /** What a slow source does before it answers. */
    private static void pause() {
        try {
            Thread.sleep(1500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aStoreWithAConnectorIsPulledByTheJobAndAFailedPullRaisesAnAlertThatIsTold() {
        SOURCE.table("shop_products", IntStream.range(0, 2500).mapToObj(i -> "{\"id\": \"sp" + i + "\", \"price\": " + i + "}").toList());
        configure("shop", "{\"type\": \"shop_products\", \"connector\": \"shop_products\"}");
        Frames frames = connect(other, "/v1/stores/shop/sync/events/stream?access_token=demo-token");

        JsonNode job = ended(admin.post("/v1/stores/shop/sync/trigger", "{\"sync_type\": \"full\"}").body().at("/data/sync_job_id").asText());

        assertThat(job.at("/results/shop_products/records_created").asInt()).isEqualTo(2500);
        assertThat(job.at("/progress/percentage").asDouble()).isEqualTo(100);
        assertThat(admin.get("/v1/stores/shop/sync/status").body().at("/data/entities/0/records_count").asInt()).isEqualTo(2500);
        frames.await("sync_started", "sync_completed");
        assertThat(frames.of("sync_started").at("/data/trigger").asText()).isEqualTo("manual");
        assertThat(frames.of("sync_completed").at("/data/records_synced").asInt()).isEqualTo(2500);

        SOURCE.mood((table, page) -> table.equals("shop_products") ? 403 : 200);
        JsonNode failed = ended(admin.post("/v1/stores/shop/sync/trigger", "{}").body().at("/data/sync_job_id").asText());

        assertThat(failed.path("status").asText()).isEqualTo("failed");
        assertThat(failed.at("/results/shop_products/error_message").asText()).contains("403");
        frames.await("alert_raised");
        assertThat(frames.of("alert_raised").at("/data/condition").asText()).isEqualTo("sync_failure_rate");
        JsonNode alert = admin.get("/v1/monitoring/alerts?status=active&store_id=shop").body().at("/data/0");
        assertThat(alert.path("value").asDouble()).isEqualTo(50);
        assertThat(admin.get("/v1/stores/shop/sync/status").body().at("/data/overall_status").asText()).isEqualTo("degraded");
        assertThat(store("webhooks").get("/v1/monitoring/alerts").body().path("data")).isEmpty();
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(ALERTS.received())
                .extracting(r -> r.body().at("/data/store_id").asText() + " " + r.body().path("event").asText())
                .containsOnlyOnce("shop alert_raised"));
        assertThat(ALERTS.received().get(0).header("webhook-signature")).startsWith("v1,");
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(
                new Api(() -> hub.baseUrl()).with("Authorization", "Bearer demo-token").text("/actuator/prometheus"))
                .contains("serai_alert_active{condition=\"sync_failure_rate\",store=\"shop\"} 1.0"));
        assertThatPrometheusHasWhatItsRulesNeed();

        new JdbcTemplate(DATABASE.dataSource()).update("DELETE FROM store_slot WHERE store_id = 'shop'");
        frames.await("alert_cleared");
    }

    /** All but the room in the data directory, which only a hub with an embedded database has. */
    private static void assertThatPrometheusHasWhatItsRulesNeed() {
        String metrics = admin.text("/actuator/prometheus");
        Set<String> needed = rulesOfPrometheus().flatMap(rule -> METRIC.matcher(rule).results().map(MatchResult::group))
                .filter(name -> !name.equals("serai_data_free_bytes")).collect(Collectors.toSet());
        assertThat(needed).hasSizeGreaterThan(10)
                .allSatisfy(name -> assertThat(metrics).containsPattern("(?m)^" + name + "[{ ]"));
    }

    private static Stream<String> rulesOfPrometheus() {
        try {
            return Files.readAllLines(Path.of("docker/prometheus-rules.yml")).stream().map(String::strip).filter(line -> line.startsWith("expr:"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aClientThatComesBackGetsWhatItMissedFromWhicheverHub() {
        configure("stream", "products");
        Frames first = connect(hub, "/v1/stores/stream/sync/events/stream", "Authorization", "Bearer demo-token");
        ended(admin.post("/v1/stores/stream/sync/trigger", "{}").body().at("/data/sync_job_id").asText());
        first.await("sync_started", "sync_completed");
        String last = first.of("sync_started").path("id").asText();
        assertThat(last).matches("\\d+");
        first.close();

        Frames resumed = connect(other, "/v1/stores/stream/sync/events/stream?access_token=demo-token&last_event_id=" + last);
        resumed.await("sync_completed");
        assertThat(resumed.events()).containsExactly("sync_completed");
        Frames byHeader = connect(other, "/v1/stores/stream/sync/events/stream", "Authorization", "Bearer demo-token", "Last-Event-ID", "0");
        byHeader.await("sync_started", "sync_completed");
    }

    @Test
    void aStreamIsForThoseOnlyWhoMaySeeTheStore() {
        configure("private", "products");
        String path = "/v1/stores/private/sync/events/stream";

        assertRefused(401, path);
        assertRefused(401, path + "?access_token=wrong");
        assertRefused(404, path, "Authorization", "Bearer " + token("webhooks"));
        assertRefused(404, "/v1/stores/nobody/sync/events/stream?access_token=demo-token");
        assertRefused(403, path + "?access_token=demo-token", "Origin", "https://evil.example");
        assertRefused(422, path + "?access_token=demo-token&last_event_id=yesterday");
        connect(hub, path, "Authorization", "Bearer " + token("private")).close();
    }

    @Test
    void aScheduleStartsOneSyncHoweverManyHubsThereAre() {
        configure("timed", "products");
        admin.post("/v1/stores/timed/sync/configure", "{\"sync_frequency\": \"high\"}");
        JdbcTemplate jdbc = new JdbcTemplate(DATABASE.dataSource());

        int due = jdbc.update("UPDATE qrtz_triggers SET next_fire_time = ? WHERE trigger_group = 'stores' AND trigger_name = 'timed'",
                System.currentTimeMillis());

        assertThat(due).isEqualTo(1);
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                admin.get("/v1/stores/timed/sync/history?trigger=scheduled").body().at("/pagination/total").asInt()).isEqualTo(1));
        assertThat(jdbc.queryForObject("SELECT count(*) FROM run WHERE store_id = 'timed' AND trigger = 'scheduled'", Integer.class)).isEqualTo(1);
    }

    private static void configure(String store, String... entities) {
        StringBuilder list = new StringBuilder();
        for (String entity : entities) {
            list.append(list.isEmpty() ? "" : ", ").append(entity.startsWith("{") ? entity : "{\"type\": \"" + entity + "\"}");
        }
        Answer answer = admin.post("/v1/stores/" + store + "/sync/configure", "{\"entities\": [" + list + "], \"webhook_config\": "
                + "{\"endpoint\": \"" + ENDPOINT.uri() + "\", \"secret\": \"" + SECRET + "\"}}");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    }

    private static void webhook(String store, String entity, String body) {
        Api signed = new Api(() -> hub.baseUrl());
        Map<String, String> headers = StandardWebhooks.sign(
                "msg_" + UUID.randomUUID(), Instant.now(), body.getBytes(StandardCharsets.UTF_8), List.of(SECRET));
        for (Map.Entry<String, String> header : headers.entrySet()) {
            signed = signed.with(header.getKey(), header.getValue());
        }
        Answer answer = signed.post("/v1/webhooks/" + store + "/" + entity, body);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(202);
    }

    private static JsonNode ended(String job) {
        await().atMost(Duration.ofSeconds(60)).until(() -> List.of("completed", "failed", "partial")
                .contains(admin.get("/v1/sync/jobs/" + job).body().at("/data/status").asText()));
        return admin.get("/v1/sync/jobs/" + job).body().path("data");
    }

    private static String token(String storeId) {
        return admin.post("/v1/access/tokens",
                        "{\"name\": \"test\", \"role\": \"store\", \"store_id\": \"" + storeId + "\", \"expires_in_days\": 1}")
                .body().at("/data/token").asText();
    }

    private static Api store(String storeId) {
        return new Api(() -> hub.baseUrl()).with("Authorization", "Bearer " + token(storeId));
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static void assertRefused(int status, String path, String... headers) {
        assertThatThrownBy(() -> connect(hub, path, headers)).isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(WebSocketHandshakeException.class)
                .satisfies(e -> assertThat(((WebSocketHandshakeException) e.getCause()).getResponse().statusCode()).isEqualTo(status));
    }

    private static Frames connect(HubProcess to, String path, String... headers) {
        Frames frames = new Frames();
        WebSocket.Builder builder = HttpClient.newHttpClient().newWebSocketBuilder();
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        frames.socket = builder.buildAsync(URI.create(to.baseUrl().replace("http:", "ws:") + path), frames).join();
        return frames;
    }

    /** What a client of the stream was told. */
    private static final class Frames implements WebSocket.Listener {

        private final List<JsonNode> frames = new CopyOnWriteArrayList<>();
        private final StringBuilder text = new StringBuilder();
        private WebSocket socket;

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                try {
                    frames.add(JSON.readTree(text.toString()));
                } catch (JsonProcessingException e) {
                    throw new IllegalStateException(e);
                }
                text.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        List<String> events() {
            return frames.stream().map(frame -> frame.path("event").asText()).toList();
        }

        JsonNode of(String event) {
            return frames.stream().filter(frame -> frame.path("event").asText().equals(event)).findFirst().orElseThrow();
        }

        void await(String... events) {
            org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(events()).contains(events));
            assertThat(frames).allSatisfy(frame -> assertThat(frame.path("id").asText()).matches("\\d+"));
        }

        void close() {
            socket.abort();
        }
    }
}
