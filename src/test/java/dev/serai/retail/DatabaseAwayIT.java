package dev.serai.retail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.retail.RetailClient.Answer;
import dev.serai.testing.HubProcess;
import dev.serai.testing.SourceServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The embedded database is killed under a hub at work, and does not come back at once. */
class DatabaseAwayIT {

    private static final int DEVICES = 8;
    private static final int EACH = 100;
    private static final int RECORDS = 1_000;

    private final CountDownLatch killed = new CountDownLatch(1);
    private final Queue<Answer> refusals = new ConcurrentLinkedQueue<>();
    private final Set<Long> eventIds = ConcurrentHashMap.newKeySet();

    @Test
    void callersAreToldToComeAgainAndAllWorkGoesOnWhenTheHubHasStartedItsDatabaseAgain() throws Exception {
        try (SourceServer source = new SourceServer();
                HubProcess hub = HubProcess.onNewData().with("SERAI_CONNECTOR_URL", source.url()).start()) {
            RetailClient client = new RetailClient(hub::baseUrl);
            String run = beginPull(source, client);
            ExecutorService threads = Executors.newFixedThreadPool(DEVICES);
            List<CompletableFuture<Void>> devices = IntStream.range(0, DEVICES)
                    .mapToObj(d -> CompletableFuture.runAsync(() -> pushAll("dev-" + d, client), threads)).toList();
            await().atMost(Duration.ofSeconds(30)).until(() -> eventIds.size() > DEVICES * EACH / 4);

            Path settings = hub.data().resolve("postgres/postgresql.conf");
            Path aside = settings.resolveSibling("postgresql.aside");
            Files.move(settings, aside);
            hub.databaseProcess().orElseThrow().destroyForcibly();
            killed.countDown();
            assertThatFacesAnswerClearly(client);
            Files.move(aside, settings);

            CompletableFuture.allOf(devices.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
            threads.shutdown();
            // None where the database was back before they had waited long enough.
            assertThat(refusals).allSatisfy(DatabaseAwayIT::assertToldToComeAgain);
            assertThat(eventIds).hasSize(DEVICES * EACH);
            assertThat(pullAll(client)).hasSize(DEVICES * EACH).doesNotHaveDuplicates();
            assertThat(client.get("/api/v1/monitoring/health/detailed").status()).isEqualTo(200);
            await().atMost(Duration.ofSeconds(30)).until(() -> !List.of("pending", "running").contains(status(client, run).path("status").asText()));
            assertThat(status(client, run).path("status").asText()).isEqualTo("completed");
            assertThat(status(client, run).path("created").asInt()).isEqualTo(RECORDS);
            JsonNode ledger = client.get("/api/v1/ledger").body();
            assertThat(ledger.path("balanced").asBoolean()).as("%s", ledger).isTrue();
            assertThat(ledger.path("total").path("APPLIED").asInt()).isEqualTo(DEVICES * EACH + RECORDS);
            assertThat(hub.log()).doesNotContain("\tat ", "ERROR");
        }
    }

    /** The pull is half way when the database is killed. */
    private String beginPull(SourceServer source, RetailClient client) {
        source.table("parts", IntStream.range(0, RECORDS).mapToObj(i -> "{\"id\": \"p" + i + "\", \"name\": \"Part " + i + "\"}").toList());
        source.mood((table, page) -> {
            if (page > 5) {
                killed.await();
            }
            return 200;
        });
        Answer started = client.post("/api/v1/sync/start", "{\"entity_name\": \"parts\", \"connector_api_slug\": \"parts\","
                + " \"business_key_fields\": [\"id\"], \"sync_type\": \"full\", \"page_size\": 50}");
        assertThat(started.status()).as(started.http().body()).isEqualTo(202);
        return started.body().path("batch_uid").asText();
    }

    /** The first device keeps half of its events for the time without a database, however fast the others are. */
    private void pushAll(String device, RetailClient client) {
        for (int n = 0; n < EACH; n++) {
            if (n == EACH / 2 && device.equals("dev-0")) {
                awaitKill();
            }
            String event = RetailClient.event(device, n);
            Answer answer = client.post("/sync/push", event, "Idempotency-Key", device + "/" + n);
            while (answer.status() != 202) {
                refusals.add(answer);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                answer = client.post("/sync/push", event, "Idempotency-Key", device + "/" + n);
            }
            eventIds.add(answer.body().path("event_id").asLong());
        }
    }

    private void awaitKill() {
        try {
            killed.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertThatFacesAnswerClearly(RetailClient client) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertToldToComeAgain(client.get("/sync/pull?device_id=reader")));
        Answer health = client.get("/api/v1/monitoring/health/detailed");
        assertThat(health.status()).isEqualTo(503);
        assertThat(health.body().path("components").path("database").path("status").asText()).isEqualTo("unhealthy");
        assertThat(client.get("/api/ping").status()).isEqualTo(200);
        assertToldToComeAgain(client.get("/api/v1/ledger"));
        assertToldToComeAgain(client.post("/sync/push", RetailClient.event("refused", 1), "Idempotency-Key", "refused/1"));
        // Credentials that only the database knows: the filter that asks for them fails, not the face.
        Answer store = client.get("/v1/stores/store_456/sync/status", "Authorization", "Bearer srt_of-a-store");
        assertThat(store.status()).isEqualTo(503);
        assertThat(store.header("Retry-After")).isNotBlank();
        assertThat(store.body().path("error").path("code").asText()).isEqualTo("UNAVAILABLE");
        Answer product = client.post("/api/pms/products", "{\"id\": \"mug\", \"name\": \"Mug\", \"price\": 1}", "X-API-Key", "demo-api-key",
                "Idempotency-Key", "mug");
        assertThat(product.status()).as(product.http().body()).isEqualTo(503);
        assertThat(product.header("Retry-After")).isNotBlank();
        assertThat(product.body().path("error").path("code").asText()).isEqualTo("UNAVAILABLE");
    }

    private static void assertToldToComeAgain(Answer answer) {
        assertThat(answer.status()).as(answer.http().body()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isNotBlank();
        assertThat(answer.body().path("detail").isTextual()).isTrue();
    }

    private static JsonNode status(RetailClient client, String run) {
        return client.get("/api/v1/sync/status/" + run).body();
    }

    /** By device and its number of each event that waits for a reader. */
    private static List<String> pullAll(RetailClient client) {
        List<String> events = new ArrayList<>();
        Set<String> cursors = new HashSet<>();
        String cursor = "0";
        while (cursors.add(cursor)) {
            JsonNode page = client.get("/sync/pull?device_id=reader&cursor=" + cursor).body();
            page.path("events").forEach(event -> events.add(event.path("device_id").asText() + "/" + event.path("payload").path("n")));
            cursor = page.path("next_cursor").asText(cursor);
        }
        return events;
    }
}
