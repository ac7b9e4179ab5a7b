package dev.serai.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.HubProcess;
import dev.serai.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two hubs on one database: their clients see each other's events, in one order. */
class TwoHubsIT {

    private TestDatabase database;
    private HubProcess one;
    private HubProcess two;
    private LiveClients clients;

    @BeforeEach
    void start() {
        database = TestDatabase.create();
        one = hub();
        two = hub();
        HubProcess.start(one, two);
        clients = new LiveClients(one.baseUrl());
    }

    @AfterEach
    void end() {
        clients.close();
        one.close();
        two.close();
        database.close();
    }

    private HubProcess hub() {
        return HubProcess.onNewData().with("SERAI_DB_URL", database.url()).with("SERAI_DB_USER", database.user())
                .with("SERAI_DB_PASSWORD", database.password()).with("SERAI_BIND", "127.0.0.1").with("SERAI_DEMO", "true");
    }

    private static String critical(String device, int n) {
        return "{\"event_type\":\"e\",\"payload\":{\"n\":" + n + "},\"device_id\":\"" + device + "\"}";
    }

    private static List<Integer> from(String device, List<JsonNode> seen) {
        return seen.stream().filter(frame -> frame.path("data").path("device_id").asText().equals(device))
                .map(frame -> frame.path("data").path("payload").path("n").asInt()).toList();
    }

    @Test
    void eventsOfEitherHubReachTheClientsOfBothInEachDevicesOrderAlsoAfterLostConnections() throws Exception {
        clients.plain("a", "/ws?device_id=a", Map.of());
        clients.plain("b", two.baseUrl() + "/ws?device_id=b", Map.of());
        clients.plain("w1", "/ws", Map.of());
        clients.trySocketIo("w2", two.baseUrl(), Map.of());
        clients.awaitEvent("w2", "connected");

        for (int n = 0; n < 100; n++) {
            clients.event("a", "critical_event", critical("a", n));
            clients.event("b", "critical_event", critical("b", n));
            if (n == 50) {
                endListening();
            }
        }

        List<Integer> all = IntStream.range(0, 100).boxed().toList();
        for (String watcher : List.of("w1", "w2")) {
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> clients.criticals(watcher, 0).size() >= 200);
            assertThat(from("a", clients.seen(watcher))).isEqualTo(all);
            assertThat(from("b", clients.seen(watcher))).isEqualTo(all);
        }
        assertThat(clients.criticals("w1", 0)).isEqualTo(clients.criticals("w2", 0)).isSorted();
        Awaitility.await().until(() -> clients.criticals("a", 0).size() == 100 && clients.criticals("b", 0).size() == 100);
        assertThat(from("a", clients.seen("a"))).isEmpty();
        assertThat(from("b", clients.seen("b"))).isEmpty();
    }

    /** As a failing network would: the hubs' connections for notices. */
    private void endListening() throws Exception {
        try (var connection = database.dataSource().getConnection(); var statement = connection.createStatement()) {
            statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE datname = current_database() AND application_name = 'serai notices'");
        }
    }
}
