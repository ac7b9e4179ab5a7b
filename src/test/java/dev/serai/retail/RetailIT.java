package dev.serai.retail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.retail.RetailClient.Answer;
import dev.serai.testing.HubProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The retail face as a device sees it: over HTTP, on the whole hub in embedded mode. */
class RetailIT {

    private static final Pattern LOGGED = Pattern.compile("(?m)^\\d{4}-\\d\\d-\\d\\d [^\n]*?(?:LOG|DETAIL):  ");

    private static HubProcess hub;
    private static RetailClient client;

    @BeforeAll
    static void start() {
        hub = HubProcess.onNewData().start();
        client = new RetailClient(hub::baseUrl);
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private final String me = device();
    private final String other = device();

    private static String device() {
        return "dev-" + UUID.randomUUID();
    }

    @Test
    void pingAnswers() {
        assertThat(client.get("/api/ping").status()).isEqualTo(200);
    }

    @Test
    void aPushIsAnsweredAsTheDocumentSays() {
        Answer answer = client.post("/sync/push", """
                {"event_type": "stock_update", "payload": {"product_id": 1, "qty": 5}, "device_id": "%s"}""".formatted(me));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.http().body())
                .isEqualTo("{\"message\":\"Event queued\",\"event_id\":" + answer.body().path("event_id").asLong() + "}");
        assertThat(answer.body().path("event_id").isIntegralNumber()).isTrue();
    }

    @Test
    void anotherDevicePullsItAsItWasPushed() {
        client.post("/sync/push", """
                {"event_type": "price", "payload": {"price": 12.50, "name": "Kübel 🪣"}, "device_id": "%s", "user_id": "ada",
                 "timestamp": "2025-07-25T12:00:00"}""".formatted(other));

        Answer page = client.get("/sync/pull?limit=1000&device_id=" + me);

        JsonNode event = mine(page);
        assertThat(event.toString()).startsWith("{\"event_id\":");
        assertThat(page.http().body()).contains("\"payload\":{\"price\":12.50,\"name\":\"Kübel 🪣\"}");
        assertThat(event.path("event_type").asText()).isEqualTo("price");
        assertThat(event.path("user_id").asText()).isEqualTo("ada");
        assertThat(event.path("timestamp").asText()).isEqualTo("2025-07-25T12:00:00Z");
        assertThat(event.fieldNames()).toIterable()
                .containsExactly("event_id", "event_type", "payload", "device_id", "user_id", "timestamp");
    }

    @Test
    void aDeviceDoesNotGetItsOwnEventsNorWhatItAcknowledged() {
        client.push(me, 1);
        long first = client.push(other, 1);
        long second = client.push(other, 2);

        Answer ack = client.post("/sync/ack", "{\"device_id\":\"" + me + "\",\"event_ids\":[" + first + ",999999999]}");

        assertThat(ack.body().toString()).isEqualTo("{\"acknowledged\":1,\"unknown\":1}");
        Answer again = client.post("/sync/ack", "{\"device_id\":\"" + me + "\",\"event_id\":" + first + ".0}");
        assertThat(again.body().path("acknowledged").asInt()).isEqualTo(1);
        List<Long> left = new ArrayList<>();
        client.get("/sync/pull?limit=1000&device_id=" + me).body().path("events").forEach(e -> left.add(e.path("event_id").asLong()));
        assertThat(left).contains(second).doesNotContain(first).isSorted();
        assertThat(client.get("/sync/pull?limit=1000&device_id=" + me).body().findValuesAsText("device_id")).doesNotContain(me);
    }

    @Test
    void pagesGoOnByTheirCursorAndNarrowBySince() {
        String since = Instant.now().toString();
        List<Long> pushed = IntStream.range(0, 7).mapToLong(n -> client.push(other, n)).boxed().toList();
        List<Long> pulled = new ArrayList<>();
        String path = "/sync/pull?limit=3&device_id=" + me + "&since=" + since.replace("Z", "");
        JsonNode page = client.get(path).body();
        page.path("events").forEach(e -> pulled.add(e.path("event_id").asLong()));
        while (page.path("has_more").asBoolean()) {
            page = client.get(path + "&cursor=" + page.path("next_cursor").asText()).body();
            page.path("events").forEach(e -> pulled.add(e.path("event_id").asLong()));
        }

        assertThat(pulled).containsAll(pushed).isSorted().doesNotHaveDuplicates();
        assertThat(page.path("next_cursor").isTextual()).isTrue();
    }

    /** The database's own log of what it executes; the hub's pollers read something else, and less often. */
    @Test
    void everyPageIsOneReadOfTheDatabase() throws Exception {
        int pages = 150;
        IntStream.range(0, 2 * pages).parallel().forEach(n -> client.push(other, n));
        Path log = hub.data().resolve("postgres.log");
        logStatements("all");
        int before = Files.readString(log).length();
        String cursor = "0";
        for (int page = 0; page < pages; page++) {
            Answer answer = client.get("/sync/pull?limit=2&device_id=" + me + "&cursor=" + cursor);
            assertThat(answer.body().path("events")).hasSize(2);
            cursor = answer.body().path("next_cursor").asText();
        }
        List<String> reads = reads(Files.readString(log).substring(before));
        logStatements("none");

        Map<String, Long> often = reads.stream().collect(Collectors.groupingBy(read -> read, Collectors.counting()));
        often.values().removeIf(times -> times < pages);
        assertThat(often).hasSize(1).allSatisfy((read, times) -> {
            assertThat(read).contains("device_feed", "device_event");
            assertThat(times).isEqualTo(pages);
        });
    }

    private static void logStatements(String which) throws IOException, InterruptedException {
        Files.writeString(hub.data().resolve("postgres/postgresql.conf"), "log_statement = '" + which + "'\n", StandardOpenOption.APPEND);
        String server = Long.toString(hub.databaseProcess().orElseThrow().pid());
        assertThat(new ProcessBuilder("kill", "-HUP", server).start().waitFor()).isZero();
        Path log = hub.data().resolve("postgres.log");
        await().until(() -> Files.readString(log).contains("parameter \"log_statement\" changed to \"" + which + "\""));
        // Every connection takes the setting up before its next statement.
        client.get("/sync/status?device_id=nobody");
    }

    private static List<String> reads(String log) {
        return LOGGED.splitAsStream(log).filter(entry -> entry.startsWith("execute "))
                .map(entry -> entry.substring(entry.indexOf(": ") + 2).strip())
                .filter(statement -> statement.startsWith("SELECT") || statement.startsWith("WITH")).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{} | event_type | value_error.missing",
        "{'event_type': '', 'payload': {'a': 1}, 'device_id': 'd'} | event_type | value_error.any_str.min_length",
        "{'event_type': '  ', 'payload': {'a': 1}, 'device_id': 'd'} | event_type | value_error.str.regex",
        "{'event_type': 5, 'payload': {'a': 1}, 'device_id': 'd'} | event_type | type_error.str",
        "{'event_type': 't', 'device_id': 'd'} | payload | value_error.missing",
        "{'event_type': 't', 'payload': 'text', 'device_id': 'd'} | payload | type_error.dict",
        "{'event_type': 't', 'payload': null, 'device_id': 'd'} | payload | type_error.dict",
        "{'event_type': 't', 'payload': {'a': 1}} | device_id | value_error.missing",
        "{'event_type': 't', 'payload': {'a': 1}, 'device_id': ['d']} | device_id | type_error.str",
        "{'event_type': 't', 'payload': {'a': 1}, 'device_id': 'd\\u0000'} | device_id | value_error.str.regex",
        "{'event_type': 't', 'payload': {'a': 1}, 'device_id': 'd', 'user_id': 7} | user_id | type_error.str",
        "{'event_type': 't', 'payload': {'a': 1}, 'device_id': 'd', 'timestamp': 'noon'} | timestamp | value_error.datetime",
        "{'event_type': 'order_created', 'payload': {'a': 1}, 'device_id': 'd'} | payload.order_id | value_error.missing",
        "{'event_type': 'order_created', 'payload': {'order_id': 1.5}, 'device_id': 'd'} | payload.order_id | type_error.integer"})
    void aBadPushIsRefusedWithPlaceAndKind(String body, String field, String type) {
        Answer answer = client.post("/sync/push", body.replace('\'', '"'));

        assertThat(answer.status()).as(answer.http().body()).isEqualTo(422);
        JsonNode first = answer.body().path("detail").path(0);
        List<String> loc = new ArrayList<>();
        first.path("loc").forEach(part -> loc.add(part.asText()));
        assertThat(String.join(".", loc)).isEqualTo("body." + field);
        assertThat(first.path("type").asText()).isEqualTo(type);
        assertThat(first.path("msg").asText()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"[] | 400", "text | 400", "{ | 400", "null | 400"})
    void aBodyThatIsNoObjectIsABadRequest(String body, int status) {
        Answer answer = client.post("/sync/push", body);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body().path("detail").isTextual()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"/sync/pull,422", "/sync/pull?device_id=,422", "/sync/pull?device_id=d&limit=0,422",
        "/sync/pull?device_id=d&limit=1001,422", "/sync/pull?device_id=d&since=noon,422", "/sync/pull?device_id=d&cursor=x,422",
        "/sync/status?limit=x,422", "/sync/audit?from=x,422", "/sync/audit?from=2026-01-02&to=2026-01-01,422", "/sync/push,405", "/sync/nowhere,404"})
    void aBadQueryIsRefused(String path, int status) {
        Answer answer = client.get(path);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body().has("detail")).isTrue();
        assertThat(answer.body().path("detail").isArray()).as("fields are named").isEqualTo(status == 422);
    }

    @Test
    void anAcknowledgementOfNothingIsRefused() {
        assertThat(client.post("/sync/ack", "{\"device_id\":\"d\"}").status()).isEqualTo(422);
        assertThat(client.post("/sync/ack", "{\"device_id\":\"d\",\"event_ids\":[]}").status()).isEqualTo(422);
        assertThat(client.post("/sync/ack", "{\"device_id\":\"d\",\"event_id\":\"1\"}").status()).isEqualTo(422);
        assertThat(client.post("/sync/ack", "{\"event_id\":1}").status()).isEqualTo(422);
    }

    @Test
    void aRepeatedPushHasOneEffectAndConcurrentOnesToo() {
        long first = client.push(other, 1, "Idempotency-Key", "k1");
        Answer again = client.post("/sync/push", RetailClient.event(other, 1), "Idempotency-Key", "k1");
        Answer changed = client.post("/sync/push", RetailClient.event(other, 2), "Idempotency-Key", "k1");

        assertThat(again.body().path("event_id").asLong()).isEqualTo(first);
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(changed.status()).isEqualTo(422);
        assertThat(client.post("/sync/push", RetailClient.event(other, 2), "Idempotency-Key", "a b").status()).isEqualTo(400);
        assertThat(client.post("/sync/push", RetailClient.event(other, 2), "Idempotency-Key", "k".repeat(255)).status()).isEqualTo(202);
        assertThat(client.post("/sync/push", RetailClient.event(other, 2), "Idempotency-Key", "k".repeat(256)).status()).isEqualTo(422);
        List<CompletableFuture<Long>> many = IntStream.range(0, 20)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> client.push(other, 3, "Idempotency-Key", "k3")))
                .toList();
        Set<Long> ids = new HashSet<>();
        many.forEach(id -> ids.add(id.join()));
        assertThat(ids).hasSize(1);
    }

    @Test
    void statusCountsAndListsWhatADevicePushed() {
        long first = client.push(me, 1);
        long second = client.push(me, 2);
        client.post("/sync/ack", "{\"device_id\":\"" + other + "\",\"event_id\":" + first + "}");
        client.post("/sync/ack", "{\"device_id\":\"" + me + "\",\"event_id\":" + second + "}");

        JsonNode status = client.get("/sync/status?device_id=" + me).body();

        assertThat(status.path("summary").toString()).isEqualTo("{\"total\":2,\"pending\":1,\"acknowledged\":1}");
        assertThat(status.path("history").findValuesAsText("event_id")).containsExactly("" + second, "" + first);
        assertThat(status.path("history").findValuesAsText("status")).containsExactly("pending", "acknowledged");
        JsonNode page = client.get("/sync/status?limit=1&device_id=" + me).body();
        assertThat(page.path("has_more").asBoolean()).isTrue();
        JsonNode rest = client.get("/sync/status?limit=1&device_id=" + me + "&cursor=" + page.path("next_cursor").asText()).body();
        assertThat(rest.path("history").findValuesAsText("event_id")).containsExactly("" + first);
        assertThat(client.get("/sync/status?device_id=nobody").body().path("summary").path("total").asInt()).isZero();
    }

    @Test
    void everyOperationIsInTheAuditLog() {
        long id = client.push(me, 1);
        client.get("/sync/pull?device_id=" + me);
        client.post("/sync/ack", "{\"device_id\":\"" + me + "\",\"event_id\":" + id + "}");
        client.post("/api/login", "{\"username\":\"" + me + "\",\"password\":\"wrong\"}");

        await().untilAsserted(() -> assertThat(client.get("/sync/audit?device_id=" + me).body().path("entries").findValuesAsText("action"))
                .containsExactlyInAnyOrder("sync.push", "sync.pull", "sync.ack"));
        assertThat(client.get("/sync/audit?action=sync.push&device_id=" + me).body().path("entries").findValuesAsText("subject"))
                .containsExactly("event " + id);
        assertThat(client.get("/sync/audit?action=login&user_id=" + me).body().path("entries").findValuesAsText("result"))
                .containsExactly("401");
        List<String> seen = new ArrayList<>();
        JsonNode page = client.get("/sync/audit?limit=1&device_id=" + me).body();
        seen.addAll(page.path("entries").findValuesAsText("audit_id"));
        while (page.path("has_more").asBoolean()) {
            page = client.get("/sync/audit?limit=1&device_id=" + me + "&cursor=" + page.path("next_cursor").asText()).body();
            seen.addAll(page.path("entries").findValuesAsText("audit_id"));
        }
        assertThat(seen).hasSize(3).doesNotHaveDuplicates();
        assertThat(client.get("/sync/audit?device_id=" + me + "&to=2020-01-01").body().path("entries")).isEmpty();
        assertThat(client.get("/sync/audit?device_id=" + me + "&from=2020-01-01").body().path("entries")).hasSize(3);
    }

    @Test
    void anOrderBecomesARecordOfTheHub() {
        int order = Math.abs(me.hashCode());
        client.post("/sync/push", """
                {"event_type": "order_created", "payload": {"order_id": %d.0, "terminal_id": "POS-9"}, "device_id": "%s"}"""
                .formatted(order, me));

        await().untilAsserted(() -> {
            JsonNode record = client.get("/api/v1/records/orders/" + order).body();
            assertThat(record.path("data").path("terminal_id").asText()).isEqualTo("POS-9");
            assertThat(record.path("source").asText()).isEqualTo(me);
        });
        assertThat(client.get("/api/v1/ledger").body().path("balanced").asBoolean()).isTrue();
    }

    @Test
    void aHugePayloadIsTakenUpToTheBoundAndRefusedBeyond() {
        String megabyte = "x".repeat(1_000_000);
        assertThat(client.post("/sync/push", huge(megabyte)).status()).isEqualTo(202);
        Answer tooLarge = client.post("/sync/push", huge(megabyte.repeat(11)));
        assertThat(tooLarge.status()).isEqualTo(413);
        assertThat(tooLarge.body().has("detail")).isTrue();
    }

    private String huge(String text) {
        return "{\"event_type\":\"t\",\"payload\":{\"text\":\"" + text + "\"},\"device_id\":\"" + me + "\"}";
    }

    @Test
    void aLoginGivesATokenThatIsAccepted() {
        Answer login = client.post("/api/login", "{\"username\":\"demo\",\"password\":\"demo\"}");

        assertThat(login.status()).isEqualTo(200);
        assertThat(login.body().fieldNames()).toIterable().containsExactly("access_token", "token_type", "expires_in");
        assertThat(login.body().path("token_type").asText()).isEqualTo("bearer");
        assertThat(login.body().path("expires_in").asInt()).isEqualTo(3600);
        String token = login.body().path("access_token").asText();
        assertThat(token.split("\\.")).hasSize(3);
        assertThat(client.get("/v1/access/tokens", "Authorization", "Bearer " + token).status()).isEqualTo(200);
        assertThat(client.get("/v1/access/tokens", "Authorization", "Bearer " + token + "x").status()).isEqualTo(401);
        String unsigned = "eyJhbGciOiJub25lIn0." + token.split("\\.")[1] + ".";
        assertThat(client.get("/v1/access/tokens", "Authorization", "Bearer " + unsigned).status()).isEqualTo(401);
        assertThat(client.post("/api/login", "{\"username\":\"demo\"}").status()).isEqualTo(422);
    }

    @Test
    void whoGuessesHasToWaitLongerAndLonger() {
        String guess = "{\"username\":\"" + me + "\",\"password\":\"wrong\"}";
        for (int i = 0; i < 5; i++) {
            Answer refused = client.post("/api/login", guess);
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.http().body()).isEqualTo("{\"detail\":\"User name or password are wrong.\"}");
        }
        Answer locked = client.post("/api/login", guess);

        assertThat(locked.status()).isEqualTo(429);
        assertThat(Integer.parseInt(locked.header("Retry-After"))).isPositive();
        assertThat(client.post("/api/login", "{\"username\":\"demo\",\"password\":\"demo\"}").status()).isEqualTo(200);
    }

    @Test
    void aDevicesTokenSeesItselfOnly() {
        String wanted = "{\"name\":\"t\",\"role\":\"device\",\"device_id\":\"" + me + "\",\"expires_in_days\":1}";
        JsonNode issued = client.post("/v1/access/tokens", wanted, "Authorization", "Bearer demo-token").body().path("data");
        String token = issued.path("token").asText();
        String[] mine = {"Authorization", "Bearer " + token};

        assertThat(client.post("/sync/push", RetailClient.event(me, 1), mine).status()).isEqualTo(202);
        assertThat(client.get("/sync/pull?device_id=" + me, mine).status()).isEqualTo(200);
        assertThat(client.post("/sync/push", RetailClient.event(other, 1), mine).status()).isEqualTo(404);
        assertThat(client.get("/sync/pull?device_id=" + other, mine).status()).isEqualTo(404);
        assertThat(client.post("/sync/ack", "{\"device_id\":\"" + other + "\",\"event_id\":1}", mine).status()).isEqualTo(404);
        assertThat(client.get("/sync/status?device_id=" + other, mine).status()).isEqualTo(404);
        assertThat(client.get("/sync/status", mine).body().path("summary").path("total").asInt()).isEqualTo(1);
        assertThat(client.get("/sync/audit", mine).body().path("entries").findValuesAsText("device_id")).containsOnly(me);
        await().untilAsserted(() -> assertThat(client.get("/sync/audit", mine).body().path("entries").findValuesAsText("who"))
                .hasSizeGreaterThan(1).containsOnly("token:" + issued.path("token_id").asText()));
    }

    private JsonNode mine(Answer page) {
        List<JsonNode> found = new ArrayList<>();
        page.body().path("events").forEach(e -> {
            if (e.path("device_id").asText().equals(other)) {
                found.add(e);
            }
        });
        assertThat(found).isNotEmpty();
        return found.get(0).deepCopy();
    }
}
