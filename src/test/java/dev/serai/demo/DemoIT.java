package dev.serai.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.testing.HubProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** The README's demo story, on a hub of its own and over real HTTP. */
class DemoIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path home;

    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private HubProcess hub;

    @BeforeEach
    void startTheHub() throws IOException {
        int port = freePort();
        FileSystemUtils.copyRecursively(Path.of("routes"), home.resolve("routes"));
        hub = HubProcess.onNewData().with("SERAI_HOME", home.toString()).with("SERAI_PORT", Integer.toString(port)).start();
    }

    @AfterEach
    void endTheHub() {
        if (hub != null) {
            hub.close();
        }
    }

    @Test
    void holdsLinesUntilTheirOrdersComeAndListsExactlyTheBadRecords() throws Exception {
        JsonNode lines = sync("demo_order_lines");
        assertThat(lines.path("pending_children").asInt()).isEqualTo(900);
        assertThat(lines.path("failed").asInt()).isEqualTo(1);
        assertThat(pendingChildren()).isEqualTo(900);

        sync("demo_orders");
        sync("demo_customers");
        await("the release of all children").atMost(PATIENCE).until(() -> pendingChildren() == 0);

        JsonNode failed = get("/api/v1/monitoring/failed-records?page_size=100").path("items");
        assertThat(failed.findValuesAsText("error_type")).containsExactlyInAnyOrder("MISSING_KEY", "NOT_AN_OBJECT", "INVALID_TIME");
        JsonNode retried = post("/api/v1/sync/retry-failed", "{}", 200);
        assertThat(retried.path("retried").asInt()).isEqualTo(3);
        assertThat(retried.path("resolved").asInt() + retried.path("still_failed").asInt()).isEqualTo(3);
        assertThat(get("/api/v1/records/demo_order_lines/O-50001:1").path("version").asInt()).isEqualTo(1);
        JsonNode ledger = get("/api/v1/ledger");
        assertThat(ledger.path("balanced").asBoolean()).as("%s", ledger).isTrue();
        assertThat(ledger.path("total").path("accepted").asInt()).isEqualTo(901 + 401 + 201);
        assertThat(ledger.path("total").path("APPLIED").asInt()).isEqualTo(1_500);
    }

    @Test
    void refusesUnknownTablesAndBadPaging() throws Exception {
        assertThat(send("/demo/source/nothing").statusCode()).isEqualTo(404);
        assertThat(send("/demo/source/orders?page=0").statusCode()).isEqualTo(422);
        HttpResponse<String> refused = send("/demo/source/orders?page_size=many");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(json.readTree(refused.body()).has("detail")).isTrue();
    }

    /** Starts a full sync and waits until it has ended well. */
    private JsonNode sync(String table) throws Exception {
        String body = "{\"entity_name\": \"%s\", \"connector_api_slug\": \"%s\", \"sync_type\": \"full\", \"page_size\": 100}".formatted(table, table);
        String batch = post("/api/v1/sync/start", body, 202).path("batch_uid").asText();
        await("the end of " + table).atMost(PATIENCE).until(() -> !get("/api/v1/sync/status/" + batch).path("completed_at").isNull());
        JsonNode status = get("/api/v1/sync/status/" + batch);
        assertThat(status.path("status").asText()).as("%s", status).isEqualTo("completed");
        return status;
    }

    private int pendingChildren() throws Exception {
        return get("/api/v1/monitoring/pending-children?page_size=1").path("total").asInt();
    }

    private JsonNode get(String path) throws Exception {
        HttpResponse<String> answer = send(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json.readTree(answer.body());
    }

    private HttpResponse<String> send(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(hub.baseUrl() + path)).build(), BodyHandlers.ofString());
    }

    private JsonNode post(String path, String body, int status) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(hub.baseUrl() + path)).header("Content-Type", "application/json")
                .header("Authorization", "Bearer demo-token").POST(BodyPublishers.ofString(body)).build();
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return json.readTree(answer.body());
    }

    /** The demo's connectors name the usual port. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
