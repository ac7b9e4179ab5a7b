package dev.serai.retail;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.retail.RetailClient.Answer;
import dev.serai.testing.HubProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Devices push while the hub is killed and started again, and repeat what was not answered under the same key. The size is
 * {@code -Dchaos.events=20000 -Dchaos.devices=50 -Dchaos.kills=5}; a build takes a smaller one.
 */
class RetailChaosIT {

    private static final int DEVICES = Integer.getInteger("chaos.devices", 20);
    private static final int EVENTS = Integer.getInteger("chaos.events", 4_000);
    private static final int KILLS = Integer.getInteger("chaos.kills", 3);
    private static final int EACH = EVENTS / DEVICES;

    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger unanswered = new AtomicInteger();
    /** By device and its own number of the event: what the hub answered. */
    private final Map<String, Long> eventIds = new ConcurrentHashMap<>();

    @Test
    void everyAnsweredEventIsThereOnceInItsDevicesOrderAndReachesEveryOtherDevice() throws Exception {
        try (HubProcess hub = HubProcess.onNewData().with("SERAI_PORT", "" + freePort()).start()) {
            String url = hub.baseUrl();
            ExecutorService threads = Executors.newFixedThreadPool(DEVICES);
            List<CompletableFuture<Void>> devices = IntStream.range(0, DEVICES)
                    .mapToObj(d -> CompletableFuture.runAsync(() -> pushAll("dev-" + d, new RetailClient(() -> url)), threads))
                    .toList();
            for (int kill = 1; kill <= KILLS; kill++) {
                int enough = EVENTS * kill / (KILLS + 1);
                Awaitility.await().atMost(120, TimeUnit.SECONDS).pollInterval(Duration.ofMillis(5)).until(() -> answered.get() >= enough);
                hub.kill9();
                hub.start();
            }
            devices.forEach(CompletableFuture::join);

            assertThat(unanswered.get()).as("pushes that a kill left unanswered").isPositive();
            assertThat(eventIds).hasSize(EACH * DEVICES);
            List<CompletableFuture<List<JsonNode>>> pulls = IntStream.range(0, DEVICES)
                    .mapToObj(d -> CompletableFuture.supplyAsync(() -> pullAll("dev-" + d, new RetailClient(() -> url)), threads))
                    .toList();
            for (int d = 0; d < DEVICES; d++) {
                check("dev-" + d, pulls.get(d).join());
            }
            JsonNode ledger = new RetailClient(() -> url).get("/api/v1/ledger").body();
            assertThat(ledger.path("balanced").asBoolean()).isTrue();
            assertThat(ledger.path("total").path("APPLIED").asInt()).isEqualTo(EACH * DEVICES);
            threads.shutdown();
        }
    }

    private void pushAll(String device, RetailClient client) {
        for (int n = 0; n < EACH; n++) {
            String key = device + "/" + n;
            eventIds.put(key, untilAnswered(client, RetailClient.event(device, n), key));
            answered.incrementAndGet();
        }
    }

    private long untilAnswered(RetailClient client, String event, String key) {
        while (true) {
            try {
                Answer answer = client.post("/sync/push", event, "Idempotency-Key", key);
                if (answer.status() == 202) {
                    return answer.body().path("event_id").asLong();
                }
                assertThat(answer.status()).as(answer.http().body()).isEqualTo(503);
            } catch (UncheckedIOException e) {
                unanswered.incrementAndGet();
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private static List<JsonNode> pullAll(String device, RetailClient client) {
        List<JsonNode> events = new ArrayList<>();
        while (true) {
            JsonNode page = client.get("/sync/pull?device_id=" + device).body();
            List<String> ids = page.path("events").findValuesAsText("event_id");
            page.path("events").forEach(events::add);
            if (ids.isEmpty()) {
                return events;
            }
            client.post("/sync/ack", "{\"device_id\":\"" + device + "\",\"event_ids\":[" + String.join(",", ids) + "]}");
        }
    }

    /** All events of all others, each once, under the number that its push was answered with, each device's in the order of its pushes. */
    private void check(String reader, List<JsonNode> events) {
        assertThat(events).hasSize(EACH * (DEVICES - 1));
        assertThat(events.stream().map(e -> e.path("event_id").asLong())).isSorted().doesNotHaveDuplicates();
        Map<String, Integer> next = new HashMap<>();
        for (JsonNode event : events) {
            String device = event.path("device_id").asText();
            int n = event.path("payload").path("n").asInt();
            assertThat(device).isNotEqualTo(reader);
            assertThat(n).as("next event of %s", device).isEqualTo(next.merge(device, 1, Integer::sum) - 1);
            assertThat(event.path("event_id").asLong()).isEqualTo(eventIds.get(device + "/" + n));
        }
    }

    /** The same over all restarts, so that clients find the hub again. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
