package dev.serai.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Timestamp;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A repeated call has one effect and one answer, on every face. */
class IdempotencyTest {

    private static TestHub hub;

    @BeforeAll
    static void start() {
        hub = TestHub.onTrial();
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void theSameKeyAndBodyGetTheFirstAnswer() {
        for (String path : List.of(
                "/api/v1/sync/start", "/sync/ack", "/api/v1/sync/retry-failed", "/api/pos/sync", "/api/pms/orders",
                "/v1/sync/conflicts/1/resolve")) {
            String key = newKey();
            TestHub.Answer first = call(path, key, "{\"a\": 1}");
            TestHub.Answer second = call(path, key, "{\"a\": 1}");
            assertThat(first.status()).as(path).isEqualTo(200);
            assertThat(second.status()).isEqualTo(200);
            assertThat(second.body()).isEqualTo(first.body()).contains("call");
            assertThat(second.header("Content-Type")).isEqualTo(first.header("Content-Type"));
            assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
            assertThat(call(path, newKey(), "{\"a\": 1}").body()).isNotEqualTo(first.body());
        }
    }

    @Test
    void aRepetitionSaysAgainWhereTheResultIsAndWhenToAskForIt() {
        String key = newKey();
        String body = "{\"headers\": {\"Location\": \"/api/pms/orders/7\", \"Retry-After\": \"30\", \"X-Other\": \"1\"}}";
        assertThat(call("/api/pms/orders", key, body).header("Location")).isEqualTo("/api/pms/orders/7");

        TestHub.Answer again = call("/api/pms/orders", key, body);

        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(again.header("Location")).isEqualTo("/api/pms/orders/7");
        assertThat(again.header("Retry-After")).isEqualTo("30");
        assertThat(again.header("X-Other")).isNull();
    }

    @Test
    void aTokenIsNotMadeTwice() {
        String body = "{\"name\": \"once\", \"role\": \"viewer\"}";
        String key = newKey();
        TestHub.Answer first = call("/v1/access/tokens", key, body);
        assertThat(first.status()).isEqualTo(201);
        TestHub.Answer second = call("/v1/access/tokens", key, body);
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.body()).isEqualTo(first.body());
    }

    @Test
    void anotherBodyOrQueryUnderTheSameKeyIsRefused() {
        String key = newKey();
        call("/sync/ack", key, "{\"a\": 1}");
        FaceShape.assertDetail(call("/sync/ack", key, "{\"a\": 2}"), 422);
        FaceShape.assertDetail(call("/sync/ack?x=1", key, "{\"a\": 1}"), 422);
    }

    @Test
    void anotherCallerPathOrMethodHasKeysOfItsOwn() {
        String key = newKey();
        String first = call("/api/v1/sync/start", key, "{}").body();
        assertThat(hub.post("/api/v1/sync/start", "{}", "Idempotency-Key", key).body()).isNotEqualTo(first);
        assertThat(call("/sync/ack", key, "{}").body()).isNotEqualTo(first);
    }

    @Test
    void aConcurrentDuplicateIsToldSo() {
        String key = newKey();
        hub.stubs().gate = new CountDownLatch(1);
        try {
            CompletableFuture<TestHub.Answer> first = CompletableFuture.supplyAsync(() -> call("/sync/ack", key, "{}"));
            await().untilAsserted(() -> FaceShape.assertDetail(call("/sync/ack", key, "{}"), 409));
            hub.stubs().gate.countDown();
            assertThat(first.join().status()).isEqualTo(200);
            assertThat(call("/sync/ack", key, "{}").body()).isEqualTo(first.join().body());
        } finally {
            hub.stubs().gate.countDown();
        }
    }

    @Test
    void aFailureOfTheHubIsNotKeptButARefusalIs() {
        String key = newKey();
        assertThat(call("/sync/ack", key, "{\"fail\": 503}").status()).isEqualTo(503);
        assertThat(call("/sync/ack", key, "{\"fail\": 503}").header("Idempotency-Replayed")).isNull();
        assertThat(call("/sync/ack", key, "{\"a\": 1}").status()).isEqualTo(200);
        String refused = newKey();
        call("/sync/ack", refused, "{\"fail\": 404}");
        TestHub.Answer again = call("/sync/ack", refused, "{\"fail\": 404}");
        FaceShape.assertDetail(again, 404);
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    }

    @Test
    void aCallThatACrashCutOffCanBeRepeatedAfterItsClaim() {
        String key = newKey();
        String first = call("/sync/ack", key, "{}").body();
        hub.sql().sql("UPDATE idempotency_answer SET status = NULL WHERE claimed_until > :now")
                .param("now", Timestamp.from(hub.clock().instant())).update();
        FaceShape.assertDetail(call("/sync/ack", key, "{}"), 409);

        hub.clock().advance(Duration.ofSeconds(61));

        FaceShape.assertDetail(call("/sync/ack", key, "{\"other\": 1}"), 422);
        assertThat(call("/sync/ack", key, "{}").status()).isEqualTo(200);
        assertThat(call("/sync/ack", key, "{}").body()).isNotEqualTo(first);
    }

    @Test
    void anAnswerIsForgottenAfterItsTime() {
        String key = newKey();
        String first = call("/sync/ack", key, "{}").body();
        hub.clock().advance(Duration.ofHours(24));
        assertThat(call("/sync/ack", key, "{\"other\": 1}").body()).isNotEqualTo(first);
    }

    @Test
    void aKeyIsBounded() {
        assertThat(call("/sync/ack", "k".repeat(255), "{}").status()).isEqualTo(200);
        FaceShape.assertDetail(call("/sync/ack", "k".repeat(256), "{}"), 400);
        FaceShape.assertDetail(call("/sync/ack", "a b", "{}"), 400);
        FaceShape.assertCoded(call("/v1/sync/conflicts/1/resolve", "", "{}"), 400);
    }

    @Test
    void withoutAKeyEveryCallCounts() {
        assertThat(hub.post("/sync/ack", "{}").body()).isNotEqualTo(hub.post("/sync/ack", "{}").body());
    }

    private static TestHub.Answer call(String path, String key, String body) {
        return hub.post(path, body, "Authorization", TestHub.BEARER, "X-API-Key", "demo-api-key", "Idempotency-Key", key);
    }

    private static String newKey() {
        return UUID.randomUUID().toString();
    }
}
