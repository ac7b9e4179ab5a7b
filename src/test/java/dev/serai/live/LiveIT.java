package dev.serai.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.HubProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** The live layer as devices use it: a real hub, and the real npm clients ws and socket.io-client. */
class LiveIT {

    @TempDir
    static Path home;

    private static HubProcess hub;

    private LiveClients clients;

    @BeforeAll
    static void start() throws IOException {
        FileSystemUtils.copyRecursively(Path.of("routes"), home.resolve("routes"));
        hub = HubProcess.onNewData().with("SERAI_HOME", home.toString()).start();
    }

    @AfterAll
    static void end() {
        hub.close();
    }

    @BeforeEach
    void clients() {
        clients = new LiveClients(hub.baseUrl());
    }

    @AfterEach
    void disconnect() {
        clients.close();
    }

    private static Map<String, Object> as(String device, Object... more) {
        Map<String, Object> options = new HashMap<>(Map.of("auth", Map.of("device_id", device)));
        for (int i = 0; i < more.length; i += 2) {
            options.put((String) more[i], more[i + 1]);
        }
        return options;
    }

    private static String critical(String device, String payload) {
        return "{\"event_type\":\"stock_update\",\"payload\":" + payload + ",\"device_id\":\"" + device + "\"}";
    }

    private long queued(String name) {
        return clients.awaitEvent(name, "event_queued").path("event_id").asLong();
    }

    @Test
    void aClientIsGreetedInEveryWayOfConnecting() {
        clients.plain("g1");
        clients.socketIo("g2", as("g2", "transports", List.of("websocket")));
        clients.socketIo("g3", as("g3", "transports", List.of("polling")));
        clients.socketIo("g4", as("g4"));

        for (String name : List.of("g1", "g2", "g3", "g4")) {
            assertThat(clients.awaitEvent(name, "connected").path("message").asText()).isEqualTo("Connected to sync server");
        }
        assertThat(clients.await("g3", seen -> seen.has("transport")).path("transport").asText()).isEqualTo("polling");
        clients.await("g4", seen -> seen.path("transport").asText().equals("websocket"));
    }

    @Test
    void aCriticalEventReachesEveryOtherClientWithinASecondWhateverItSpeaks() {
        clients.plain("c1");
        clients.plain("c2", "/ws", Map.of());
        clients.socketIo("c3", as("c3", "transports", List.of("websocket")));
        clients.socketIo("c4", as("c4", "transports", List.of("polling")));

        clients.event("c1", "critical_event", critical("c1", "{\"product_id\":1,\"qty\":0}"));

        long id = queued("c1");
        for (String name : List.of("c2", "c3", "c4")) {
            JsonNode got = clients.awaitCritical(name, id);
            assertThat(got.fieldNames()).toIterable().containsExactly("event_id", "event_type", "payload", "device_id", "timestamp");
            assertThat(got.path("payload").toString()).isEqualTo("{\"product_id\":1,\"qty\":0}");
            assertThat(got.path("device_id").asText()).isEqualTo("c1");
        }
        long from = System.nanoTime();
        clients.emit("c4", "critical_event", critical("c4", "{\"n\":2}"), true);
        long second = clients.await("c4", seen -> seen.has("ack")).path("ack").path("event_id").asLong();
        for (String name : List.of("c1", "c2", "c3")) {
            clients.awaitCritical(name, second);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(1));
        assertThat(clients.criticals("c1", id)).containsExactly(second);
        assertThat(clients.criticals("c4", id)).containsExactly(id);
    }

    @Test
    void whatADeviceHasNotAcknowledgedComesAgainInOrderWhenItReconnects() {
        clients.plain("r1");
        clients.plain("r2");
        for (int n = 0; n < 5; n++) {
            clients.event("r1", "critical_event", critical("r1", "{\"n\":" + n + "}"));
        }
        long first = queued("r1");
        Awaitility.await().until(() -> clients.criticals("r2", first).size() == 5);
        List<Long> ids = clients.criticals("r2", first);
        clients.event("r2", "acknowledge", "{\"event_id\":" + ids.get(1) + ",\"device_id\":\"r2\"}");
        clients.await("r2", seen -> seen.path("event").asText().equals("acknowledged"));
        clients.tell("close", "r2");
        clients.awaitClose("r2");

        clients.plain("r2-again", "/ws?device_id=r2", Map.of());
        clients.socketIo("r2-polling", as("r2", "transports", List.of("polling")));

        List<Long> missed = List.of(ids.get(0), ids.get(2), ids.get(3), ids.get(4));
        for (String name : List.of("r2-again", "r2-polling")) {
            clients.awaitCritical(name, ids.get(4));
            assertThat(clients.criticals(name, first)).isEqualTo(missed);
        }
        assertThat(clients.awaitCritical("r2-again", ids.get(0))).isEqualTo(clients.awaitCritical("r2", ids.get(0)));
    }

    @Test
    void aDeviceThatComesBackAmidTrafficMissesNothingAndGetsNothingTwice() {
        clients.plain("t1");
        clients.plain("t2");
        for (int n = 0; n < 300; n++) {
            clients.event("t1", "critical_event", critical("t1", "{\"n\":" + n + "}"));
            if (n % 100 == 50) {
                clients.tryPlain("late" + n, "/ws?device_id=late", Map.of());
            }
        }
        long first = queued("t1");
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> clients.criticals("t2", first).size() >= 300);
        List<Long> mine = clients.seen("t1").stream().filter(seen -> seen.path("event").asText().equals("event_queued"))
                .map(seen -> seen.path("data").path("event_id").asLong()).toList();
        for (String late : List.of("late50", "late150", "late250")) {
            clients.awaitCritical(late, mine.get(mine.size() - 1));
            assertThat(clients.criticals(late, first)).isEqualTo(mine);
        }
    }

    @Test
    void aSyncUpdateNeedsAToken() {
        String update = "{\"data\":{\"prices\":[1,2]},\"timestamp\":\"2026-01-01T00:00:00Z\"}";
        clients.plain("u1", "/ws?device_id=u1", Map.of("Authorization", "Bearer demo-token"));
        clients.socketIo("u2", Map.of("auth", Map.of("device_id", "u2", "token", "demo-token")));
        clients.plain("u3");

        clients.event("u3", "sync_update", update);
        assertThat(clients.awaitEvent("u3", "error").path("message").asText()).contains("needs a token");
        clients.event("u1", "sync_update", update);
        JsonNode got = clients.awaitEvent("u3", "sync_update");
        assertThat(got.path("data").toString()).isEqualTo("{\"prices\":[1,2]}");
        assertThat(got.path("timestamp").asText()).isEqualTo("2026-01-01T00:00:00Z");
        clients.emit("u2", "sync_update", update, true);
        clients.await("u2", seen -> seen.path("ack").path("event_id").asLong() > got.path("event_id").asLong());

        clients.tryPlain("wrong", "/ws", Map.of("Authorization", "Bearer wrong"));
        assertThat(clients.await("wrong", seen -> seen.has("refused")).path("refused").asInt()).isEqualTo(401);
        clients.trySocketIo("wrong-io", Map.of("auth", Map.of("token", "wrong")));
        assertThat(clients.await("wrong-io", seen -> seen.has("connectError")).path("data").path("status").asInt()).isEqualTo(401);
        clients.event("u3", "critical_event", critical("u3", "{\"n\":1}").replace("stock_update", "sync_update"));
        clients.await("u3", seen -> seen.path("data").path("message").asText().startsWith("event_type sync_update is kept"));
    }

    @Test
    void whatIsWrongIsAnsweredByAnErrorFrameAndTheConnectionStays() {
        clients.plain("e1");
        Map<String, String> wrong = new HashMap<>(Map.of(
                "not json", "A frame is a JSON object",
                "[1]", "A frame is a JSON object",
                "{\"event\":7}", "A frame is a JSON object",
                "{\"event\":\"nope\",\"data\":{}}", "There is no event 'nope'",
                "{\"event\":\"critical_event\"}", "data is missing",
                "{\"event\":\"critical_event\",\"data\":[]}", "data must be a JSON object",
                "{\"event\":\"acknowledge\",\"data\":{\"event_id\":\"one\",\"device_id\":\"e1\"}}", "event_id must be an integer",
                "{\"event\":\"acknowledge\",\"data\":{\"event_id\":987654321,\"device_id\":\"e1\"}}", "There is no event 987654321"));
        wrong.forEach((frame, message) -> {
            clients.text("e1", frame);
            clients.await("e1", seen -> seen.path("event").asText().equals("error")
                    && seen.path("data").path("message").asText().startsWith(message));
        });
        clients.socketIo("e2", as("e2"));
        clients.emit("e2", "nope", "{}", true);
        assertThat(clients.await("e2", seen -> seen.has("ack")).path("ack").path("error").asText()).startsWith("There is no event 'nope'");
        clients.awaitEvent("e2", "error");

        clients.event("e1", "critical_event", critical("e1", "{\"n\":1}"));
        clients.awaitCritical("e2", queued("e1"));
    }

    @Test
    void aCriticalEventIsHeldToTheContractOfAPush() throws Exception {
        clients.plain("v1");
        clients.socketIo("v2", as("v2"));
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put(critical("v1", "{}"), "payload: ");
        wrong.put(critical("v1", "[1]"), "payload: value is not a valid dict.");
        wrong.put("{\"event_type\":\"a\",\"device_id\":\"v1\"}", "payload: field required.");
        wrong.put("{\"event_type\":7,\"payload\":{\"n\":1}}", "event_type: value is not a valid str; device_id: field required.");
        wrong.put(critical("v1", "{\"n\":1},\"user_id\":7"), "user_id: value is not a valid str");
        wrong.put(critical("v1", "{\"n\":1},\"timestamp\":\"yesterday\""), "timestamp: value is not a valid ISO 8601 time.");
        wrong.put(critical("v1", "{\"n\":1}").replace("stock_update", "order_created"), "payload.order_id: field required");
        for (Map.Entry<String, String> one : wrong.entrySet()) {
            assertThat(pushed(one.getKey())).as(one.getKey()).isEqualTo(422);
            clients.event("v1", "critical_event", one.getKey());
            clients.await("v1", seen -> seen.path("event").asText().equals("error")
                    && seen.path("data").path("message").asText().startsWith(one.getValue()));
        }
        String half = critical("v1", "{\"name\":\"\\ud83e\"}");
        assertThat(pushed(half)).isEqualTo(400);
        clients.event("v1", "critical_event", half);
        clients.await("v1", seen -> seen.path("data").path("message").asText().startsWith("data has half of a surrogate pair"));
        clients.text("v1", "{\"event\":\"critical_event\",\"data\":" + "[".repeat(1000) + "]".repeat(1000) + "}");
        clients.await("v1", seen -> seen.path("data").path("message").asText().startsWith("The frame is nested too deeply: more than 1000 "));
        clients.emit("v2", "critical_event", critical("v2", "{}"), true);
        assertThat(clients.await("v2", seen -> seen.has("ack")).path("ack").path("error").asText()).startsWith("payload: ");
        assertThat(clients.seen("v1")).noneMatch(seen -> seen.path("event").asText().equals("event_queued"));
    }

    @Test
    void numbersComeOutAsTheyWereWritten() throws Exception {
        String numbers = "[12.50,123456789012345678901234567890.12,1E+400,9223372036854775808]";
        clients.plain("n1");
        clients.text("n1", "{\"event\":\"critical_event\",\"data\":" + critical("n1", "{\"n\":" + numbers + "}") + "}");
        queued("n1");
        HttpRequest pull = HttpRequest.newBuilder(URI.create(hub.baseUrl() + "/sync/pull?device_id=n2&limit=1000")).build();
        assertThat(HttpClient.newHttpClient().send(pull, BodyHandlers.ofString()).body()).contains("{\"n\":" + numbers + "}");
    }

    private static int pushed(String event) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(hub.baseUrl() + "/sync/push"))
                .header("Content-Type", "application/json").POST(BodyPublishers.ofString(event)).build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).statusCode();
    }

    @Test
    void aClientThatSaysDisconnectIsClosedAsItWished() {
        clients.plain("bye1");
        clients.plain("bye2");
        clients.plain("stays");

        clients.text("bye1", "{\"event\":\"disconnect\"}");
        clients.event("bye2", "critical_event", critical("bye2", "{\"n\":1}"));
        long last = queued("bye2");
        clients.event("bye2", "disconnect", "{\"reason\":\"closing time\"}");

        assertThat(clients.awaitClose("bye1")).isEqualTo(1000);
        assertThat(clients.awaitClose("bye2")).isEqualTo(1000);
        clients.awaitCritical("stays", last);
        assertThat(clients.seen("bye1")).noneMatch(seen -> seen.path("event").asText().equals("error"));
    }

    @Test
    void tooLargeAndBinaryFramesCloseOnlyTheirConnection() {
        clients.plain("f1");
        clients.plain("f2");
        clients.plain("f3");

        clients.text("f1", "x".repeat(70_000));
        clients.tell("binary", "f2");

        assertThat(clients.awaitClose("f1")).isEqualTo(1009);
        assertThat(clients.awaitClose("f2")).isEqualTo(1003);
        clients.socketIo("f4", as("f4"));
        String large = "x".repeat(65_350);
        clients.event("f3", "critical_event", critical("f3", "{\"large\":\"" + large + "\"}"));
        assertThat(clients.awaitCritical("f4", queued("f3")).path("payload").path("large").asText()).isEqualTo("65350 characters");
        clients.plain("f5");
        clients.awaitCritical("f5", queued("f3"));
    }

    @Test
    void pagesOfForeignOriginsAreRefused() {
        String own = hub.baseUrl();
        clients.tryPlain("o1", "/ws", Map.of("Origin", "https://evil.example"));
        assertThat(clients.await("o1", seen -> seen.has("refused")).path("refused").asInt()).isEqualTo(403);
        clients.plain("o2", "/ws", Map.of("Origin", own));
        clients.trySocketIo("o3", Map.of("extraHeaders", Map.of("Origin", "https://evil.example")));
        clients.await("o3", seen -> seen.has("connectError"));
        clients.socketIo("o4", Map.of("extraHeaders", Map.of("Origin", own)));
    }

    @Test
    void theFiftyFirstConnectionOfAClientIsRefusedUntilOneIsGone() {
        IntStream.range(0, 50).forEach(n -> clients.plain("m" + n, "/ws?device_id=many", Map.of()));

        clients.tryPlain("m50", "/ws?device_id=many", Map.of());
        JsonNode refusal = clients.await("m50", seen -> seen.has("refused"));
        assertThat(refusal.path("refused").asInt()).isEqualTo(429);
        assertThat(refusal.path("retryAfter").asText()).isNotEmpty();
        assertThat(refusal.path("body").asText()).contains("\"detail\"");
        clients.trySocketIo("m51", as("many"));
        assertThat(clients.await("m51", seen -> seen.has("connectError")).path("data").path("status").asInt()).isEqualTo(429);

        clients.tell("close", "m0");
        clients.awaitClose("m0");
        Awaitility.await().until(() -> {
            clients.tryPlain("m52", "/ws?device_id=many", Map.of());
            return clients.await("m52", seen -> seen.has("opened") || seen.has("refused")).has("opened");
        });
    }

    @Test
    void anEditedRouteGoesOnBroadcasting() throws Exception {
        clients.plain("d1");
        clients.plain("d2");
        Path file = home.resolve("routes/live-feed.camel.yaml");
        Files.writeString(file, Files.readString(file) + "        - toD: {uri: \"live:alerts?event=seen\"}\n");
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> hub.log().split("live-feed.camel.yaml: 1 changed", -1).length == 3);

        clients.event("d1", "critical_event", critical("d1", "{\"n\":1}"));

        clients.awaitCritical("d2", queued("d1"));
        assertThat(hub.log()).doesNotContain("Exception");
    }
}
