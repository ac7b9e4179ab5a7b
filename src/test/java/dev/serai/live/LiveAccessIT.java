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
import java.nio.charset.StandardCharsets;
import java.util.Base64;
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
        return made(role, scope).path("token").asText();
    }

    private static JsonNode made(String role, String scope) throws Exception {
        return access("POST", "/tokens", "{\"name\":\"t\",\"role\":\"" + role + "\"" + scope + "}").path("data");
    }

    private static JsonNode access(String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(hub.baseUrl() + "/v1/access" + path))
                .header("Authorization", "Bearer demo-token").header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body)).build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
        return answer.body().isEmpty() ? null : LiveClients.json(answer.body());
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
    void aConnectionEndsWithTheTokenOrKeyThatOpenedIt() throws Exception {
        JsonNode revoked = made("device", ",\"device_id\":\"till-1\"");
        JsonNode key = access("POST", "/api-keys", "{\"name\":\"pms\"}").path("data");
        clients.plain("plain", "/ws", bearer(revoked.path("token").asText()));
        clients.socketIo("io", Map.of("auth", Map.of("device_id", "till-1", "token", revoked.path("token").asText())));
        clients.trySocketIo("key", Map.of("auth", Map.of("token", key.path("api_key").asText())));
        clients.plain("other", "/ws", bearer(token("viewer", "")));
        clients.emit("key", "subscribe_order", "\"o1\"", false);
        clients.awaitEvent("key", "subscribed");

        access("DELETE", "/tokens/" + revoked.path("token_id").asText(), "");
        assertThat(clients.awaitClose("plain")).isEqualTo(CloseCode.POLICY);
        clients.await("io", seen -> seen.has("disconnected"));
        access("DELETE", "/api-keys/" + key.path("key_id").asText(), "");
        clients.await("key", seen -> seen.has("disconnected"));

        clients.event("other", "critical_event", EVENT);
        assertThat(clients.awaitEvent("other", "error").path("message").asText()).isEqualTo("A viewer sends nothing.");
    }

    @Test
    void aUsersConnectionsEndWithItsPassword() throws Exception {
        access("POST", "/users", "{\"username\":\"ada\",\"password\":\"first-password\",\"role\":\"viewer\"}");
        clients.plain("first", "/ws", basic("ada:first-password"));

        access("PUT", "/users/ada/password", "{\"password\":\"second-password\"}");
        assertThat(clients.awaitClose("first")).isEqualTo(CloseCode.POLICY);
        clients.plain("second", "/ws", basic("ada:second-password"));

        access("DELETE", "/users/ada", "");
        assertThat(clients.awaitClose("second")).isEqualTo(CloseCode.POLICY);
    }

    private static Map<String, String> basic(String pair) {
        return Map.of("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aStoreHasNoBusinessHere() throws Exception {
        assertThat(refusal("store", "/ws", bearer(token("store", ",\"store_id\":\"s1\"")))).isEqualTo(403);
    }
}
