package dev.serai.pos;

import static dev.serai.pos.PosCalls.PATIENCE;
import static dev.serai.pos.PosCalls.assertRefused;
import static dev.serai.pos.PosCalls.awaitCount;
import static dev.serai.pos.PosCalls.counts;
import static dev.serai.pos.PosCalls.get;
import static dev.serai.pos.PosCalls.names;
import static dev.serai.pos.PosCalls.onDatabase;
import static dev.serai.pos.PosCalls.push;
import static dev.serai.pos.PosCalls.send;
import static dev.serai.pos.PosCalls.sync;
import static dev.serai.pos.PosCalls.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.pos.PosCalls.Answer;
import dev.serai.testing.CloudReceiver;
import dev.serai.testing.CloudReceiver.Mood;
import dev.serai.testing.HubProcess;
import dev.serai.testing.TestDatabase;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The POS face as a terminal knows it: the hub as a process, orders by {@code /sync/push}, a real cloud that misbehaves. */
class PosIT {

    @Test
    void theDocumentsOwnClientEndsWithTrue() throws Exception {
        assumeTrue(hasPython(), "python3 is not here");
        HubProcess hub = HubProcess.shared();
        int said = hub.log().length();
        int received = get(hub, "/demo/cloud/received").body().path("orders").asInt();
        push(hub, "POS-001", 1, 250);
        awaitCount(hub, "POS-001", "pending", 250);

        assertThat(python(hub)).containsExactly("Sync initiated: 250 orders queued", "True");

        JsonNode status = get(hub, "/api/pos/pos/sync/status").body();
        assertThat(status.path("sync_status_counts").toString())
                .isEqualTo("{\"pending\":0,\"in_progress\":0,\"synced\":250,\"failed\":0,\"retry\":0,\"conflict\":0}");
        assertThat(status.path("unsynced_orders").asInt()).isZero();
        assertThat(status.path("last_batch").path("batch_id").asText()).matches("manual_\\d{8}_\\d{6}");
        assertThat(status.path("last_batch").path("total_orders").asInt()).isEqualTo(250);
        assertThat(status.path("last_batch").path("successful_syncs").asInt()).isEqualTo(250);
        assertThat(status.path("configuration").path("cloud_endpoint").asText()).isEqualTo(hub.baseUrl() + "/demo/cloud/orders");
        assertThat(status.path("configuration").path("sync_interval_minutes").toString()).isEqualTo("10");
        assertThat(Instant.parse(status.path("scheduler").path("next_run").asText()))
                .isBetween(Instant.now(), Instant.now().plusSeconds(600));
        assertThat(get(hub, "/demo/cloud/received").body().path("orders").asInt() - received).isEqualTo(250);
        assertThat(complaints(hub.log().substring(said))).isEmpty();
    }

    /** Other tests' stores at the shared hub cannot be reached, and it says so. */
    private static List<String> complaints(String log) {
        return log.lines().filter(line -> line.contains("WARN") || line.contains("ERROR")).filter(line -> !line.contains("deliver")).toList();
    }

    @Test
    void everyAnswerIsThatOfTheDocument() throws Exception {
        HubProcess hub = HubProcess.shared();
        push(hub, "POS-009", 1001, 1003);
        awaitCount(hub, "POS-009", "pending", 3);

        Answer specific = sync(hub, "{\"terminal_id\": \"POS-009\", \"order_ids\": [1001, 1003, 1003, 9999]}");
        assertThat(specific.status()).isEqualTo(202);
        assertThat(specific.body().path("status").asText()).isEqualTo("initiated");
        assertThat(specific.body().path("message").asText()).isEqualTo("Sync initiated for 2 orders");
        assertThat(specific.body().path("details").toString())
                .isEqualTo("{\"sync_type\":\"specific_orders\",\"include_recent\":false,\"order_ids\":[1001,1003]}");
        awaitCount(hub, "POS-009", "synced", 2);

        Answer limited = sync(hub, "{\"terminal_id\": \"POS-009\"}");
        assertThat(limited.status()).isEqualTo(429);
        assertThat(limited.body().toString()).isEqualTo("{\"detail\":\"Rate limit exceeded. Please wait before retrying.\"}");
        assertThat(Integer.parseInt(limited.header("Retry-After"))).isBetween(1, 60);

        Answer empty = sync(hub, "{\"terminal_id\": \"POS-010\", \"include_recent\": true}");
        assertThat(empty.status()).isEqualTo(202);
        assertThat(empty.body().path("orders_queued").asInt()).isZero();
        assertThat(names(empty.body())).containsExactly("status", "terminal_id", "sync_batch_id", "orders_queued", "orders_synced",
                "orders_failed", "message", "timestamp", "details");
        assertThat(empty.body().path("details").toString()).isEqualTo("{\"sync_type\":\"scheduled_batch\",\"include_recent\":true}");

        assertRefused(sync(hub, "{\"terminal_id\": \"POS-012\", \"order_ids\": []}"), 400, "{\"detail\":\"order_ids cannot be empty when provided\"}");
        assertRefused(sync(hub, "{\"terminal_id\": \"POS-012\", \"order_ids\": [9999, 10000]}"), 404,
                "{\"detail\":\"No valid orders found for IDs: [9999, 10000]\"}");
        assertRefused(sync(hub, "{\"terminal_id\": \"POS-012\", \"order_ids\": [1001]}"), 404, "{\"detail\":\"No valid orders found for IDs: [1001]\"}");
        assertRefused(sync(hub, "{\"terminal_id\": \"POS-012\", \"order_ids\": [123456789012345678901234567890, -1]}"), 404,
                "{\"detail\":\"No valid orders found for IDs: [123456789012345678901234567890, -1]\"}");
        assertRefused(sync(hub, "{\"terminal_id\": \"POS-012\", \"order_ids\": \"1001\"}"), 422,
                "{\"detail\":[{\"loc\":[\"body\",\"order_ids\"],\"msg\":\"value is not a valid list\",\"type\":\"type_error.list\"}]}");
        assertRefused(sync(hub, "{\"order_ids\": [1, \"two\"], \"terminal_id\": 5}"), 422, null);
        assertRefused(sync(hub, "{\"terminal_id\": \"\"}"), 422, null);
        assertRefused(sync(hub, "{\"terminal_id\": \"POS-012\", \"sync_all_pending\": false}"), 400, null);
        assertRefused(sync(hub, "[1001]"), 400, null);
        assertRefused(sync(hub, "{\"order_ids\": ["), 400, null);
        assertRefused(send(hub, "POST", "/api/pos/sync", "a=b", "demo-token", "application/x-www-form-urlencoded"), 415, null);
        assertRefused(send(hub, "DELETE", "/api/pos/sync", null, "demo-token", null), 405, null);
        assertRefused(get(hub, "/api/pos/orders"), 404, null);
        assertRefused(send(hub, "POST", "/api/pos/sync", "{}", "wrong", "application/json"), 401,
                "{\"detail\":\"These credentials are unknown, expired or revoked.\"}");
        Answer unknown = send(hub, "GET", "/api/pos/pos/sync/status", null, null, null);
        assertRefused(unknown, 401, "{\"detail\":\"Send a token in the header Authorization: Bearer <token>.\"}");
        assertThat(unknown.header("WWW-Authenticate")).startsWith("Bearer");
        repeatsUnderTheSameKeyAreOneSync(hub);

        for (int call = 0; call < 60; call++) {
            assertThat(get(hub, "/api/pos/sync/status?terminal_id=POS-011").status()).isEqualTo(200);
        }
        Answer tooMany = get(hub, "/api/pos/sync/status?terminal_id=POS-011");
        assertRefused(tooMany, 429, "{\"detail\":\"Rate limit exceeded. Please wait before retrying.\"}");
        assertThat(tooMany.header("Retry-After")).isNotNull();

        sees(hub);
    }

    private static void repeatsUnderTheSameKeyAreOneSync(HubProcess hub) throws Exception {
        String[] key = {"Idempotency-Key", "pos-013"};
        String wanted = "{\"terminal_id\": \"POS-013\"}";
        Answer first = send(hub, "POST", "/api/pos/sync", wanted, "demo-token", "application/json", key);
        Answer again = send(hub, "POST", "/api/pos/sync", wanted, "demo-token", "application/json", key);

        assertThat(first.status()).isEqualTo(202);
        assertThat(again.status()).as("not over the limit of one a minute").isEqualTo(202);
        assertThat(again.body()).isEqualTo(first.body());
        Answer changed = send(hub, "POST", "/api/pos/sync", "{\"terminal_id\": \"POS-014\"}", "demo-token", "application/json", key);
        assertThat(changed.status()).isEqualTo(422);
    }

    private static void sees(HubProcess hub) throws Exception {
        String terminal = token(hub, "\"terminal\", \"terminal_id\": \"POS-020\"");
        String viewer = token(hub, "\"viewer\"");
        assertThat(send(hub, "GET", "/api/pos/sync/status", null, terminal, null).body().path("configuration").path("terminal_id").asText())
                .isEqualTo("POS-020");
        assertThat(send(hub, "GET", "/api/pos/sync/status", null, terminal, null).body().path("scheduler").path("next_run").asText())
                .endsWith("Z");
        assertRefused(send(hub, "GET", "/api/pos/sync/status?terminal_id=POS-009", null, terminal, null), 404, null);
        assertRefused(send(hub, "POST", "/api/pos/sync", "{\"terminal_id\": \"POS-009\"}", terminal, "application/json"), 404, null);
        assertThat(send(hub, "POST", "/api/pos/pos/sync", "", terminal, "application/json").body().path("terminal_id").asText())
                .isEqualTo("POS-020");
        assertThat(send(hub, "GET", "/api/pos/sync/status?terminal_id=POS-009", null, viewer, null).status()).isEqualTo(200);
        assertRefused(send(hub, "POST", "/api/pos/sync", "{}", viewer, "application/json"), 403,
                "{\"detail\":\"The role viewer may not do this.\"}");
    }

    @Test
    void switchedOffItSaysSoAndTwoHubsSyncByTheSameSchedulesAndOneGoesOnWhereTheOtherIsKilled() throws Exception {
        try (TestDatabase database = TestDatabase.create(); CloudReceiver cloud = new CloudReceiver();
                HubProcess one = onDatabase(database, cloud); HubProcess two = onDatabase(database, cloud);
                HubProcess off = HubProcess.onNewData().with("SERAI_POS_SYNC_ENABLED", "false")) {
            HubProcess.start(one, two, off);
            switchedOff(off);
            twoHubs(one, two, cloud);
        }
    }

    private static void switchedOff(HubProcess hub) throws Exception {
        assertRefused(sync(hub, "{}"), 503, "{\"detail\":\"Sync scheduler is unavailable\"}");
        JsonNode status = get(hub, "/api/pos/sync/status").body();
        assertThat(status.path("scheduler").toString()).isEqualTo("{\"running\":false,\"next_run\":null}");
        assertThat(status.path("configuration").path("sync_enabled").asBoolean(true)).isFalse();
        assertThat(hub.log()).doesNotContain("WARN").doesNotContain("ERROR");
    }

    private static void twoHubs(HubProcess one, HubProcess two, CloudReceiver cloud) throws Exception {
        push(one, "POS-001", 1, 50);
        awaitCount(one, "POS-001", "synced", 50);
        assertThat(cloud.requests()).allMatch(request -> request.path("sync_batch_id").asText().matches("auto_\\d{8}_\\d{6}"));

        one.kill9();
        push(two, "POS-001", 51, 100);

        awaitCount(two, "POS-001", "synced", 100);
        assertThat(cloud.orders()).isEqualTo(100);
        assertThat(cloud.requests().stream().mapToInt(request -> request.path("orders").size()).sum()).isEqualTo(100);
        assertThat(two.log()).doesNotContain("ERROR");
    }

    /** One hub, and a cloud that is away at first, then loses answers while the hub is killed, and at last does what clouds do. */
    @Test
    void everyOrderComesToTheCloudOnceWhateverItDoesAndThoughTheHubIsKilled() throws Exception {
        int port = freePort();
        try (HubProcess hub = HubProcess.onNewData().with("SERAI_CLOUD_URL", "http://127.0.0.1:" + port + "/sync")
                .with("SERAI_CLOUD_TIMEOUT", "1000").with("SERAI_CLOUD_TOKEN", "secret").with("SERAI_POS_RETRY_DELAY", "100ms")
                .with("SERAI_POS_BATCH", "10").start()) {
            staysAwayAndOrdersAreFailed(hub);
            try (CloudReceiver cloud = new CloudReceiver(port).moods(request -> Mood.LOSES_FIRST_ANSWER)) {
                losesAnswersAndTheHubIsKilled(hub, cloud);
            }
            try (CloudReceiver cloud = new CloudReceiver(port)) {
                aLaterSyncBringsThemThere(hub, cloud);
            }
            try (CloudReceiver cloud = new CloudReceiver(port)) {
                whateverTheCloudDoesItsOrdersAreTriedAgain(hub, cloud);
            }
        }
    }

    private static void staysAwayAndOrdersAreFailed(HubProcess hub) throws Exception {
        push(hub, "POS-001", 1, 3);
        awaitCount(hub, "POS-001", "pending", 3);
        sync(hub, "{}");
        awaitCount(hub, "POS-001", "failed", 3);
        assertThat(get(hub, "/api/pos/sync/status").body().path("unsynced_orders").asInt()).isEqualTo(3);
    }

    private static void aLaterSyncBringsThemThere(HubProcess hub, CloudReceiver cloud) throws Exception {
        assertThat(counts(hub, "POS-001").path("failed").asInt()).isEqualTo(3);
        sync(hub, "{}");
        awaitCount(hub, "POS-001", "synced", 3);
        assertThat(cloud.orders()).isEqualTo(3);
    }

    private static void whateverTheCloudDoesItsOrdersAreTriedAgain(HubProcess hub, CloudReceiver cloud) throws Exception {
        // Fewer than there are attempts: one that a busy machine lets time out does not decide the test.
        List<Mood> first = List.of(Mood.BROKEN, Mood.MUMBLES, Mood.FORGETS);
        cloud.moods(request -> request <= first.size() ? first.get(request - 1) : Mood.WELL);
        push(hub, "POS-002", 11, 14);
        awaitCount(hub, "POS-002", "pending", 4);
        sync(hub, "{\"terminal_id\": \"POS-002\"}");

        awaitCount(hub, "POS-002", "synced", 4);
        assertThat(cloud.orders()).isEqualTo(4);
        assertThat(cloud.requests().get(0).path("orders").get(0).path("order_id").asInt()).isEqualTo(11);
        assertThat(cloud.requests().get(0).path("terminal_id").asText()).isEqualTo("POS-002");
        assertThat(cloud.requests().get(0).path("sync_batch_id").asText()).startsWith("manual_");
        assertThat(cloud.requests().get(0).path("orders").get(0).path("total").asInt()).isEqualTo(110);

        int seen = cloud.requests().size();
        List<Mood> then = List.of(Mood.SLOW, Mood.FAILS);
        cloud.moods(request -> request - seen <= then.size() ? then.get(request - seen - 1) : Mood.WELL);
        push(hub, "POS-005", 17, 18);
        awaitCount(hub, "POS-005", "pending", 2);
        sync(hub, "{\"terminal_id\": \"POS-005\"}");
        awaitCount(hub, "POS-005", "synced", 2);
        assertThat(cloud.requests().size() - seen).isGreaterThan(then.size());

        cloud.moods(request -> Mood.CONFLICT);
        push(hub, "POS-002", 15, 15);
        awaitCount(hub, "POS-002", "pending", 1);
        push(hub, "POS-003", 16, 16);
        awaitCount(hub, "POS-003", "pending", 1);
        sync(hub, "{\"terminal_id\": \"POS-003\"}");
        awaitCount(hub, "POS-003", "conflict", 1);
        assertThat(get(hub, "/api/pos/sync/status?terminal_id=POS-003").body().path("pending_conflicts").asInt()).isEqualTo(1);
    }

    private static void losesAnswersAndTheHubIsKilled(HubProcess hub, CloudReceiver cloud) throws Exception {
        push(hub, "POS-004", 1001, 1200);
        awaitCount(hub, "POS-004", "pending", 200);
        assertThat(sync(hub, "{\"terminal_id\": \"POS-004\"}").body().path("orders_queued").asInt()).isEqualTo(200);
        for (int kill = 1; kill <= 2; kill++) {
            int seen = cloud.requests().size();
            await().atMost(PATIENCE).until(() -> cloud.requests().size() > seen + 5);
            hub.kill9();
            hub.start();
        }

        awaitCount(hub, "POS-004", "synced", 200);

        assertThat(cloud.orders()).isEqualTo(200);
        assertThat(cloud.requests().stream().mapToInt(request -> request.path("orders").size()).sum()).isGreaterThanOrEqualTo(400);
        assertThat(cloud.keys().keySet()).containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1001, 1200).boxed().toList());
        assertThat(cloud.keys().values()).allMatch(keys -> keys.size() == 1);
        JsonNode batch = get(hub, "/api/pos/sync/status?terminal_id=POS-004").body().path("last_batch");
        assertThat(batch.path("successful_syncs").asInt()).isEqualTo(200);
        assertThat(batch.path("completed_at").asText()).isNotEmpty();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static boolean hasPython() throws InterruptedException {
        try {
            return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static List<String> python(HubProcess hub) throws Exception {
        Process client = new ProcessBuilder("python3", Path.of("src/test/python/pos_client.py").toAbsolutePath().toString(),
                hub.baseUrl() + "/api", "demo-token").redirectErrorStream(true).start();
        List<String> lines = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        assertThat(client.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return lines;
    }
}
