package dev.serai.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.Environment;

/** Paths that no client of Java would send are refused in the shape of the face that they begin with. */
class MalformedPathsTest {

    private static final String CODED = "{\"error\":{\"code\":";

    private static FaceHub hub;

    @BeforeAll
    static void start(@TempDir Path home) {
        hub = new FaceHub(home);
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/stores/%00/sync/status", "/v1//stores/x/sync/status", "/v1/stores/%zz/sync/status", "/v1/stores/x/../y",
        "/v1/stores/x;a=b/sync/status", "/api/products/%00", "/api//products", "/api/products/a%5cb", "/api/inventory/%00?a=/v1"})
    void facesWithCodesGetThem(String path) throws IOException {
        assertThat(get(path)).startsWith("HTTP/1.1 400 ").contains(CODED).contains("\"details\":{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/sync/%00", "/api/v1//health", "/api/pos/%zz", "/%00", "//"})
    void theOthersGetADetail(String path) throws IOException {
        assertThat(get(path)).startsWith("HTTP/1.1 400 ").contains("{\"detail\":");
    }

    private static String get(String path) throws IOException {
        int port = Integer.parseInt(hub.bean(Environment.class).getProperty("local.server.port"));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
