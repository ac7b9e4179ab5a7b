package dev.serai.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.HubProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A hub of its own, so that nobody but the slow client is dropped while it is watched. */
class SlowClientIT {

    /** More than the kernel keeps for one socket, in all. */
    private static final int MOST = 900;

    private static final String BIG = "x".repeat(50_000);

    private LiveClients clients;

    @Test
    void aClientThatDoesNotReadIsClosedWithACodeAndHarmsNobody() throws Exception {
        try (HubProcess hub = HubProcess.onNewData().start()) {
            clients = new LiveClients(hub.baseUrl());
            clients.plain("p1");
            clients.plain("p2");
            clients.plain("paused", "/ws", Map.of());
            clients.socketIo("p3", Map.of("transports", List.of("websocket")));
            clients.tell("pause", "paused");

            int sent = 0;
            while (sent < MOST && Metrics.sum(hub.baseUrl(), "serai_live_dropped_total") == 0) {
                for (int n = 0; n < 20; n++) {
                    clients.event("p1", "critical_event",
                            "{\"event_type\":\"stock_update\",\"payload\":{\"n\":\"" + BIG + "\"},\"device_id\":\"p1\"}");
                }
                sent += 20;
                int all = sent;
                Awaitility.await().alias(all + " events at the others").atMost(Duration.ofSeconds(30))
                        .until(() -> received("p2") >= all && received("p3") >= all);
            }
            clients.tell("resume", "paused");
            assertThat(clients.awaitClose("paused")).isEqualTo(1013);
        } finally {
            clients.close();
        }
    }

    private long received(String name) {
        return clients.seen(name).stream().filter(seen -> seen.path("data").path("payload").path("n").asText().endsWith("characters")).count();
    }
}
