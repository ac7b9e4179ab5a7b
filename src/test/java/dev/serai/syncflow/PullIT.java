package dev.serai.syncflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.Api;
import dev.serai.testing.HubProcess;
import dev.serai.testing.SourceServer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Pulls through the packaged hub, a process of its own, from a real HTTP source. */
class PullIT {

    /** 200,000, and five kills, for the issue's own numbers; fewer in every build. */
    private static final int RECORDS = Integer.getInteger("serai.it.records", 20_000);
    private static final int KILLS = Integer.getInteger("serai.it.kills", 3);

    private static final SourceServer SOURCE = new SourceServer();
    private static HubProcess hub;
    private static Api api;

    @BeforeAll
    static void start() {
        hub = HubProcess.onNewData().with("SERAI_CONNECTOR_URL", SOURCE.url()).start();
        api = new Api(() -> hub.baseUrl());
    }

    @AfterAll
    static void stop() {
        hub.close();
        SOURCE.close();
    }

    @Test
    void aSourceWithChildrenFirstBadRecordsAndFailuresEndsCompleteThoughTheHubIsKilledAgainAndAgain() {
        int half = RECORDS / 2;
        int bad = half / 1_000;
        SOURCE.table("chaos_orders", shuffled(IntStream.range(0, half).mapToObj(PullIT::order).toList()));
        SOURCE.table("chaos_lines", shuffled(IntStream.range(0, half).mapToObj(i -> i % 1_000 == 7 ? badLine(i) : line(i, half)).toList()));
        Random random = new Random(1);
        SOURCE.mood((table, page) -> {
            int draw = random.nextInt(20);
            if (draw == 0) {
                return 500;
            }
            if (draw == 1) {
                // The source is slow: it is not the test that waits.
                Thread.sleep(300);
            }
            return 200;
        });

        String lines = begin("chaos_lines", "\"parent\": {\"entity_name\": \"chaos_orders\", \"key_fields\": [\"order\"]}, ");
        String orders = begin("chaos_orders", "");
        for (int kill = 1; kill <= KILLS; kill++) {
            int reads = SOURCE.requests().size() + 3;
            await().atMost(Duration.ofSeconds(60)).until(() -> SOURCE.requests().size() >= reads || ended(lines) && ended(orders));
            hub.kill9();
            hub.restart();
        }

        await().atMost(Duration.ofMinutes(5)).until(() -> ended(lines) && ended(orders));
        await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> assertThat(total("/api/v1/monitoring/pending-children?page_size=1")).isZero());
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(status(lines).path("created").asInt()).isEqualTo(half - bad));
        assertThat(status(lines).path("status").asText()).isEqualTo("completed");
        assertThat(status(lines).path("total").asInt()).isEqualTo(half);
        assertThat(status(lines).path("failed").asInt()).isEqualTo(bad);
        assertThat(status(orders).path("created").asInt()).isEqualTo(half);
        assertThat(status(orders).path("total").asInt()).isEqualTo(half);
        assertThat(total("/api/v1/monitoring/failed-records?entity_name=chaos_lines&page_size=1")).isEqualTo(bad);
        assertBalanced();

        SOURCE.mood((table, page) -> 200);
        String again = begin("chaos_lines", "\"parent\": {\"entity_name\": \"chaos_orders\", \"key_fields\": [\"order\"]}, ");
        await().atMost(Duration.ofMinutes(2)).until(() -> ended(again));
        assertThat(status(again).path("unchanged").asInt()).isEqualTo(half - bad);
        assertThat(status(again).path("failed").asInt()).isEqualTo(bad);
        assertThat(status(again).path("created").asInt() + status(again).path("updated").asInt() + status(again).path("deleted").asInt()).isZero();
        assertThat(total("/api/v1/monitoring/failed-records?entity_name=chaos_lines&page_size=1")).isEqualTo(bad);
        assertThat(api.get("/api/v1/records/chaos_lines/l3").body().path("version").asInt()).isEqualTo(1);
        assertBalanced();
    }

    @Test
    void rowsThatAreOlderThanTheirRecordsAreCounted() {
        SOURCE.table("aging", List.of("{\"id\": \"a\", \"n\": 2, \"updated_at\": \"2026-01-02T00:00:00Z\"}",
                "{\"id\": \"b\", \"n\": 2, \"updated_at\": \"2026-01-02T00:00:00Z\"}"));
        assertThat(finish(begin("aging", "")).path("superseded").asInt(-1)).isZero();

        SOURCE.table("aging", List.of("{\"id\": \"a\", \"n\": 1, \"updated_at\": \"2026-01-01T00:00:00Z\"}",
                "{\"id\": \"b\", \"n\": 3, \"updated_at\": \"2026-01-03T00:00:00Z\"}"));
        JsonNode older = finish(begin("aging", ""));

        assertThat(older.path("superseded").asInt()).isEqualTo(1);
        assertThat(older.path("updated").asInt()).isEqualTo(1);
        assertThat(api.get("/api/v1/records/aging/a").body().at("/data/n").asInt()).isEqualTo(2);
    }

    @Test
    void aFullPullDeletesWhatIsGoneButNotTooMuchAtOnce() {
        List<String> all = IntStream.range(0, 100).mapToObj(PullIT::order).toList();
        SOURCE.table("shrinking", all);
        finish(begin("shrinking", ""));

        SOURCE.table("shrinking", all.subList(0, 90));
        JsonNode some = finish(begin("shrinking", ""));
        assertThat(some.path("deleted").asInt()).isEqualTo(10);
        assertThat(some.path("unchanged").asInt()).isEqualTo(90);
        assertThat(api.get("/api/v1/records/shrinking/o95").status()).isEqualTo(404);
        assertThat(api.get("/api/v1/records/shrinking/o95/versions").body().path("items").size()).isEqualTo(2);

        SOURCE.table("shrinking", all.subList(0, 20));
        JsonNode tooMany = finish(begin("shrinking", ""));
        assertThat(tooMany.path("status").asText()).isEqualTo("failed");
        assertThat(tooMany.path("error_message").asText()).contains("70 of the 90").contains("allow_mass_delete");
        assertThat(tooMany.path("deleted").asInt()).isZero();

        assertThat(finish(begin("shrinking", "\"allow_mass_delete\": true, ")).path("deleted").asInt()).isEqualTo(70);
        SOURCE.table("shrinking", all);
        assertThat(finish(begin("shrinking", "")).path("created").asInt()).isEqualTo(80);
        assertBalanced();
    }

    @Test
    void aMalformedPageEndsTheRunAndSaysWhichOneAndTheNextIncrementalRunLosesNoRowThatMovedUp() {
        SOURCE.table("half_broken", IntStream.range(0, 10).mapToObj(i -> i == 7 ? "{\"id\": \"o7\", " : order(i)).toList());
        JsonNode failed = finish(begin("half_broken", "\"page_size\": 2, ", "incremental"));
        assertThat(failed.path("status").asText()).isEqualTo("failed");
        assertThat(failed.path("error_message").asText()).contains("Page 4 of half_broken").contains("not valid JSON");
        assertThat(failed.path("created").asInt()).isEqualTo(6);
        assertThat(failed.path("error_message").asText()).contains("Start it again: it begins at page 1");

        SOURCE.table("half_broken", IntStream.range(1, 10).mapToObj(PullIT::order).toList());
        JsonNode resumed = finish(begin("half_broken", "\"page_size\": 2, ", "incremental"));
        assertThat(resumed.path("status").asText()).isEqualTo("completed");
        assertThat(resumed.path("total").asInt()).isEqualTo(9);
        assertThat(resumed.path("created").asInt()).as("o6 is where the last one was read before").isEqualTo(4);
    }

    @Test
    void anIncrementalRunAsksForWhatChangedSinceTheLastOneWithAnOverlap() {
        SOURCE.table("fresh", List.of("{\"id\": \"a\", \"updated_at\": \"2025-03-01T10:00:00Z\"}"));
        finish(begin("fresh", "", "incremental"));
        finish(begin("fresh", "", "incremental"));

        List<String> asked = SOURCE.requests().stream().filter(r -> r.startsWith("/fresh")).toList();
        assertThat(asked.get(asked.size() - 1)).contains("updated_since=2025-03-01T09:59:00Z");
        assertThat(asked.get(0)).doesNotContain("updated_since");
    }

    @Test
    void aRunIsStoppedAndTheSameEntityIsNotSyncedTwiceAtOnce() {
        SOURCE.table("slow", IntStream.range(0, 1_000).mapToObj(PullIT::order).toList());
        SOURCE.mood((table, page) -> {
            if (table.equals("slow")) {
                // The source is slow, so that its run is still going on when it is stopped.
                Thread.sleep(200);
            }
            return 200;
        });
        String run = begin("slow", "\"page_size\": 5, ");
        assertThat(api.post("/api/v1/sync/start", request("slow", "", "full")).status()).isEqualTo(409);

        assertThat(api.post("/api/v1/sync/stop/" + run, "{}").body().path("success").asBoolean()).isTrue();
        assertThat(finish(run).path("status").asText()).isEqualTo("cancelled");
        assertThat(api.post("/api/v1/sync/stop/" + run, "{}").status()).isEqualTo(400);
        assertThat(api.post("/api/v1/sync/stop/nobody", "{}").status()).isEqualTo(404);
    }

    @Test
    void aRecordIsFoundByItsKeyWhateverCharactersThatHas() {
        List<String> keys = List.of("a/b", "a b", "a+b", "ü", "100%", "a%2Fb", "a:b", "a;b=c", "a?b#c", "..", "100%25");
        SOURCE.table("odd_keys", keys.stream().map(key -> "{\"id\": \"" + key + "\"}").toList());
        assertThat(finish(begin("odd_keys", "")).path("created").asInt()).isEqualTo(keys.size());

        for (String key : keys) {
            String path = "/api/v1/records/odd_keys/" + URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20").replace("..", "%2E%2E");
            Api.Answer record = api.get(path);
            if (key.equals("..") || key.contains(";")) {
                // Somewhere on the way they would mean something else: two dots lead up, a semicolon ends the segment.
                assertThat(record.status()).as(path).isEqualTo(400);
                assertThat(record.body().path("detail").asText()).as(path).isNotBlank();
                continue;
            }
            assertThat(record.status()).as(path).isEqualTo(200);
            assertThat(record.body().path("key").asText()).isEqualTo(key);
            assertThat(record.body().path("data").path("id").asText()).isEqualTo(key);
            assertThat(api.get(path + "/versions").body().path("items").size()).as(path).isEqualTo(1);
        }
    }

    @Test
    void anUnknownSlugIsNotFoundAndBadInputIsNamed() {
        SOURCE.table("known", List.of());
        assertThat(api.post("/api/v1/sync/start", request("no_such_table", "", "full")).status()).isEqualTo(404);
        assertThat(api.post("/api/v1/sync/start", "{\"connector_api_slug\": \"known\"}").status()).isEqualTo(422);
        assertThat(api.post("/api/v1/sync/start", "{\"entity_name\": \"x\", \"connector_api_slug\": \"known\"}").body().path("detail").path(0)
                .path("loc").path(1).asText()).isEqualTo("business_key_fields");
        assertThat(api.post("/api/v1/sync/start", "{\"entity_name\": \"x\", \"connector_api_slug\": \"known\", \"business_key_fields\": [\"id\", \"id\"]}")
                .body().path("detail").path(0).path("type").asText()).isEqualTo("value_error.uniqueItems");
        assertThat(api.post("/api/v1/sync/start", """
                {"entity_name": "nulls", "connector_api_slug": "known", "business_key_fields": ["id"], "page_size": null, "max_pages": null,
                 "parent": null, "modified_field": null, "allow_mass_delete": null}""").status()).as("null is like missing").isEqualTo(202);
        assertThat(api.get("/api/v1/sync/status/nobody").status()).isEqualTo(404);
        assertThat(api.send("POST", "/api/v1/sync/retry-failed", null, null).body().path("retried").isInt()).as("the body is optional").isTrue();
    }

    private static List<String> shuffled(List<String> records) {
        List<String> shuffled = new ArrayList<>(records);
        Collections.shuffle(shuffled, new Random(7));
        return shuffled;
    }

    private static String order(int i) {
        return "{\"id\": \"o" + i + "\", \"customer\": \"Customer " + i + "\", \"total\": " + i + ".5, \"updated_at\": \"2025-01-01T00:00:00Z\"}";
    }

    private static String line(int i, int orders) {
        return "{\"id\": \"l" + i + "\", \"order\": \"o" + (i * 31L % orders) + "\", \"text\": \"Line number " + i + "\"}";
    }

    private static String badLine(int i) {
        return "{\"order\": \"o" + i + "\", \"text\": \"Line " + i + " has no id\"}";
    }

    private static String begin(String table, String more) {
        return begin(table, more, "full");
    }

    private static String begin(String table, String more, String type) {
        Api.Answer answer = api.post("/api/v1/sync/start", request(table, more, type));
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(202);
        return answer.body().path("batch_uid").asText();
    }

    private static String request(String table, String more, String type) {
        return "{\"entity_name\": \"" + table + "\", \"connector_api_slug\": \"" + table + "\", " + more
                + "\"business_key_fields\": [\"id\"], \"sync_type\": \"" + type + "\"}";
    }

    private static JsonNode finish(String run) {
        await().atMost(Duration.ofSeconds(60)).until(() -> ended(run));
        return status(run);
    }

    private static boolean ended(String run) {
        return !List.of("pending", "running").contains(status(run).path("status").asText());
    }

    private static JsonNode status(String run) {
        return api.get("/api/v1/sync/status/" + run).body();
    }

    private static int total(String path) {
        return api.get(path).body().path("total").asInt(-1);
    }

    private static void assertBalanced() {
        JsonNode ledger = api.get("/api/v1/ledger").body();
        assertThat(ledger.path("balanced").asBoolean()).as(ledger.toString()).isTrue();
    }
}
