package dev.serai.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.serai.watch.Audit;
import dev.serai.watch.AuditEntry;
import dev.serai.watch.AuditPage;
import dev.serai.watch.AuditPage.Recorded;
import dev.serai.watch.AuditQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuditTest {

    private TestHub hub;
    private Audit audit;

    @BeforeEach
    void start() {
        hub = TestHub.onTrial();
        audit = hub.context.getBean(Audit.class);
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    void everyMutationLeavesAnEntry() {
        hub.post("/v1/stores/store_456/sync/trigger", "{}", "Authorization", TestHub.BEARER);
        hub.post("/api/v1/sync/retry-failed", "{}");
        hub.post("/api/pms/orders", "{\"fail\": 409}", "X-API-Key", "demo-api-key");

        await().untilAsserted(() -> assertThat(entries()).extracting(Recorded::who, Recorded::action, Recorded::subject, Recorded::result)
                .containsExactly(
                tuple("key:demo", "POST /api/pms/orders", "/api/pms/orders", "409"),
                tuple("anonymous", "POST /api/v1/sync/retry-failed", "/api/v1/sync/retry-failed", "200"),
                tuple("token:demo", "POST /v1/stores/{id}/sync/trigger", "/v1/stores/store_456/sync/trigger", "200")));
    }

    @Test
    void whatIsRefusedIsTheSameActionAsWhatIsDone() {
        String viewer = hub.token("\"role\": \"viewer\"");

        hub.post("/v1/stores/store_456/sync/trigger", "{}", "Authorization", viewer);
        hub.send("DELETE", "/v1/stores/store_457/sync/trigger", null, "Authorization", TestHub.BEARER);
        hub.post("/v1/stores/store_458/nothing", "{}", "Authorization", TestHub.BEARER);

        await().untilAsserted(() -> assertThat(entries()).extracting(Recorded::action, Recorded::subject, Recorded::result).startsWith(
                tuple("POST /v1/stores/store_458/nothing", "/v1/stores/store_458/nothing", "404"),
                tuple("DELETE /v1/stores/{id}/sync/trigger", "/v1/stores/store_457/sync/trigger", "405"),
                tuple("POST /v1/stores/{id}/sync/trigger", "/v1/stores/store_456/sync/trigger", "403")));
    }

    @Test
    void readsHotPathsAndStrangersLeaveNone() {
        hub.get("/sync/pull");
        hub.post("/sync/push", "{}");
        hub.post("/v1/webhooks/store_456/orders", "{}");
        hub.post("/v1/stores/store_456/sync/trigger", "{}");
        hub.post("/sync/ack", "{}");
        hub.post("/sync/slow", "{}");

        await().untilAsserted(() -> assertThat(entries()).extracting(Recorded::subject).containsExactly("/sync/slow"));
    }

    @Test
    void entriesAreFoundByDeviceUserActionAndTime() {
        Instant first = hub.clock().instant();
        audit.record(new AuditEntry("device:d1", "u1", "d1", "sync.pull", "page 1", "200", Map.of("events", 3)));
        hub.clock().advance(Duration.ofHours(1));
        audit.recordAll(List.of(
                new AuditEntry("device:d2", "u1", "d2", "sync.push", "event 7", "accepted", Map.of()),
                new AuditEntry("device:d1", null, "d1", "sync.push", "event 8", "a\0b", Map.of("x", "\0"))));

        assertThat(found(new AuditQuery("d1", null, null, null, null, null, 10))).containsExactly("event 8", "page 1");
        assertThat(found(new AuditQuery(null, "u1", null, null, null, null, 10))).containsExactly("event 7", "page 1");
        assertThat(found(new AuditQuery(null, null, "sync.push", null, null, null, 10))).containsExactly("event 8", "event 7");
        assertThat(found(new AuditQuery(null, null, null, null, first.plusSeconds(1), null, 10))).containsExactly("page 1");
        assertThat(found(new AuditQuery(null, null, null, first.plusSeconds(1), null, null, 10))).containsExactly("event 8", "event 7");
        assertThat(found(new AuditQuery("d1", "u1", "sync.pull", first, first.plusSeconds(1), null, 10))).containsExactly("page 1");
        assertThat(audit.find(new AuditQuery("d1", "u1", null, null, null, null, 1)).entries().get(0).details()).containsEntry("events", 3);
    }

    @Test
    void pagesJoinWithoutGapOrOverlap() {
        audit.recordAll(IntStream.range(0, 25).mapToObj(i -> AuditEntry.of("scheduler", "run", "run " + i, "ok", Map.of())).toList());
        AuditPage page = audit.find(AuditQuery.latest(10));
        int count = page.entries().size();
        while (page.next() != null) {
            page = audit.find(new AuditQuery(null, null, null, null, null, page.next(), 10));
            count += page.entries().size();
        }
        assertThat(count).isEqualTo(25);
        assertThat(page.entries().get(page.entries().size() - 1).subject()).isEqualTo("run 0");
    }

    private List<Recorded> entries() {
        return audit.find(AuditQuery.latest(100)).entries();
    }

    private List<String> found(AuditQuery query) {
        return audit.find(query).entries().stream().map(Recorded::subject).toList();
    }
}
