package dev.serai.storesync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serai.rules.Values;
import dev.serai.testing.HubProcess;
import dev.serai.testing.LivingStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Two stores edit the same products at the same time, through everything that goes wrong: deliveries fail 30 % of the time, one store is down
 * half of the time, the hub is killed. {@code -Dserai.scenario.seconds=60} for the full minute.
 */
class TwoStoresIT {

    private static final String SECRET = "whsec_c2VyYWkgdGVzdCBzZWNyZXQgb2Ygc3RvcmVz";
    private static final List<String> FIELDS = List.of("title", "price", "status", "description");
    private static final int PRODUCTS = 15;
    private static final int SECONDS = Integer.getInteger("serai.scenario.seconds", 12);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Random random = new Random(7);
    private volatile String hubUrl;
    private volatile String progress;

    @Test
    void bothStoresAndThePlatformEndEqualButForTheFieldsThatWaitForAPerson() throws Exception {
        try (HubProcess hub = hub();
                LivingStore a = new LivingStore("store-a", SECRET, () -> hubUrl);
                LivingStore b = new LivingStore("store-b", SECRET, () -> hubUrl)) {
            hubUrl = hub.start().baseUrl();
            configure(a);
            configure(b);
            begin(a, b);
            a.failing(0.3);
            b.failing(0.3);

            live(hub, a, b);

            b.down(false);
            settle(a, b);
            System.out.println(a.summary() + "\n" + b.summary() + "\nledger " + get("/api/v1/ledger").path("total"));
            assertThat(a.complaints()).isEmpty();
            assertThat(b.complaints()).isEmpty();
            assertThat(get("/api/v1/ledger").path("balanced").asBoolean()).isTrue();
            Set<String> pending = new TreeSet<>(pending(a));
            pending.addAll(pending(b));
            System.out.println(pending.size() + " fields wait for a person");
            assertThat(differences(List.of(a, b))).isEqualTo(pending);
        }
    }

    private static HubProcess hub() {
        return HubProcess.onNewData()
                .with("SERAI_DELIVERY_ALLOW", "127.0.0.0/8")
                .with("SERAI_DELIVERIES_FIRST_DELAY", "200ms")
                .with("SERAI_DELIVERIES_MAX_DELAY", "2s")
                .with("SERAI_DELIVERIES_REST", "500ms");
    }

    private void configure(LivingStore store) {
        String path = "/v1/stores/" + store.id() + "/sync/";
        assertThat(post(path + "configure", """
                {"sync_frequency": "real_time",
                 "entities": [{"type": "products", "direction": "bidirectional", "fields": ["title", "price", "status", "description"]}],
                 "webhook_config": {"endpoint": "%s", "secret": "%s"}}""".formatted(store.endpoint(), SECRET))).isEqualTo(200);
        assertThat(post(path + "rules", """
                {"rules": [{"name": "a person decides", "entity_type": "products", "field": "description",
                            "condition": "conflict_detected", "action": "manual_resolution"}]}""")).isEqualTo(200);
    }

    /** One store has the products first; the other gets them. */
    private void begin(LivingStore a, LivingStore b) {
        for (int i = 0; i < PRODUCTS; i++) {
            for (String field : FIELDS) {
                a.edit("p" + i, field, IntNode.valueOf(0));
            }
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> b.value("p" + (PRODUCTS - 1), "description") != null && a.unsent() == 0);
    }

    /** Both edit; b is down every other second; in the middle the hub is killed and started again. */
    private void live(HubProcess hub, LivingStore a, LivingStore b) throws InterruptedException {
        long from = System.nanoTime();
        CompletableFuture<Void> restart = null;
        for (int n = 1; System.nanoTime() - from < SECONDS * 1_000_000_000L; n++) {
            edit(a, n);
            edit(b, n);
            long seconds = (System.nanoTime() - from) / 1_000_000_000L;
            b.down(seconds % 4 >= 2);
            if (restart == null && seconds >= SECONDS / 2) {
                hub.kill9();
                restart = CompletableFuture.runAsync(() -> hubUrl = hub.start().baseUrl());
            }
            // People's pace, not a wait for anything.
            Thread.sleep(20);
        }
        restart.join();
    }

    private void edit(LivingStore store, int n) {
        String field = FIELDS.get(random.nextInt(FIELDS.size()));
        store.edit("p" + random.nextInt(PRODUCTS), field, JsonNodeFactory.instance.textNode(store.id() + " " + field + " " + n));
    }

    /** Until the hub has taken everything, applied it and sent it; what was parked on the way is replayed, as an operator would. */
    private void settle(LivingStore a, LivingStore b) {
        await().atMost(Duration.ofSeconds(120)).pollInterval(Duration.ofMillis(300)).conditionEvaluationListener(end -> {
            if (end.getRemainingTimeInMS() < 1_000) {
                System.out.println(progress);
            }
        }).until(() -> {
            long waiting = 0;
            for (LivingStore store : List.of(a, b)) {
                post("/v1/stores/" + store.id() + "/sync/deliveries/replay", "{}");
                waiting += get("/v1/stores/" + store.id() + "/sync/deliveries").path("pagination").path("total").asLong();
                waiting += get("/v1/stores/" + store.id() + "/sync/deliveries?status=parked").path("pagination").path("total").asLong();
            }
            JsonNode ledger = get("/api/v1/ledger").path("total");
            progress = a.unsent() + " + " + b.unsent() + " unsent, " + waiting + " deliveries, ledger " + ledger;
            return a.unsent() + b.unsent() + waiting + ledger.path("ACCEPTED").asLong() == 0;
        });
    }

    /** {@code store product field} wherever a store has another value than the platform. */
    private Set<String> differences(List<LivingStore> stores) {
        Set<String> differences = new TreeSet<>();
        for (int i = 0; i < PRODUCTS; i++) {
            JsonNode platform = get("/api/v1/records/products/p" + i).path("data");
            for (LivingStore store : stores) {
                for (String field : FIELDS) {
                    if (!Values.same(store.value("p" + i, field), platform.get(field))) {
                        differences.add(store.id() + " p" + i + " " + field);
                    }
                }
            }
        }
        return differences;
    }

    private List<String> pending(LivingStore store) {
        List<String> pending = new ArrayList<>();
        JsonNode list = get("/v1/stores/" + store.id() + "/sync/conflicts?status=pending&limit=100").path("data");
        list.forEach(one -> pending.add(store.id() + " " + one.path("entity_id").asText() + " " + one.path("field").asText()));
        return pending;
    }

    private JsonNode get(String path) {
        try {
            return JSON.readTree(http.send(request(path).GET().build(), BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private int post(String path, String body) {
        try {
            return http.send(request(path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString()).statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(hubUrl + path))
                .header("Authorization", "Bearer demo-token")
                .header("Content-Type", "application/json");
    }
}
