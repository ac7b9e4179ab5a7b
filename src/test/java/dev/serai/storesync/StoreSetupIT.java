package dev.serai.storesync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.Api;
import dev.serai.testing.Api.Answer;
import dev.serai.testing.HubProcess;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Configuring stores over real HTTP, on a hub as an operator starts it. */
class StoreSetupIT {

    /** The document's own example. */
    static final String CONFIGURE = """
            {
              "sync_frequency": "real_time",
              "entities": [
                {
                  "type": "products",
                  "direction": "bidirectional",
                  "conflict_resolution": "last_write_wins",
                  "fields": ["title", "price", "inventory", "description"]
                },
                {
                  "type": "orders",
                  "direction": "to_platform",
                  "fields": ["status", "total", "customer_info"]
                }
              ],
              "webhook_config": {
                "endpoint": "https://store.example.com/webhooks/sync",
                "secret": "webhook_secret_123"
              }
            }""";

    private static HubProcess hub;
    private static Api admin;

    @BeforeAll
    static void start() {
        hub = HubProcess.onNewData().start();
        admin = new Api(() -> hub.baseUrl()).with("Authorization", "Bearer demo-token");
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void theDocumentsExampleMakesAStoreAndIsAnsweredAsTheDocumentSays() {
        Answer answer = admin.post("/v1/stores/store_456/sync/configure", CONFIGURE);

        assertThat(answer.status()).isEqualTo(200);
        JsonNode data = answer.body().path("data");
        assertThat(names(answer.body())).containsExactly("data");
        assertThat(names(data)).containsExactly("sync_config_id", "status", "entities_configured", "next_sync", "webhook_urls");
        assertThat(data.path("sync_config_id").asText()).startsWith("sync_config_");
        assertThat(data.path("status").asText()).isEqualTo("configured");
        assertThat(data.path("entities_configured").asInt()).isEqualTo(2);
        assertThat(data.path("next_sync").asText()).isEqualTo("real_time");
        assertThat(texts(data.path("webhook_urls"))).containsExactly(
                hub.baseUrl() + "/v1/webhooks/store_456/products", hub.baseUrl() + "/v1/webhooks/store_456/orders");
    }

    @Test
    void whatASecondCallLeavesOutStaysAndNoSecretIsEverShown() {
        admin.post("/v1/stores/second/sync/configure", CONFIGURE);
        admin.post("/v1/stores/second/sync/configure", "{\"webhook_config\": {\"endpoint\": \"https://new.example/hook\"}}");

        Answer shown = admin.get("/v1/stores/second/sync/configure");
        JsonNode configuration = shown.body().at("/data/configuration");
        assertThat(shown.body().at("/data/version").asInt()).isEqualTo(2);
        assertThat(configuration.at("/webhook_config/endpoint").asText()).isEqualTo("https://new.example/hook");
        assertThat(configuration.path("entities")).hasSize(2);
        assertThat(configuration.at("/entities/1/conflict_resolution").asText()).isEqualTo("last_write_wins");
        assertThat(configuration.at("/entities/1/key_fields/0").asText()).isEqualTo("id");

        Answer versions = admin.get("/v1/stores/second/sync/configure/versions");
        assertThat(versions.body().at("/pagination/total").asInt()).isEqualTo(2);
        assertThat(versions.body().at("/data/1/configuration/webhook_config/endpoint").asText())
                .isEqualTo("https://store.example.com/webhooks/sync");
        assertThat(versions.body().at("/data/0/saved_by").asText()).isEqualTo("token:demo");
        assertThat(shown.body().toString() + versions.body()).doesNotContain("webhook_secret_123");
    }

    @Test
    void everyBadFieldIsNamed() {
        Answer answer = admin.post("/v1/stores/bad/sync/configure", """
                {"sync_frequency": "hourly", "entities": [{"type": "products", "direction": "sideways", "conflict_resolution": "coin_toss"}],
                 "webhook_config": {"endpoint": "ftp://store.example.com", "secret": "short"}}""");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body().at("/error/code").asText()).isEqualTo("INVALID_DATA_FORMAT");
        assertThat(places(answer)).containsExactlyInAnyOrder("sync_frequency", "entities.0.direction", "entities.0.conflict_resolution",
                "webhook_config.endpoint", "webhook_config.secret");
    }

    @Test
    void aSecretThatSaysItIsBase64AndIsNotIsRefused() {
        admin.post("/v1/stores/secretive/sync/configure", CONFIGURE);

        for (String secret : List.of("whsec_this is no base64", "whsec_c2VyYWk$", "whsec_========")) {
            Answer answer = admin.post("/v1/stores/secretive/sync/configure", "{\"webhook_config\": {\"secret\": \"" + secret + "\"}}");
            assertThat(answer.status()).as(secret).isEqualTo(422);
            assertThat(places(answer)).containsExactly("webhook_config.secret");
        }
        Answer good = admin.post("/v1/stores/secretive/sync/configure", "{\"webhook_config\": {\"secret\": \"whsec_c2VyYWkgdGVzdCBzZWNyZXQ=\"}}");
        assertThat(good.status()).isEqualTo(200);
        assertThat(admin.get("/v1/stores/secretive/sync/configure").body().at("/data/version").asInt()).isEqualTo(2);
    }

    @Test
    void anEntityThatIsThereTwiceAndANewStoreWithoutEntitiesAreRefused() {
        Answer twice = admin.post("/v1/stores/twice/sync/configure", "{\"entities\": [{\"type\": \"products\"}, {\"type\": \"products\"}]}");
        Answer none = admin.post("/v1/stores/none/sync/configure", "{\"sync_frequency\": \"low\"}");
        Answer noHost = admin.post("/v1/stores/nohost/sync/configure",
                "{\"entities\": [{\"type\": \"products\"}], \"webhook_config\": {\"endpoint\": \"https://user:pass@store.example\"}}");

        assertThat(places(twice)).containsExactly("entities.1.type");
        assertThat(places(none)).containsExactly("entities");
        assertThat(places(noHost)).containsExactly("webhook_config.endpoint");
        assertThat(admin.get("/v1/stores/twice/sync/configure").status()).isEqualTo(404);
    }

    @Test
    void aScheduledFrequencyTellsItsNextSync() {
        Answer high = admin.post("/v1/stores/timed/sync/configure", "{\"sync_frequency\": \"high\", \"entities\": [{\"type\": \"products\"}]}");
        Instant next = Instant.parse(high.body().at("/data/next_sync").asText());
        assertThat(next).isBetween(Instant.now().plusSeconds(200), Instant.now().plusSeconds(301));

        Answer manual = admin.post("/v1/stores/timed/sync/configure", "{\"sync_frequency\": \"manual\"}");
        assertThat(manual.body().at("/data/next_sync").asText()).isEqualTo("manual");
    }

    @Test
    void pausingAndResumingMayBeRepeated() {
        admin.post("/v1/stores/resting/sync/configure", CONFIGURE);

        assertThat(admin.send("POST", "/v1/stores/resting/sync/pause", null, null).body().at("/data/status").asText()).isEqualTo("paused");
        assertThat(admin.send("POST", "/v1/stores/resting/sync/pause", null, null).status()).isEqualTo(200);
        assertThat(admin.get("/v1/stores/resting/sync/configure").body().at("/data/paused").asBoolean()).isTrue();
        assertThat(admin.post("/v1/stores/resting/sync/trigger", "{}").status()).isEqualTo(409);
        assertThat(admin.post("/v1/stores/resting/sync/resume", "{}").body().at("/data/status").asText()).isEqualTo("active");
        assertThat(admin.get("/v1/stores/resting/sync/configure").body().at("/data/paused").asBoolean()).isFalse();
    }

    @Test
    void aStoresTokenSeesItsOwnStoreOnlyAndMakesNone() {
        admin.post("/v1/stores/mine/sync/configure", CONFIGURE);
        admin.post("/v1/stores/theirs/sync/configure", CONFIGURE);
        Api mine = store("mine");
        Api missing = store("missing");

        assertThat(mine.get("/v1/stores/mine/sync/configure").status()).isEqualTo(200);
        assertThat(mine.post("/v1/stores/mine/sync/configure", "{\"sync_frequency\": \"manual\"}").status()).isEqualTo(200);
        assertThat(mine.get("/v1/stores/theirs/sync/configure").status()).isEqualTo(404);
        assertThat(mine.get("/v1/stores/theirs/sync/history").status()).isEqualTo(404);
        assertThat(mine.post("/v1/stores/theirs/sync/pause", "{}").status()).isEqualTo(404);
        assertThat(mine.post("/v1/stores/theirs/sync/trigger", "{}").status()).isEqualTo(404);
        assertThat(missing.post("/v1/stores/missing/sync/configure", CONFIGURE).status()).isEqualTo(403);
    }

    @Test
    void errorsHaveTheDocumentsShapeWhateverIsWrong() {
        Api nobody = new Api(() -> hub.baseUrl());

        assertError(nobody.get("/v1/stores/store_456/sync/configure"), 401, "UNAUTHORIZED");
        assertError(admin.get("/v1/stores/unknown/sync/configure"), 404, "NOT_FOUND");
        assertError(admin.get("/v1/nothing/here"), 404, "NOT_FOUND");
        assertError(admin.send("DELETE", "/v1/stores/store_456/sync/configure", null, null), 405, "METHOD_NOT_ALLOWED");
        assertError(admin.send("POST", "/v1/stores/store_456/sync/configure", "text/plain", "hello"), 415, "UNSUPPORTED_MEDIA_TYPE");
        assertError(admin.post("/v1/stores/store_456/sync/configure", "{\"entities\": [}"), 400, "INVALID_DATA_FORMAT");
        assertError(admin.post("/v1/stores/store_456/sync/configure", "[]"), 400, "INVALID_DATA_FORMAT");
        assertError(admin.send("POST", "/v1/stores/store_456/sync/configure", "application/json", null), 422, "INVALID_DATA_FORMAT");
        assertError(admin.post("/v1/stores/store_456/sync/configure", "{\"x\": \"" + "x".repeat(11_000_000) + "\"}"), 413, "PAYLOAD_TOO_LARGE");
        assertError(admin.post("/v1/stores/bad%20id/sync/configure", CONFIGURE), 422, "INVALID_DATA_FORMAT");
        assertError(admin.get("/v1/stores/store_456/sync/history?limit=0"), 422, "INVALID_DATA_FORMAT");
    }

    @Test
    void noSecretIsInTheLogAndNothingThereIsAWarning() {
        admin.post("/v1/stores/audited/sync/configure", CONFIGURE);

        assertThat(hub.log()).doesNotContain("webhook_secret_123").doesNotContain("WARN ").doesNotContain("ERROR ");
    }

    private static Api store(String storeId) {
        Answer token = admin.post("/v1/access/tokens",
                "{\"name\": \"test\", \"role\": \"store\", \"store_id\": \"" + storeId + "\", \"expires_in_days\": 1}");
        return new Api(() -> hub.baseUrl()).with("Authorization", "Bearer " + token.body().at("/data/token").asText());
    }

    private static void assertError(Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(status);
        assertThat(names(answer.body())).containsExactly("error");
        assertThat(names(answer.body().path("error"))).containsExactly("code", "message", "details");
        assertThat(answer.body().at("/error/code").asText()).isEqualTo(code);
    }

    private static List<String> places(Answer answer) {
        List<String> places = new ArrayList<>();
        answer.body().at("/error/details").forEach(problem -> {
            List<String> parts = texts(problem.path("loc"));
            places.add(String.join(".", parts.subList(1, parts.size())));
        });
        return places;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
