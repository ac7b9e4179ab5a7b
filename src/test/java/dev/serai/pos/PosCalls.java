package dev.serai.pos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.testing.CloudReceiver;
import dev.serai.testing.HubProcess;
import dev.serai.testing.TestDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Calls the POS face over real HTTP. */
final class PosCalls {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    static final Duration PATIENCE = Duration.ofSeconds(90);

    private PosCalls() {}

    static HubProcess onDatabase(TestDatabase database, CloudReceiver cloud) {
        return HubProcess.onNewData()
                .with("SERAI_DB_URL", database.url().replace("jdbc:", "")).with("SERAI_DB_USER", database.user())
                .with("SERAI_DB_PASSWORD", database.password()).with("SERAI_BIND", "127.0.0.1").with("SERAI_DEMO", "true")
                .with("SERAI_CLOUD_URL", cloud.url()).with("SERAI_POS_SYNC_INTERVAL", "2s");
    }

    record Answer(int status, JsonNode body, HttpResponse<String> response) {

        String header(String name) {
            return response.headers().firstValue(name).orElse(null);
        }
    }

    static void assertRefused(Answer answer, int status, String body) {
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(names(answer.body())).containsExactly("detail");
        if (status == 422) {
            assertThat(answer.body().path("detail")).isNotEmpty();
            answer.body().path("detail").forEach(problem -> assertThat(names(problem)).containsExactly("loc", "msg", "type"));
        } else {
            assertThat(answer.body().path("detail").asText()).isNotBlank();
        }
        if (body != null) {
            assertThat(answer.body().toString()).isEqualTo(body);
        }
    }

    static void push(HubProcess hub, String terminal, int first, int last) throws Exception {
        for (int id : IntStream.rangeClosed(first, last).toArray()) {
            String order = "{\"order_id\": %d, \"terminal_id\": \"%s\", \"total\": %d}".formatted(id, terminal, id * 10);
            String event = "{\"event_type\": \"order_created\", \"device_id\": \"till-1\", \"payload\": " + order + "}";
            assertThat(send(hub, "POST", "/sync/push", event, null, "application/json").status()).isEqualTo(202);
        }
    }

    /** Asks once a second: status calls are limited to 60 a minute. */
    static void awaitCount(HubProcess hub, String terminal, String state, int count) {
        await(state).atMost(PATIENCE).pollInterval(Duration.ofMillis(1_050)).pollDelay(Duration.ZERO)
                .until(() -> counts(hub, terminal).path(state).asInt() == count);
    }

    static JsonNode counts(HubProcess hub, String terminal) throws Exception {
        return get(hub, "/api/pos/sync/status?terminal_id=" + terminal).body().path("sync_status_counts");
    }

    static Answer sync(HubProcess hub, String body) throws Exception {
        return send(hub, "POST", "/api/pos/sync", body, "demo-token", "application/json");
    }

    static Answer get(HubProcess hub, String path) throws Exception {
        return send(hub, "GET", path, null, "demo-token", null);
    }

    static String token(HubProcess hub, String role) throws Exception {
        String body = "{\"name\": \"till\", \"expires_in_days\": 1, \"role\": " + role + "}";
        return send(hub, "POST", "/v1/access/tokens", body, "demo-token", "application/json").body().path("data").path("token").asText();
    }

    static Answer send(HubProcess hub, String method, String path, String body, String token, String contentType, String... headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(hub.baseUrl() + path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (contentType != null) {
            request.header("Content-Type", contentType);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        HttpResponse<String> answer = HTTP.send(request.build(), BodyHandlers.ofString());
        return new Answer(answer.statusCode(), JSON.readTree(answer.body()), answer);
    }

    static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
