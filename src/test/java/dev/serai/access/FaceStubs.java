package dev.serai.access;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.web.ApiException;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** A path or two of every face, which do next to nothing. */
@TestComponent
@RestController
class FaceStubs {


    final AtomicInteger calls = new AtomicInteger();
    volatile CountDownLatch gate = new CountDownLatch(0);
    private final Access access;
    private final Executor executor;

    FaceStubs(Access access, @Qualifier("applicationTaskExecutor") Executor executor) {
        this.access = access;
        this.executor = executor;
    }

    @GetMapping({
        "/", "/api/v1/sync/history", "/api/v1/health", "/api/ping", "/health", "/sync/pull", "/api/pos/sync/status",
        "/api/pms/products", "/api/products", "/api/products/{id}", "/api/inventory/alerts", "/api/analytics/sales",
        "/v1/stores/{id}/sync/status", "/v1/sync/jobs/{id}"})
    Map<String, Object> read() {
        return Map.of("caller", access.caller().map(Caller::id).orElse("nobody"));
    }

    @PostMapping({
        "/api/login", "/api/v1/sync/start", "/sync/push", "/sync/ack", "/api/pos/sync", "/api/pms/orders", "/api/inventory/adjust",
        "/v1/stores/{id}/sync/trigger", "/v1/sync/conflicts/{id}/resolve", "/v1/webhooks/{store}/{entity}"})
    Map<String, Object> write(@RequestBody JsonNode body, HttpServletResponse response) throws InterruptedException {
        gate.await();
        if (body.has("headers")) {
            body.get("headers").fields().forEachRemaining(header -> response.setHeader(header.getKey(), header.getValue().asText()));
        }
        if (body.has("fail")) {
            throw ApiException.of(body.get("fail").intValue(), "As asked");
        }
        if (body.has("crash")) {
            throw new IllegalStateException("secret internals");
        }
        return Map.of("call", calls.incrementAndGet());
    }

    /** Answers on another thread, as Camel does. */
    @PostMapping({"/api/v1/sync/retry-failed", "/sync/slow"})
    CompletableFuture<Map<String, Object>> writeLater() {
        return CompletableFuture.supplyAsync(
                () -> Map.of("call", calls.incrementAndGet(), "caller", access.caller().map(Caller::id).orElse("nobody")), executor);
    }
}
