package dev.serai.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.HubProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A hub that is not on trial: every client says who it is, and a device speaks for itself only. */
class LiveAccessIT {

    private static final String EVENT = "{\"event_type\":\"e\",\"payload\":{\"n\":1},\"device_id\":\"till-1\"}";

    private static HubProcess hub;

    private LiveClients clients;

    @BeforeAll
    static void start() {
        hub = HubProcess.onNewData().with("SERAI_ACCESS_OPEN", "false").start();
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

    private static String token(String role, String scope) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(hub.baseUrl() + "/v1/access/tokens"))
                .header("Authorization", "Bearer demo-token").header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"name\":\"t\",\"role\":\"" + role + "\"" + scope + "}")).build();
        JsonNode answer = LiveClients.json(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body());
        return answer.path("data").path("token").asText();
    }

    private static Map<String, String> bearer(String token) {
        return Map.of("Authorization", "Bearer " + token);
    }

    private int refusal(String name, String path, Map<String, String> headers) {
        clients.tryPlain(name, path, headers);
        return clients.await(name, seen -> seen.has("refused")).path("refused").asInt();
    }

    private int socketIoRefusal(String name, Map<String, ?> auth) {
        clients.trySocketIo(name, Map.of("auth", auth));
        return clients.await(name, seen -> seen.has("connectError")).path("data").path("status").asInt();
    }

    @Test
    void nobodyConnectsWithoutCredentials() {
        assertThat(refusal("a", "/ws", Map.of())).isEqualTo(401);
        assertThat(refusal("b", "/ws?device_id=till-1", Map.of())).isEqualTo(401);
        assertThat(socketIoRefusal("c", Map.of("device_id", "till-1"))).isEqualTo(401);
    }

    @Test
    void aDeviceConnectsAsItselfOnly() throws Exception {
        String token = token("device", ",\"device_id\":\"till-1\"");

        assertThat(refusal("other", "/ws?device_id=till-2", bearer(token))).isEqualTo(404);
        assertThat(socketIoRefusal("other-io", Map.of("device_id", "till-2", "token", token))).isEqualTo(404);
        clients.plain("unnamed", "/ws", bearer(token));
        clients.socketIo("io", Map.of("auth", Map.of("device_id", "till-1", "token", token)));

        clients.event("unnamed", "critical_event", EVENT);
        clients.awaitCritical("io", clients.awaitEvent("unnamed", "event_queued").path("event_id").asLong());
        clients.event("unnamed", "critical_event", EVENT.replace("till-1", "till-2"));
        assertThat(clients.awaitEvent("unnamed", "error").path("message").asText()).contains("no device 'till-2'");
    }

    @Test
    void aViewerWatchesAndSendsNothing() throws Exception {
        clients.plain("viewer", "/ws", bearer(token("viewer", "")));
        clients.plain("till", "/ws", bearer(token("device", ",\"device_id\":\"till-1\"")));

        clients.event("till", "critical_event", EVENT);
        clients.awaitEvent("viewer", "critical_event");
        clients.event("viewer", "critical_event", EVENT);

        assertThat(clients.awaitEvent("viewer", "error").path("message").asText()).isEqualTo("A viewer sends nothing.");
    }

    @Test
    void aStoreHasNoBusinessHere() throws Exception {
        assertThat(refusal("store", "/ws", bearer(token("store", ",\"store_id\":\"s1\"")))).isEqualTo(403);
    }
}
