package dev.serai.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration {@code outbound} of {@code errors.camel.yaml} against a real HTTP server that fails. */
class ErrorConfigurationsTest {

    @TempDir
    Path home;
    private FaceHub hub;
    private HttpServer server;
    private final AtomicInteger calls = new AtomicInteger();
    private volatile int status = 200;
    private volatile int failures;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", call -> {
            boolean fails = calls.incrementAndGet() <= failures;
            call.getResponseHeaders().add("Retry-After", "0");
            call.sendResponseHeaders(fails ? status : 204, -1);
            call.close();
        });
        server.start();
        hub = new FaceHub(home);
        hub.write("send.camel.yaml", """
                - route:
                    id: send
                    routeConfigurationId: outbound
                    from:
                      uri: direct:send
                      steps:
                        - to: {uri: "http://127.0.0.1:%d/x?httpMethod=POST"}
                """.formatted(server.getAddress().getPort()));
        await().atMost(Duration.ofSeconds(2)).until(() -> hub.camel().getRoute("send") != null);
    }

    @AfterEach
    void stop() {
        hub.close();
        server.stop(0);
    }

    @Test
    void aServerThatIsBusyIsAskedAgainWhenItSaysSo() {
        failAlways(503, 3);

        send();

        assertThat(calls).hasValue(4);
        assertThat(parked()).isEmpty();
    }

    @Test
    void afterFiveRetriesTheMessageIsParked() {
        failAlways(429, 100);

        send();

        assertThat(calls).hasValue(6);
        assertThat(parked()).singleElement().satisfies(step -> {
            assertThat(step.routeId()).isEqualTo("send");
            assertThat(step.body()).isEqualTo("payload");
            assertThat(step.retries()).isEqualTo(5);
        });
    }

    @Test
    void anAnswerThatWillNotChangeIsParkedAtOnce() {
        failAlways(404, 100);

        send();

        assertThat(calls).hasValue(1);
        assertThat(parked()).hasSize(1);
    }

    private void failAlways(int withStatus, int times) {
        status = withStatus;
        failures = times;
    }

    private void send() {
        hub.camel().createProducerTemplate().requestBody("direct:send", "payload");
    }

    private List<FailedStep> parked() {
        return hub.bean(FaceHub.ParkedSteps.class).parked;
    }
}
