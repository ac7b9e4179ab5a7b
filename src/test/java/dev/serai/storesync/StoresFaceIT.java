package dev.serai.storesync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.Api;
import dev.serai.testing.Api.Answer;
import dev.serai.testing.HubProcess;
import dev.serai.webhook.StandardWebhooks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The stores document's endpoints about conflicts, rules, filters, deliveries, jobs and history, over HTTP: its shapes, and every error. */
class StoresFaceIT {

    private static final String SECRET = "webhook_secret_123";
    private static HubProcess hub;
    private static Api admin;
    private static Api pms;

    /** Records belong to the platform, so that each test has its own. */
    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final String store = "face-" + run;

    @BeforeAll
    static void start() {
        hub = HubProcess.shared();
        admin = new Api(() -> hub.baseUrl()).with("Authorization", "Bearer demo-token");
        pms = new Api(() -> hub.baseUrl()).with("X-API-Key", "demo-api-key");
    }

    @BeforeEach
    void aStore() {
        ok(admin.post("/v1/stores/" + store + "/sync/configure", """
                {"entities": [{"type": "products", "conflict_resolution": "manual_resolution", "fields": ["name", "price", "status"]},
                              {"type": "orders", "direction": "to_platform"}],
                 "webhook_config": {"endpoint": "http://127.0.0.1:9/hook", "secret": "%s"}}""".formatted(SECRET)));
    }

    @Test
    void conflictsAreListedAsTheDocumentShowsThemAndNarrowed() {
        conflict("a", 10, 12, 11);
        conflict("b", 20, 22, 21);

        JsonNode list = get("conflicts?status=pending&entity_type=products&page=1&limit=1");
        assertThat(names(list)).containsExactlyInAnyOrder("data", "pagination");
        assertThat(list.path("pagination").toString()).isEqualTo("{\"page\":1,\"limit\":1,\"total\":2}");
        JsonNode newest = list.at("/data/0");
        assertThat(names(newest)).startsWith("conflict_id", "entity_type", "entity_id", "field", "store_value", "platform_value",
                "last_modified_store", "last_modified_platform", "status").contains("created_at", "reason");
        assertThat(newest.path("conflict_id").asText()).matches("conflict_\\d+");
        assertThat(newest.path("entity_id").asText()).isEqualTo(id("b"));
        assertThat(newest.path("field").asText()).isEqualTo("price");
        assertThat(newest.path("store_value").toString()).isEqualTo("21");
        assertThat(newest.path("platform_value").toString()).isEqualTo("22");
        assertThat(newest.path("status").asText()).isEqualTo("pending");
        assertThat(newest.path("reason").asText()).isEqualTo("both_changed");
        for (String time : List.of("last_modified_store", "last_modified_platform", "created_at")) {
            assertThat(Instant.parse(newest.path(time).asText())).isBefore(Instant.now().plusSeconds(5));
        }
        assertThat(get("conflicts?page=2&limit=1").at("/data/0/entity_id").asText()).isEqualTo(id("a"));
        assertThat(get("conflicts?page=9").path("data")).isEmpty();
        assertThat(get("conflicts?entity_type=orders").at("/pagination/total").asInt()).isZero();
        assertThat(get("conflicts?status=resolved").at("/pagination/total").asInt()).isZero();
        assertThat(get("status").at("/data/entities/0/conflicts").asInt()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"use_store_value, 11, resolved", "use_platform_value, 12, resolved", "use_custom_value, 99, resolved", "ignore, 12, ignored"})
    void eachResolutionIsAnsweredListedAndUndone(String resolution, String price, String status) {
        String conflict = conflict("p", 10, 12, 11);
        String value = resolution.equals("use_custom_value") ? ", \"value\": 99" : "";

        JsonNode done = ok(admin.post("/v1/sync/conflicts/" + conflict + "/resolve", "{\"resolution\": \"" + resolution + "\"" + value + "}"));
        assertThat(names(done)).containsExactly("conflict_id", "status", "resolution", "decision_id", "conflicts_resolved");
        assertThat(done.path("conflict_id").asText()).isEqualTo(conflict);
        assertThat(done.path("status").asText()).isEqualTo(status);
        assertThat(done.path("conflicts_resolved").asInt()).isEqualTo(1);
        assertThat(price("p")).isEqualTo(price);
        JsonNode listed = get("conflicts?status=" + status).at("/data/0");
        assertThat(listed.path("decision_id")).isEqualTo(done.path("decision_id"));
        assertThat(listed.path("resolution").asText()).isEqualTo(resolution);
        assertError(admin.post("/v1/sync/conflicts/" + conflict + "/resolve", "{\"resolution\": \"ignore\"}"), 409, "CONFLICT");

        String undo = "/v1/sync/decisions/" + done.path("decision_id").asText() + "/undo";
        JsonNode undone = ok(admin.send("POST", undo, null, null));
        assertThat(undone.toString()).isEqualTo("{\"decision_id\":" + done.path("decision_id") + ",\"status\":\"undone\",\"resolution\":\""
                + resolution + "\",\"conflicts_restored\":1}");
        assertThat(price("p")).isEqualTo("12");
        assertThat(get("conflicts?status=pending").at("/data/0/conflict_id").asText()).isEqualTo(conflict);
        assertError(admin.post(undo, "{}"), 409, "CONFLICT");
    }

    @Test
    void theDocumentsResolveDecidesAllAlikeAndMakesARuleThatDecidesTheNext() {
        String one = conflict("a", 10, 12, 11);
        conflict("b", 20, 22, 21);

        JsonNode done = ok(admin.post("/v1/sync/conflicts/" + one + "/resolve", """
                {"resolution": "use_store_value", "apply_to_similar": true, "create_rule": {"field": "price", "strategy": "newest_wins"}}"""));
        assertThat(done.path("conflicts_resolved").asInt()).isEqualTo(2);
        assertThat(done.path("rule").asText()).isEqualTo("products_price_newest_wins");
        assertThat(price("a") + " " + price("b")).isEqualTo("11 21");
        assertThat(get("rules").at("/data/rules").toString()).isEqualTo("[{\"name\":\"products_price_newest_wins\",\"entity_type\":\"products\","
                + "\"field\":\"price\",\"condition\":\"conflict_detected\",\"action\":\"newest_wins\"}]");

        platform("a", 13);
        tell("a", 14);
        await().atMost(Duration.ofSeconds(20)).until(() -> price("a").equals("14"));
        assertThat(get("conflicts?status=pending").at("/pagination/total").asInt()).isZero();
    }

    @Test
    void whatIsNoDecisionIsRefused() {
        String path = "/v1/sync/conflicts/" + conflict("p", 10, 12, 11) + "/resolve";

        assertPlaces(admin.post(path, "{}"), "resolution");
        assertPlaces(admin.post(path, "{\"resolution\": \"toss\"}"), "resolution");
        assertPlaces(admin.post(path, "{\"resolution\": 7, \"apply_to_similar\": \"yes\"}"), "resolution", "apply_to_similar");
        assertPlaces(admin.post(path, "{\"resolution\": \"use_custom_value\"}"), "value");
        assertPlaces(admin.post(path, "{\"resolution\": \"ignore\", \"value\": 1}"), "value");
        assertPlaces(admin.post(path, "{\"resolution\": \"ignore\", \"create_rule\": {\"strategy\": \"sync_immediately\"}}"), "create_rule.strategy");
        assertPlaces(admin.post(path, "{\"resolution\": \"ignore\", \"create_rule\": {}}"), "create_rule.strategy");
        assertError(admin.post(path, "[]"), 400, "INVALID_DATA_FORMAT");
        assertError(admin.post(path, "{\"resolution\": "), 400, "INVALID_DATA_FORMAT");
        assertError(admin.post(path, "{\"resolution\": \"ignore\", \"value\": \"" + "x".repeat(11_000_000) + "\"}"), 413, "PAYLOAD_TOO_LARGE");
        assertError(admin.send("POST", path, "text/plain", "ignore"), 415, "UNSUPPORTED_MEDIA_TYPE");
        assertError(admin.send("PUT", path, "application/json", "{}"), 405, "METHOD_NOT_ALLOWED");
        for (String unknown : List.of("conflict_999999999", "conflict_x", "conflict_99999999999999999999", "7")) {
            assertError(admin.post("/v1/sync/conflicts/" + unknown + "/resolve", "{\"resolution\": \"ignore\"}"), 404, "NOT_FOUND");
            assertError(admin.post("/v1/sync/decisions/" + unknown.replace("conflict", "decision") + "/undo", "{}"), 404, "NOT_FOUND");
        }
        assertThat(get("conflicts?status=pending").at("/pagination/total").asInt()).isEqualTo(1);
    }

    @Test
    void rulesAreSetShownAndRefusedWhereTheyCannotBe() {
        String documents = """
                {"rules": [{"name": "price_conflict_resolution", "entity_type": "products", "field": "price",
                            "condition": "conflict_detected", "action": "use_highest_value"},
                           {"name": "inventory_sync_frequency", "entity_type": "products", "field": "inventory",
                            "condition": "always", "action": "sync_immediately"}]}""";
        JsonNode set = ok(post("rules", documents));
        assertThat(names(set)).containsExactly("store_id", "version", "rules_configured", "rules");
        assertThat(set.path("rules_configured").asInt()).isEqualTo(2);
        assertThat(get("rules").path("data")).isEqualTo(set);
        assertThat(ok(post("rules", "{\"rules\": []}")).path("rules_configured").asInt()).isZero();

        String rule = "{\"name\": \"r\", \"condition\": \"always\", \"action\": \"newest_wins\"}";
        assertPlaces(post("rules", "{}"), "rules");
        assertPlaces(post("rules", "{\"rules\": \"all\"}"), "rules");
        assertPlaces(post("rules", "{\"rules\": [{}]}"), "rules.0.name", "rules.0.condition", "rules.0.action");
        assertPlaces(post("rules", "{\"rules\": [{\"name\": \"\", \"condition\": \"never\", \"action\": \"toss\", \"x\": 1}]}"),
                "rules.0", "rules.0.name", "rules.0.condition", "rules.0.action");
        assertPlaces(post("rules", "{\"rules\": [" + rule + "," + rule + "]}"), "rules.1.name");
        assertPlaces(post("rules", "{\"rules\": [" + rule.replace("\"r\"", "\"r\", \"entity_type\": \"carts\"") + "]}"), "rules.0.entity_type");
        assertPlaces(post("rules", "{\"rules\": [" + (rule + ",").repeat(1_000) + rule + "]}"), "rules");
        assertThat(get("rules").at("/data/rules_configured").asInt()).isZero();
    }

    @Test
    void excludedFieldsAreNeitherStoredNorShownAndFiltersKeepRecordsOut() {
        JsonNode set = ok(post("filters", """
                {"entity_type": "products",
                 "filters": [{"field": "status", "operator": "equals", "value": "active"}, {"field": "price", "operator": "greater_than", "value": 0}],
                 "exclude_fields": ["vendor_code", "internal_notes"]}"""));
        assertThat(names(set)).containsExactly("store_id", "version", "entity_type", "filters", "exclude_fields");
        assertThat(set.path("filters").toString()).isEqualTo("[{\"field\":\"status\",\"operator\":\"equals\",\"value\":\"active\"},"
                + "{\"field\":\"price\",\"operator\":\"greater_than\",\"value\":0}]");
        assertThat(set.path("exclude_fields").toString()).isEqualTo("[\"internal_notes\",\"vendor_code\"]");
        assertThat(get("filters").at("/data/0/filters")).isEqualTo(set.path("filters"));

        webhook("products", "[{\"id\": \"%s\", \"price\": 5, \"status\": \"active\", \"internal_notes\": \"dear\"},"
                .formatted(id("in")) + "{\"id\": \"%s\", \"price\": 5, \"status\": \"draft\"}]".formatted(id("out")));
        await().atMost(Duration.ofSeconds(20)).until(() -> record("in").status() == 200);
        assertThat(record("in").body().toString()).doesNotContain("internal_notes");
        assertThat(record("out").status()).isEqualTo(404);

        JsonNode kept = ok(post("filters", "{\"entity_type\": \"products\", \"filters\": []}"));
        assertThat(kept.path("filters")).isEmpty();
        assertThat(kept.path("exclude_fields")).as("a part that is left out stays").hasSize(2);
    }

    @Test
    void filtersThatMakeNoSenseAreRefused() {
        assertPlaces(post("filters", "{}"), "entity_type");
        assertPlaces(post("filters", "{\"entity_type\": \"carts\"}"), "entity_type");
        assertPlaces(post("filters", "{\"entity_type\": 5, \"filters\": {}, \"exclude_fields\": \"all\"}"), "entity_type", "filters", "exclude_fields");
        assertPlaces(filter("\"price\", \"operator\": \"about\", \"value\": 1"), "filters.0.operator");
        assertPlaces(filter("\"\", \"operator\": \"equals\", \"value\": 1"), "filters.0.field");
        assertPlaces(filter("\"price\", \"operator\": \"equals\""), "filters.0.value");
        assertPlaces(filter("\"price\", \"operator\": \"greater_than\", \"value\": [1]"), "filters.0.value");
        assertPlaces(filter("\"price\", \"operator\": \"in\", \"value\": 1"), "filters.0.value");
        assertPlaces(filter("\"price\", \"operator\": \"exists\", \"value\": \"yes\""), "filters.0.value");
        assertPlaces(post("filters", "{\"entity_type\": \"products\", \"exclude_fields\": [\"id\"]}"), "exclude_fields");
        assertPlaces(post("filters", "{\"entity_type\": \"products\", \"exclude_fields\": [\"updated_at\"]}"), "exclude_fields");
        assertPlaces(post("filters", "{\"entity_type\": \"products\", \"exclude_fields\": [\"\"]}"), "exclude_fields.0");
        assertThat(get("filters").at("/data/0/filters")).isEmpty();
    }

    @Test
    void aPreviewSaysWhatRulesWouldHaveMadeAndChangesNothing() {
        conflict("p", 10, 12, 11);

        JsonNode data = ok(post("rules/preview", """
                {"days": 1, "rules": [{"name": "dear", "entity_type": "products", "field": "price",
                                       "condition": "conflict_detected", "action": "use_lowest_value"}]}"""));
        assertThat(names(data)).containsExactlyInAnyOrder("changes", "totals");
        assertThat(data.path("changes").toString()).isEqualTo(("[{\"entity_type\":\"products\",\"entity_id\":\"%s\",\"field\":\"price\","
                + "\"actual_value\":12,\"would_be_value\":11,\"rule\":\"dear\"}]").formatted(id("p")));
        assertThat(data.at("/totals/different").asInt()).isEqualTo(1);
        assertThat(data.at("/totals/by_rule/dear").asInt()).isEqualTo(1);
        assertThat(price("p")).isEqualTo("12");
        assertThat(get("rules").at("/data/rules_configured").asInt()).isZero();
        assertThat(get("conflicts?status=pending").at("/pagination/total").asInt()).isEqualTo(1);

        assertPlaces(post("rules/preview", "{\"days\": 1}"), "rules");
        assertPlaces(post("rules/preview", "{\"rules\": [], \"days\": 0}"), "days");
        assertPlaces(post("rules/preview", "{\"rules\": [], \"days\": 367}"), "days");
        assertPlaces(post("rules/preview", "{\"rules\": [], \"days\": \"week\"}"), "days");
        assertPlaces(post("rules/preview", "{\"rules\": [{\"name\": \"r\", \"condition\": \"always\"}]}"), "rules.0.action");
    }

    @Test
    void whatCannotBeDeliveredIsParkedListedAndReplayed() {
        platform("p", 12);
        JsonNode parked = await().atMost(Duration.ofSeconds(20)).until(() -> get("deliveries?status=parked&entity_type=products"),
                list -> list.at("/pagination/total").asInt() == 1);
        JsonNode delivery = parked.at("/data/0");
        assertThat(names(delivery)).containsExactly("delivery_id", "webhook_id", "entity_type", "entity_id", "event", "status", "changed_fields",
                "attempt_count", "attempts", "last_error", "next_attempt_at", "created_at");
        assertThat(delivery.path("entity_id").asText()).isEqualTo(id("p"));
        assertThat(delivery.path("event").asText()).isEqualTo("products.updated");
        assertThat(delivery.path("status").asText()).isEqualTo("parked");
        assertThat(delivery.path("webhook_id").asText()).startsWith("msg_");
        assertThat(delivery.path("attempts")).hasSize(delivery.path("attempt_count").asInt());
        assertThat(get("deliveries").path("data")).as("what waits is listed unless asked otherwise").isEmpty();
        JsonNode status = get("status").path("data");
        assertThat(status.path("overall_status").asText()).isEqualTo("degraded");
        assertThat(status.at("/entities/0/status").asText()).isEqualTo("failed");
        assertThat(status.at("/entities/0/pending_changes").asInt()).isEqualTo(1);

        assertThat(ok(post("deliveries/replay", "{\"entity_type\": \"orders\"}")).path("replayed").asInt()).isZero();
        assertThat(ok(post("deliveries/replay", "{\"before\": \"2024-01-01T00:00:00Z\"}")).path("replayed").asInt()).isZero();
        for (String mistaken : List.of("{\"x\": 1}", "{\"entity_typ\": \"products\"}", "{\"delivery_ids\": [1]}")) {
            assertThat(post("deliveries/replay", mistaken).status()).as("all that is parked was meant by none of them: " + mistaken)
                    .isEqualTo(422);
        }
        assertPlaces(post("deliveries/replay?entity_type=orders", "{}"), "entity_type");
        assertThat(ok(post("deliveries/replay", "{\"entity_type\": \"products\", \"limit\": 5}")).toString()).isEqualTo("{\"replayed\":1}");
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            JsonNode again = get("deliveries?status=parked").at("/data/0");
            assertThat(again.path("webhook_id")).isEqualTo(delivery.path("webhook_id"));
            assertThat(again.path("attempts").size()).as("the log goes on").isGreaterThan(delivery.path("attempts").size());
        });
        assertThat(ok(admin.send("POST", "/v1/stores/" + store + "/sync/deliveries/replay", null, null)).path("replayed").asInt()).isEqualTo(1);

        assertPlaces(post("deliveries/replay", "{\"before\": \"noon\"}"), "before");
        assertPlaces(post("deliveries/replay", "{\"before\": 5, \"limit\": 0, \"entity_type\": []}"), "before", "limit", "entity_type");
        assertPlaces(post("deliveries/replay", "{\"limit\": 10001}"), "limit");
    }

    @Test
    void aDeliveryThatWaitsForASecretSaysSo() {
        String silent = "/v1/stores/" + store + "-silent/sync/";
        ok(admin.post(silent + "configure", """
                {"entities": [{"type": "products"}], "webhook_config": {"endpoint": "http://127.0.0.1:9/hook"}}"""));
        platform("s", 12);

        JsonNode waiting = await().atMost(Duration.ofSeconds(20)).until(() -> admin.get(silent + "deliveries").body(),
                list -> list.at("/pagination/total").asInt() > 0);
        assertThat(waiting.at("/data/0/status").asText()).isEqualTo("waiting");
        assertThat(waiting.at("/data/0/last_error").asText())
                .isEqualTo("not sent: the store has no secret to sign with; configure webhook_config.secret");

        ok(admin.post(silent + "pause", "{}"));
        assertThat(admin.get(silent + "deliveries").body().at("/data/0/last_error").asText()).isEqualTo("not sent: the store is paused");
    }

    @Test
    void jobsAndHistoryAreNarrowedAndRefuseWhatTheyDoNotKnow() {
        JsonNode queued = post("trigger", "{\"entities\": [\"orders\"]}").body().path("data");
        String job = queued.path("sync_job_id").asText();
        await().atMost(Duration.ofSeconds(30)).until(() -> admin.get("/v1/sync/jobs/" + job).body().at("/data/status").asText().equals("completed"));

        String today = Instant.now().toString().substring(0, 10);
        for (String found : List.of("", "?status=success", "?entity_type=orders&trigger=manual", "?start_date=" + today + "&end_date=" + today,
                "?start_date=" + today + "T00:00:00Z", "?end_date=" + Instant.now().plusSeconds(60))) {
            assertThat(get("history" + found).at("/data/0/sync_id").asText()).as(found).isEqualTo(job);
        }
        for (String none : List.of("?status=failed", "?status=partial", "?entity_type=products", "?trigger=webhook", "?end_date=2024-01-20",
                "?start_date=2124-01-20", "?page=2")) {
            assertThat(get("history" + none).path("data")).as(none).isEmpty();
        }
        assertError(admin.get("/v1/sync/jobs/job_unknown"), 404, "NOT_FOUND");
        assertError(admin.get("/v1/sync/jobs/" + "x".repeat(300)), 422, "INVALID_DATA_FORMAT");
        assertPlaces(post("trigger", "{\"entities\": [\"carts\"]}"), "entities.0");
        assertPlaces(post("trigger", "{\"entities\": [], \"sync_type\": \"some\", \"priority\": 1, \"options\": {\"force_full_sync\": \"no\"}}"),
                "entities", "sync_type", "priority", "options.force_full_sync");
        assertPlaces(post("trigger", "{\"options\": {\"fast\": true}}"), "options");
    }

    @ParameterizedTest
    @CsvSource({
        "conflicts?status=open", "conflicts?page=0", "conflicts?limit=101", "conflicts?limit=many", "conflicts?page=1000001",
        "history?status=done", "history?start_date=noon", "history?end_date=2024-13-01", "history?start_date=2024-02-01&end_date=2024-01-01",
        "history?trigger=luck", "history?limit=0", "deliveries?status=lost", "deliveries?page=-1", "configure/versions?limit=1000"})
    void parametersOutOfTheirRangeAreRefused(String query) {
        Answer answer = admin.get("/v1/stores/" + store + "/sync/" + query);
        assertError(answer, 422, "INVALID_DATA_FORMAT");
        assertThat(answer.body().at("/error/details/0/loc/0").asText()).isEqualTo("query");
    }

    @Test
    void nobodySeesOrChangesWhatIsAnothersAndAViewerOnlyLooks() {
        String conflict = conflict("p", 10, 12, 11);
        String job = post("trigger", "{\"entities\": [\"orders\"]}").body().at("/data/sync_job_id").asText();
        String other = "other-" + run;
        ok(admin.post("/v1/stores/" + other + "/sync/configure", "{\"entities\": [{\"type\": \"products\"}]}"));
        Api own = token("store", store);
        Api others = token("store", other);
        Api viewer = token("viewer", null);
        String resolve = "/v1/sync/conflicts/" + conflict + "/resolve";

        for (String path : List.of("conflicts", "rules", "filters", "deliveries", "history", "status")) {
            assertThat(own.get("/v1/stores/" + store + "/sync/" + path).status()).isEqualTo(200);
            assertThat(viewer.get("/v1/stores/" + store + "/sync/" + path).status()).isEqualTo(200);
            assertError(others.get("/v1/stores/" + store + "/sync/" + path), 404, "NOT_FOUND");
            assertError(new Api(() -> hub.baseUrl()).get("/v1/stores/" + store + "/sync/" + path), 401, "UNAUTHORIZED");
        }
        Map<String, String> writes = Map.of(
                "rules", "{\"rules\": []}", "rules/preview", "{\"rules\": []}", "filters", "{\"entity_type\": \"products\"}",
                "deliveries/replay", "{}", "trigger", "{}", "pause", "{}", "resume", "{}");
        writes.forEach((path, body) -> {
            assertError(others.post("/v1/stores/" + store + "/sync/" + path, body), 404, "NOT_FOUND");
            if (!path.equals("rules/preview")) {
                assertError(viewer.post("/v1/stores/" + store + "/sync/" + path, body), 403, "FORBIDDEN");
            }
        });
        assertError(others.get("/v1/sync/jobs/" + job), 404, "NOT_FOUND");
        assertError(others.post(resolve, "{\"resolution\": \"ignore\"}"), 404, "NOT_FOUND");
        assertError(viewer.post(resolve, "{\"resolution\": \"ignore\"}"), 403, "FORBIDDEN");
        String decision = ok(own.post(resolve, "{\"resolution\": \"ignore\"}")).path("decision_id").asText();
        assertError(others.post("/v1/sync/decisions/" + decision + "/undo", "{}"), 404, "NOT_FOUND");
        assertError(viewer.post("/v1/sync/decisions/" + decision + "/undo", "{}"), 403, "FORBIDDEN");
        ok(own.post("/v1/sync/decisions/" + decision + "/undo", "{}"));
    }

    /** The store tells a price, the platform changes it, the store changes it to another. Answers the conflict's id. */
    private String conflict(String name, int agreed, int platform, int told) {
        String before = newestConflict();
        tell(name, agreed);
        await().atMost(Duration.ofSeconds(20)).until(() -> record(name).status() == 200);
        platform(name, platform);
        tell(name, told);
        return await().atMost(Duration.ofSeconds(20)).until(this::newestConflict, newest -> !newest.equals(before));
    }

    /** Its id; nothing where there is none. */
    private String newestConflict() {
        return get("conflicts").at("/data/0/conflict_id").asText();
    }

    private String id(String name) {
        return name + "-" + run;
    }

    private void tell(String name, int price) {
        webhook("products", "{\"id\": \"%s\", \"price\": %d, \"status\": \"active\", \"updated_at\": \"%s\"}".formatted(
                id(name), price, Instant.now()));
    }

    /** The platform's own edit of the price, or its own product. */
    private void platform(String name, int price) {
        boolean there = record(name).status() == 200;
        Answer answer = there
                ? pms.send("PATCH", "/api/pms/products/" + id(name), "application/json", "{\"price\": " + price + "}")
                : pms.post("/api/pms/products", "{\"id\": \"%s\", \"name\": \"Mug\", \"price\": %d}".formatted(id(name), price));
        assertThat(answer.status()).as(answer.body().toString()).isIn(200, 201);
    }

    private void webhook(String entity, String body) {
        Api signed = new Api(() -> hub.baseUrl());
        Map<String, String> headers = StandardWebhooks.sign(
                "msg_" + UUID.randomUUID(), Instant.now(), body.getBytes(StandardCharsets.UTF_8), List.of(SECRET));
        for (Map.Entry<String, String> header : headers.entrySet()) {
            signed = signed.with(header.getKey(), header.getValue());
        }
        Answer answer = signed.post("/v1/webhooks/" + store + "/" + entity, body);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(202);
    }

    private Answer record(String name) {
        return admin.get("/api/v1/records/products/" + id(name));
    }

    private String price(String name) {
        return record(name).body().at("/data/price").toString();
    }

    private JsonNode get(String path) {
        Answer answer = admin.get("/v1/stores/" + store + "/sync/" + path);
        assertThat(answer.status()).as(path + ": " + answer.body()).isEqualTo(200);
        return answer.body();
    }

    private Answer post(String path, String body) {
        return admin.post("/v1/stores/" + store + "/sync/" + path, body);
    }

    private Answer filter(String rest) {
        return post("filters", "{\"entity_type\": \"products\", \"filters\": [{\"field\": " + rest + "}]}");
    }

    private static Api token(String role, String storeId) {
        Answer made = admin.post("/v1/access/tokens", "{\"name\": \"test\", \"expires_in_days\": 1, \"role\": \"" + role + "\""
                + (storeId == null ? "}" : ", \"store_id\": \"" + storeId + "\"}"));
        return new Api(() -> hub.baseUrl()).with("Authorization", "Bearer " + made.body().at("/data/token").asText());
    }

    private static JsonNode ok(Answer answer) {
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        assertThat(names(answer.body())).containsExactly("data");
        return answer.body().path("data");
    }

    private static void assertError(Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(status);
        assertThat(names(answer.body())).containsExactly("error");
        assertThat(names(answer.body().path("error"))).containsExactly("code", "message", "details");
        assertThat(answer.body().at("/error/code").asText()).isEqualTo(code);
        assertThat(answer.body().at("/error/message").asText()).isNotEmpty();
    }

    /** 422, and these members of the body are named, in whatever order. */
    private static void assertPlaces(Answer answer, String... members) {
        assertError(answer, 422, "INVALID_DATA_FORMAT");
        List<String> places = new ArrayList<>();
        answer.body().at("/error/details").forEach(problem -> {
            assertThat(names(problem)).containsExactly("loc", "msg", "type");
            List<String> parts = new ArrayList<>();
            problem.path("loc").forEach(part -> parts.add(part.asText()));
            places.add(String.join(".", parts.subList(1, parts.size())));
        });
        assertThat(new TreeSet<>(places)).containsExactlyInAnyOrder(members);
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
