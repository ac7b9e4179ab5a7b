package dev.serai.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.testing.HubProcess;
import dev.serai.testing.NodePackages;
import dev.serai.testing.NodeProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Webhooks as the real senders' libraries sign them, over payloads as those send them, to a hub that runs. */
class WebhookIntakeIT {

    private static final String SECRET = "whsec_c2VyYWkgdGVzdCBzZWNyZXQgb2Ygc3RvcmVz";
    private static final String NEWER_SECRET = "whsec_bmV3ZXIgc2VjcmV0IG9mIHRoZSBzdG9yZQ==";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static HubProcess hub;
    private static NodeProcess signer;
    private static int signed;

    private String storeId;

    @BeforeAll
    static void start() {
        hub = HubProcess.shared();
        signer = NodePackages.start("sign-webhooks.mjs");
    }

    @AfterAll
    static void end() {
        signer.close();
    }

    @BeforeEach
    void aStoreOfItsOwn() {
        storeId = "shop-" + UUID.randomUUID();
        configure("""
                {"entities": [
                    {"type": "products", "direction": "bidirectional", "fields": ["title", "price"]},
                    {"type": "things", "direction": "to_platform"},
                    {"type": "prices", "direction": "from_platform"}],
                 "webhook_config": {"endpoint": "https://store.example.com/hook", "secret": "%s"}}""".formatted(SECRET));
    }

    @ParameterizedTest
    @CsvSource({
        "standard, standard-products.json, product_456",
        "svix, standard-products.json, product_457",
        "shopify, shopify-product.json, 788032119674292922",
        "woocommerce, woocommerce-product.json, 794",
        "github, github-repository.json, 186853002",
        "stripe, stripe-event.json, prod_NWjs8kKbJWmuuc"})
    void eachStyleIsAcceptedOnceAndRefusedWhereAByteIsAnother(String style, String sample, String key) throws IOException {
        // Records belong to the platform, so that each sender has its own.
        String entity = style;
        configure("{\"entities\": [{\"type\": \"" + entity + "\"}]}");
        String body = Files.readString(Path.of("src/test/resources/webhooks", sample));
        Map<String, String> headers = sign(style, "id-1", now(), body);

        assertRefused(post(entity, body.replaceFirst("\"id\"", "\"iD\""), headers));
        Answer accepted = post(entity, body, headers);
        assertThat(accepted.status()).as(accepted.body().toString()).isEqualTo(202);
        int records = body.startsWith("[") ? 2 : 1;
        assertThat(accepted.body().path("data").path("accepted").asInt()).isEqualTo(records);
        assertThat(accepted.body().path("data").path("event_ids")).hasSize(records);
        awaitApplied(records);
        assertThat(record(entity, key).path("version").asInt()).isEqualTo(1);

        Answer again = post(entity, body, headers);
        assertThat(again.status()).isEqualTo(202);
        assertThat(again.body().path("data").path("accepted").asInt()).isZero();
        assertThat(again.body().path("data").path("duplicates").asInt()).isEqualTo(records);
        assertThat(again.body().path("data").path("event_ids")).isEqualTo(accepted.body().path("data").path("event_ids"));
        assertThat(ledger().path("DUPLICATE").asInt()).isEqualTo(records);
        assertThat(record(entity, key).path("version").asInt()).isEqualTo(1);
    }

    /** Which route files' timer would do by itself within 100 ms for one in ten. */
    @Test
    void whatIsAcceptedIsAppliedAtOnce() {
        int soon = 0;
        for (int i = 0; i < 10; i++) {
            String body = "{\"id\": \"soon-" + i + "\"}";
            assertThat(post("things", body, sign("standard", storeId + i, now(), body)).status()).isEqualTo(202);
            awaitApplied(i + 1);
            JsonNode version = record("things", "soon-" + i).path("versions").path(0);
            Instant accepted = Instant.parse(version.path("accepted_at").asText());
            soon += accepted.plusMillis(100).isAfter(Instant.parse(version.path("applied_at").asText())) ? 1 : 0;
        }
        assertThat(soon).isGreaterThanOrEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e1001", "1e-1001", "1e130000", "-2.5e-99999999"})
    void aNumberThatIsLongWhereItIsWrittenOutIsRefused(String number) {
        String body = "{\"id\": \"long\", \"weight\": {\"kg\": [" + number + "]}}";
        Answer answer = post("things", body, sign("standard", "long", now(), body));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body().at("/error/message").asText()).contains("more than 1000 digits");
        String fine = "{\"id\": \"long\", \"weight\": 1e-300}";
        assertThat(post("things", fine, sign("standard", "fine", now(), fine)).status()).isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(strings = {"standard", "svix", "stripe"})
    void aStaleOrFutureTimeIsRefused(String style) {
        String body = "{\"id\": \"1\"}";

        assertRefused(post("things", body, sign(style, "stale", now() - 301, body)));
        assertRefused(post("things", body, sign(style, "early", now() + 320, body)));
        assertThat(post("things", body, sign(style, "in time", now() - 280, body)).status()).isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(strings = {"standard", "svix", "shopify", "woocommerce", "github"})
    void aUsedIdHasNoEffectWhateverItsBody(String style) {
        assertThat(send(style, "used", "things", "{\"id\": \"%s\", \"v\": 1}".formatted(storeId)).status()).isEqualTo(202);
        awaitApplied(1);

        String one = "{\"id\": \"%s\", \"v\": 2}".formatted(storeId);
        for (String body : new String[] {one, "[" + one + ", {\"id\": \"2\"}]", "{}", "no json"}) {
            Answer again = send(style, "used", "things", body);
            assertThat(again.status()).isEqualTo(202);
            assertThat(again.body().path("data").path("accepted").asInt()).isZero();
        }
        assertThat(send(style, "used", "products", one).body().path("data").path("duplicates").asInt()).isEqualTo(1);
        assertThat(record("things", storeId).path("data").path("v").asInt()).isEqualTo(1);
    }

    @Test
    void withoutAnIdTheSameBodyIsTheRepetition() {
        String body = "{\"id\": \"1\", \"v\": 1, \"updated_at\": \"2024-01-01T00:00:00Z\"}";
        Map<String, String> headers = sign("shopify", "x", now(), body);
        headers.remove("X-Shopify-Webhook-Id");

        assertThat(post("things", body, headers).body().path("data").path("accepted").asInt()).isEqualTo(1);
        assertThat(post("things", body, headers).body().path("data").path("duplicates").asInt()).isEqualTo(1);
    }

    @Test
    void withoutAnIdAnIdempotencyKeyOrTheTimeOfTheSignatureTellsRepetitionsApart() {
        String body = "{\"id\": \"1\", \"v\": 1}";
        Map<String, String> shopify = sign("shopify", "x", now(), body);
        shopify.remove("X-Shopify-Webhook-Id");
        JsonNode first = post("things", body, with(shopify, "first")).body();
        assertThat(post("things", body, with(shopify, "first")).body()).isEqualTo(first);
        assertThat(accepted(post("things", body, with(shopify, "second")))).isEqualTo(1);

        Map<String, String> stripe = sign("stripe", "x", now() - 2, body);
        assertThat(accepted(post("things", body, stripe))).isEqualTo(1);
        assertThat(accepted(post("things", body, stripe))).isZero();
        assertThat(accepted(post("things", body, sign("stripe", "x", now() - 1, body)))).isEqualTo(1);
    }

    private static int accepted(Answer answer) {
        assertThat(answer.status()).isEqualTo(202);
        return answer.body().path("data").path("accepted").asInt();
    }

    private static Map<String, String> with(Map<String, String> headers, String key) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put("Idempotency-Key", key);
        return more;
    }

    @Test
    void nothingTellsAnUnknownStoreFromABadSignature() {
        String body = "{\"id\": \"1\"}";
        Answer bad = post("things", body + " ", sign("standard", "1", now(), body));
        String known = storeId;
        storeId = "nobody";
        Answer unknown = post("things", body, sign("standard", "1", now(), body));
        Answer unsigned = post("things", body, Map.of());
        storeId = known;

        assertRefused(bad);
        assertThat(unknown).isEqualTo(bad);
        assertThat(unsigned).isEqualTo(bad);
        assertThat(post("unheard_of", body, Map.of())).isEqualTo(bad);
        assertThat(send("standard", "2", "unheard_of", body).status()).isEqualTo(404);
        assertThat(send("standard", "3", "prices", body).status()).isEqualTo(403);
    }

    @Test
    void bothSecretsAreGoodWhileOneIsRotatedIn() {
        configure("{\"webhook_config\": {\"secret\": \"" + NEWER_SECRET + "\"}}");
        String body = "{\"id\": \"1\"}";

        assertThat(send("standard", "old", "things", body).status()).isEqualTo(202);
        assertThat(post("things", body, sign("stripe", "new", now(), body, NEWER_SECRET)).status()).isEqualTo(202);
        assertRefused(post("things", body, sign("stripe", "none", now(), body, "whsec_b3RoZXI=")));
    }

    @Test
    void oneRecordWithoutItsKeyRefusesAllAndIsNamedByItsIndex() {
        Answer answer = send("standard", "1", "things", "[{\"id\": \"a\"}, {\"id\": null}, 7, {\"id\": \"b\", \"updated_at\": \"noon\"}]");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body().path("error").path("code").asText()).isEqualTo("INVALID_DATA_FORMAT");
        JsonNode details = answer.body().path("error").path("details");
        assertThat(details).hasSize(3);
        assertThat(details.get(0).path("loc").toString()).isEqualTo("[\"body\",1,\"id\"]");
        assertThat(details.get(1).path("loc").toString()).isEqualTo("[\"body\",2]");
        assertThat(ledger().path("accepted").asInt()).isZero();
        assertThat(send("standard", "1", "things", "{\"id\": \"a\"}").body().path("data").path("accepted").asInt()).isEqualTo(1);
    }

    @Test
    void otherBodiesAreRefusedAsTheyShouldBe() {
        assertThat(send("standard", "1", "things", "{\"id\": ").status()).isEqualTo(400);
        assertThat(send("standard", "2", "things", "").status()).isEqualTo(400);
        assertThat(send("standard", "half", "things", "{\"id\": 1, \"half of a smile\": \"\\ud83d\"}").status()).isEqualTo(400);
        assertThat(send("standard", "3", "things", "\"text\"").status()).isEqualTo(422);
        assertThat(send("standard", "4", "things", "[".repeat(200) + "]".repeat(200)).status()).isEqualTo(400);
        assertThat(send("standard", "5", "things", "[" + "{\"id\":1},".repeat(1000) + "{\"id\":1}]").status()).isEqualTo(413);
        Map<String, String> form = sign("standard", "6", now(), "id=1");
        form.put("Content-Type", "application/x-www-form-urlencoded");
        assertThat(post("things", "id=1", form).status()).isEqualTo(415);
        assertThat(post("things", "x".repeat(11_000_000), Map.of()).status()).isEqualTo(413);
    }

    @Test
    void whatIsNotListedIsNeverStored() throws IOException {
        String body = Files.readString(Path.of("src/test/resources/webhooks", "standard-products.json"));
        assertThat(send("standard", "1", "products", body).status()).isEqualTo(202);
        awaitApplied(2);

        JsonNode listed = record("products", "product_456").path("data");
        assertThat(listed.path("title").asText()).isEqualTo("Kilim");
        assertThat(listed.has("internal_notes")).isFalse();
        assertThat(listed.has("inventory")).isFalse();
    }

    private void assertRefused(Answer answer) {
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.body().toString()).isEqualTo(
                "{\"error\":{\"code\":\"UNAUTHORIZED\",\"message\":\"The webhook's signature is missing or not valid.\",\"details\":{}}}");
    }

    private void awaitApplied(int records) {
        await().atMost(Duration.ofSeconds(20)).until(() -> ledger().path("APPLIED").asInt() >= records);
    }

    private JsonNode ledger() {
        JsonNode ledger = call("GET", "/api/v1/ledger?store_id=" + storeId, null).body();
        assertThat(ledger.path("balanced").asBoolean()).isTrue();
        return ledger.path("total");
    }

    private JsonNode record(String entity, String key) {
        return call("GET", "/api/v1/records/" + entity + "/" + key, null).body();
    }

    private void configure(String body) {
        Answer answer = call("POST", "/v1/stores/" + storeId + "/sync/configure", body);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    }

    private Answer send(String style, String id, String entity, String body) {
        return post(entity, body, sign(style, id, now(), body));
    }

    private Answer post(String entity, String body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(hub.baseUrl() + "/v1/webhooks/" + storeId + "/" + entity))
                .POST(BodyPublishers.ofString(body));
        headers.forEach(request::header);
        if (!headers.containsKey("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        return answer(request);
    }

    private Answer call(String method, String path, String body) {
        return answer(HttpRequest.newBuilder(URI.create(hub.baseUrl() + path))
                .header("Authorization", "Bearer demo-token")
                .header("Content-Type", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
    }

    private record Answer(int status, JsonNode body) {}

    private static Answer answer(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer = HTTP.send(request.build(), BodyHandlers.ofString());
            return new Answer(answer.statusCode(), JSON.readTree(answer.body()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static long now() {
        return Clock.systemUTC().instant().getEpochSecond();
    }

    private static Map<String, String> sign(String style, String id, long seconds, String body) {
        return sign(style, id, seconds, body, SECRET);
    }

    /** By the sender's own library. */
    private static Map<String, String> sign(String style, String id, long seconds, String body, String secret) {
        ObjectNode request = JSON.createObjectNode()
                .put("style", style).put("secret", secret).put("id", id).put("seconds", seconds).put("body", body);
        signer.send(request.toString());
        signed++;
        await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(2)).until(() -> signer.lines().size() >= signed);
        try {
            Map<String, String> headers = new LinkedHashMap<>();
            JSON.readTree(signer.lines().get(signed - 1)).fields().forEachRemaining(f -> headers.put(f.getKey(), f.getValue().asText()));
            return headers;
        } catch (IOException e) {
            throw new IllegalStateException("The signer said " + signer.lines() + signer.errors(), e);
        }
    }
}
