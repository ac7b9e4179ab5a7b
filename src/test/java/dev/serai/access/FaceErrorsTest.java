package dev.serai.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every way in which a request can be wrong, on every face. */
class FaceErrorsTest {

    private static final List<String> DETAIL = List.of("/sync/push", "/api/pos/sync", "/api/v1/sync/start");
    private static final List<String> CODED = List.of("/api/pms/orders", "/api/inventory/adjust", "/v1/sync/conflicts/1/resolve");
    private static final String[] ALL = {"Authorization", TestHub.BEARER, "X-API-Key", "demo-api-key"};

    private static TestHub hub;

    @BeforeAll
    static void start() {
        hub = TestHub.onTrial();
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private interface Call {
        TestHub.Answer to(String path);
    }

    @Test
    void anUnknownPathIsNotFound() {
        onEveryFace(404, path -> hub.get(path + "/nowhere/at/all", ALL));
        FaceShape.assertDetail(hub.get("/nowhere", "Accept", "text/html"), 404);
    }

    @Test
    void aWrongMethodIsToldTheRightOnes() {
        onEveryFace(405, path -> {
            TestHub.Answer answer = hub.send("PUT", path, "{}", ALL);
            assertThat(answer.header("Allow")).as(path).contains("POST");
            return answer;
        });
        assertThat(hub.send("BREW", "/api/v1/sync/start", "{}", ALL).status()).isEqualTo(405);
    }

    @Test
    void anotherMediaTypeIsRefused() {
        onEveryFace(415,
                path -> hub.post(path, "<a/>", "Authorization", TestHub.BEARER, "X-API-Key", "demo-api-key", "Content-Type",
                "application/xml"));
    }

    @Test
    void aBodyThatIsNoJsonIsRefused() {
        onEveryFace(400, path -> hub.post(path, "{\"a\": secret internals", ALL));
    }

    @Test
    void aBodyThatIsNestedTooDeeplyIsToldSo() {
        onEveryFace(400, path -> {
            TestHub.Answer answer = hub.post(path, "{\"a\":".repeat(1001) + "1" + "}".repeat(1001), ALL);
            assertThat(answer.body()).contains("nested too deeply", "1000").doesNotContain("not valid JSON");
            return answer;
        });
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() {
        onEveryFace(413, path -> hub.post(path, "{\"a\": \"" + "x".repeat(65536) + "\"}", ALL));
    }

    @Test
    void aChunkedBodyThatIsTooLargeIsRefused() {
        onEveryFace(413, path -> hub.send(chunked(path, "{\"a\": \"" + "x".repeat(65536) + "\"}")));
    }

    @Test
    void aChunkedBodyUpToTheBoundIsRead() {
        String body = "{\"a\": \"" + "x".repeat(65536 - 9) + "\"}";
        assertThat(body).hasSize(65536);
        assertThat(hub.send(chunked("/sync/push", body)).status()).isEqualTo(200);
        assertThat(hub.post("/sync/push", body).status()).isEqualTo(200);
        FaceShape.assertDetail(hub.post("/sync/push", body + " "), 413);
        FaceShape.assertDetail(hub.send(chunked("/sync/push", body + " ")), 413);
    }

    @Test
    void aCrashTellsNothingButAReference() {
        onEveryFace(500, path -> {
            TestHub.Answer answer = hub.post(path, "{\"crash\": true}", ALL);
            assertThat(answer.body()).contains("Reference: ");
            return answer;
        });
    }

    @Test
    void aRefusalOfAFaceKeepsItsStatusAndWords() {
        onEveryFace(409, path -> {
            TestHub.Answer answer = hub.post(path, "{\"fail\": 409}", ALL);
            assertThat(answer.body()).contains("As asked");
            return answer;
        });
    }

    @Test
    void missingCredentialsAreAskedFor() {
        FaceShape.assertDetail(hub.post("/api/pos/sync", "{}"), 401);
        FaceShape.assertCoded(hub.post("/api/pms/orders", "{}"), 401);
        FaceShape.assertCoded(hub.post("/v1/sync/conflicts/1/resolve", "{}"), 401);
        assertThat(hub.post("/api/pos/sync", "{}").header("WWW-Authenticate")).isEqualTo("Bearer realm=\"serai\"");
        assertThat(hub.get("/actuator/prometheus").header("WWW-Authenticate")).startsWith("Basic realm=\"serai\"");
    }

    @Test
    void whatJettyItselfRefusesIsJsonToo() throws IOException {
        for (String request : List.of(
                "GET /v1/a%2Fb HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /v1/%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "NONSENSE\r\n\r\n",
                "GET /v1/x HTTP/1.1\r\nHost: x\r\nBig: " + "x".repeat(20000) + "\r\n\r\n")) {
            String answer = raw(request);
            assertThat(answer).startsWith("HTTP/1.1 4").containsIgnoringCase("content-type: application/json")
                    .doesNotContain("<html", "Exception");
        }
    }

    /** PostgreSQL's own code for it, from a trigger: a disk that is full would be everybody's. */
    @Test
    void aFullDiskIsCalledThat() {
        hub.sql().sql("""
                CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE disk_full USING MESSAGE = 'could not extend file: No space left on device'; END $$""").update();
        hub.sql().sql("CREATE TRIGGER no_room BEFORE INSERT ON access_token EXECUTE FUNCTION no_room()").update();

        TestHub.Answer answer = hub.post("/v1/access/tokens", "{\"name\": \"t\", \"role\": \"viewer\"}", ALL);

        hub.sql().sql("DROP TRIGGER no_room ON access_token").update();
        FaceShape.assertCoded(answer, 503);
        assertThat(answer.json().at("/error/message").asText()).contains("disk is full");
        assertThat(answer.header("Retry-After")).isEqualTo("30");
    }

    private static void onEveryFace(int status, Call call) {
        DETAIL.forEach(path -> FaceShape.assertDetail(call.to(path), status));
        CODED.forEach(path -> FaceShape.assertCoded(call.to(path), status));
    }

    private static HttpRequest chunked(String path, String body) {
        InputStream stream = new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8));
        return hub.request(path).POST(HttpRequest.BodyPublishers.ofInputStream(() -> stream))
                .headers("Content-Type", "application/json", "Authorization", TestHub.BEARER, "X-API-Key", "demo-api-key").build();
    }

    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", hub.port())) {
            socket.getOutputStream()
                    .write(request.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
