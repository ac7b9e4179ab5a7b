package dev.serai.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.HubProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Engine.IO 4 and socket.io 5 by hand: what well-behaved clients never send, as the protocol's own test suite has it. */
class EngineProtocolIT {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static HubProcess hub;

    @BeforeAll
    static void start() {
        hub = HubProcess.shared();
    }

    private static HttpRequest.Builder request(String query) {
        return HttpRequest.newBuilder(URI.create(hub.baseUrl() + "/socket.io/?" + query));
    }

    private static HttpResponse<String> get(String query) throws Exception {
        return HTTP.send(request(query).GET().build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(String query, String body) throws Exception {
        return HTTP.send(request(query).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    /** A new session's query. */
    private static String open() throws Exception {
        JsonNode opened = LiveClients.json(get("EIO=4&transport=polling").body().substring(1));
        assertThat(opened.fieldNames()).toIterable().containsExactly("sid", "upgrades", "pingInterval", "pingTimeout", "maxPayload");
        return "EIO=4&transport=polling&sid=" + opened.path("sid").asText();
    }

    /** A session in the default namespace, with what greets it read. */
    private static String connected() throws Exception {
        String session = open();
        assertThat(post(session, "40").body()).isEqualTo("ok");
        StringBuilder seen = new StringBuilder();
        while (!seen.toString().contains("42[\"connected\",{\"message\":\"Connected to sync server\"}]")) {
            seen.append(get(session).body());
        }
        assertThat(seen.toString()).startsWith("40{\"sid\":");
        return session;
    }

    @ParameterizedTest
    @CsvSource({
        "GET, transport=polling, 5",
        "GET, EIO=3&transport=polling, 5",
        "GET, EIO=4, 0",
        "GET, EIO=4&transport=carrier-pigeon, 0",
        "GET, EIO=4&transport=websocket, 3",
        "GET, EIO=4&transport=polling&sid=unknown, 1",
        "POST, EIO=4&transport=polling, 2",
        "PUT, EIO=4&transport=polling, 2",
    })
    void aRequestThatIsNoneOfTheProtocolIs400WithItsCode(String method, String query, int code) throws Exception {
        HttpRequest request = request(query).method(method, BodyPublishers.noBody()).build();

        HttpResponse<String> answer = HTTP.send(request, BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(LiveClients.json(answer.body()).path("code").asInt()).isEqualTo(code);
    }

    @Test
    void aWrongMethodInASessionIs400AndLeavesTheSession() throws Exception {
        String session = connected();

        assertThat(HTTP.send(request(session).DELETE().build(), BodyHandlers.ofString()).statusCode()).isEqualTo(400);

        post(session, "42[\"nope\",{}]");
        assertThat(get(session).body()).startsWith("42[\"error\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "", "4abc", "42{}", "42[]", "42[7]", "42[\"unfinished", "45-[\"x\",{\"_placeholder\":true,\"num\":0}]", "40", "bAQID",
        "2", "49"})
    void aBadPacketEndsTheSession(String packet) throws Exception {
        String session = connected();

        assertThat(post(session, packet).statusCode()).isEqualTo(400);

        assertThat(get(session).statusCode()).isEqualTo(400);
    }

    @Test
    void severalPacketsInOneBodyAreAllTaken() throws Exception {
        String session = connected();

        post(session, "421[\"critical_event\",{\"event_type\":\"a\",\"payload\":{\"n\":1},\"device_id\":\"d\"}]\u001e422[\"nope\",{}]");

        StringBuilder seen = new StringBuilder();
        while (!seen.toString().contains("432[") || !seen.toString().contains("431[{\"message\":\"Event queued\"")) {
            seen.append(get(session).body());
        }
    }

    @Test
    void aSecondPollBesideAnOpenOneEndsTheSession() throws Exception {
        String session = connected();
        CompletableFuture<HttpResponse<String>> first = HTTP.sendAsync(request(session).GET().build(), BodyHandlers.ofString());
        HttpResponse<String> second = get(session);
        if (second.statusCode() == 200) {
            // It came first, and the other one was refused.
            assertThat(first.get().statusCode()).isEqualTo(400);
        } else {
            assertThat(second.statusCode()).isEqualTo(400);
            assertThat(first.get().body()).isEqualTo("1");
        }
        assertThat(get(session).statusCode()).isEqualTo(400);
    }

    @Test
    void aClientThatSaysGoodByeEndsItsOpenPoll() throws Exception {
        String session = connected();
        CompletableFuture<HttpResponse<String>> poll = HTTP.sendAsync(request(session).GET().build(), BodyHandlers.ofString());

        post(session, "1");

        assertThat(poll.get().body()).isIn("6", "{\"code\":1,\"message\":\"Session ID unknown\"}");
        assertThat(get(session).statusCode()).isEqualTo(400);
    }

    @Test
    void aNamespaceThatIsNotThereIsRefusedAndTheSessionStays() throws Exception {
        String session = open();

        post(session, "40/admin,");

        assertThat(get(session).body()).isEqualTo("44/admin,{\"message\":\"Invalid namespace\"}");
        assertThat(post(session, "40").statusCode()).isEqualTo(200);
        assertThat(get(session).body()).startsWith("40{\"sid\":");
    }

    @Test
    void eventsBeforeTheNamespaceIsConnectedEndTheSession() throws Exception {
        assertThat(post(open(), "42[\"acknowledge\",{}]").statusCode()).isEqualTo(400);
    }

    @Test
    void aBodyOverTheBoundIs413AndEndsTheSession() throws Exception {
        String session = connected();

        assertThat(post(session, "4" + "x".repeat(70_000)).statusCode()).isEqualTo(413);

        assertThat(get(session).statusCode()).isEqualTo(400);
    }

    @Test
    void aPathOfASocketSaysWhatItWantsToOthers() throws Exception {
        HttpRequest plain = HttpRequest.newBuilder(URI.create(hub.baseUrl() + "/ws")).GET().build();

        HttpResponse<String> answer = HTTP.send(plain, BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(426);
        assertThat(answer.headers().firstValue("Upgrade")).contains("websocket");
        assertThat(LiveClients.json(answer.body()).path("detail").asText()).contains("upgrade");
    }
}
