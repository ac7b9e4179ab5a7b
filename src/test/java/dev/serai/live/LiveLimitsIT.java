package dev.serai.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.HubProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that ask too much, or are gone without a word. */
class LiveLimitsIT {

    private static HubProcess hub;

    private LiveClients clients;

    @BeforeAll
    static void start() {
        hub = HubProcess.onNewData().with("SERAI_LIVE_PINGINTERVAL", "1s").with("SERAI_LIVE_PINGTIMEOUT", "2s").start();
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
        // Also those that were polling, and say no good-bye when their program ends.
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> gauge("serai_live_connections") == 0);
    }

    private static double gauge(String name) throws Exception {
        return Metrics.sum(hub.baseUrl(), name);
    }

    private static String critical(String device, String payload) {
        return "{\"event_type\":\"stock_update\",\"payload\":" + payload + ",\"device_id\":\"" + device + "\"}";
    }

    @Test
    void theMessageAfterAThousandInAMinuteIsRefusedAndWhoGoesOnIsClosed() {
        clients.plain("x1");
        clients.text("x1", "{\"event\":\"nope\"}", 1000);
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> clients.seen("x1").size() >= 1002);
        clients.text("x1", "{\"event\":\"nope\"}", 1);
        clients.await("x1", seen -> seen.path("data").path("message").asText().startsWith("More than 1000 messages a minute"));

        clients.text("x1", "{\"event\":\"nope\"}", 100);

        assertThat(clients.awaitClose("x1")).isEqualTo(1008);
    }

    @Test
    void aPeerThatAnswersNoPingIsLetGo() throws Exception {
        URI url = URI.create(hub.baseUrl());
        try (Socket dead = new Socket(url.getHost(), url.getPort())) {
            OutputStream out = dead.getOutputStream();
            out.write(("GET /ws HTTP/1.1\r\nHost: " + url.getAuthority() + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n").getBytes());
            Awaitility.await().until(() -> gauge("serai_live_connections") == 1);
            clients.plain("alive");

            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> gauge("serai_live_connections") == 1);
            assertThat(untilEnd(dead)).isPositive();
        }
        clients.event("alive", "acknowledge", "{}");
        clients.awaitEvent("alive", "error");
    }

    private static int untilEnd(Socket socket) throws IOException {
        return socket.getInputStream().readAllBytes().length;
    }

    @Test
    void aPollingClientStaysConnectedOverManyPings() throws Exception {
        clients.socketIo("polling", Map.of("transports", List.of("polling")));
        clients.plain("other");
        long until = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> System.nanoTime() > until);

        clients.event("other", "critical_event", critical("other", "{\"n\":1}"));

        clients.awaitEvent("polling", "critical_event");
        assertThat(clients.seen("polling")).noneMatch(seen -> seen.has("disconnected"));
    }
}
