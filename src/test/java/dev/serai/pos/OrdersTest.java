package dev.serai.pos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.change.Change;
import dev.serai.change.ContentHash;
import dev.serai.change.Operation;
import dev.serai.journal.Journal;
import dev.serai.pos.CloudAnswer.Result;
import dev.serai.pos.CloudAnswer.Status;
import dev.serai.pos.CloudOrders.Claim;
import dev.serai.pos.CloudOrders.Order;
import dev.serai.pos.PosSyncs.Begun;
import dev.serai.record.Page;
import dev.serai.run.HubNumber;
import dev.serai.testing.Core;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Orders from their records to the cloud's answer, on a real database and with a clock that the test sets. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OrdersTest {

    private static final String TERMINAL = "POS-001";
    private static final Instant T0 = Instant.parse("2026-01-05T09:00:00Z");
    private static final PosSettings SETTINGS = settings(Map.of());

    private final Core core = new Core(Beans.class, OrderView.class, PosSyncs.class, CloudOrders.class, PosStatus.class);
    private final PosSyncs syncs = core.bean(PosSyncs.class);
    private final CloudOrders cloud = core.bean(CloudOrders.class);
    private final PosStatus status = core.bean(PosStatus.class);
    private int moment;

    @AfterEach
    void end() {
        core.close();
    }

    @Test
    void anOrderThatComesInWaitsForItsTerminalsNextSync() {
        push("1001", "{\"order_id\": 1001, \"terminal_id\": \"POS-002\", \"total\": 5}");

        assertThat(states("POS-002")).containsEntry("pending", 1L);
        assertThat(states(TERMINAL)).containsEntry("pending", 0L);
        assertThat(cloud.claim()).isNull();
    }

    @Test
    void anOrderWithoutATerminalBelongsToTheConfiguredOne() {
        push("1", "{\"total\": 5}");
        push("2", "{\"terminal_id\": \"  \", \"total\": 5}");

        assertThat(ids(TERMINAL)).containsExactly(1L, 2L);
    }

    @Test
    void anOrderWhoseKeyIsNoNumberGetsOneAndKeepsIt() {
        push("A-17", "{\"total\": 5}");
        push("A-18", "{\"order_id\": \"0x12\", \"total\": 5}");
        List<Long> ids = ids(TERMINAL);

        push("A-17", "{\"total\": 6}");

        assertThat(ids).hasSize(2).allMatch(id -> id > 9_000_000_000L).doesNotHaveDuplicates();
        assertThat(ids(TERMINAL)).isEqualTo(ids);
    }

    @Test
    void noTwoOrdersShareANumber() {
        push("A-17", "{\"order_id\": 5}");
        push("5", "{}");
        journal("B-1", "{\"order_id\": 77}");
        journal("B-2", "{\"order_id\": 77}");
        core.drain();

        assertThat(ids(TERMINAL)).hasSize(4).contains(5L, 77L).doesNotHaveDuplicates();
    }

    @Test
    void anOrderOfAnotherTerminalWithTheSameNumberIsAConflictAndNotSentInItsPlace() {
        pushedByDevice("e1", "{\"order_id\": 5, \"terminal_id\": \"POS-001\", \"total\": 5}");
        synced(5);
        pushedByDevice("e2", "{\"order_id\": 5, \"terminal_id\": \"POS-001\", \"total\": 6}");
        assertThat(states(TERMINAL)).as("its own terminal may push it again").containsEntry("pending", 1L);
        syncs.all(TERMINAL, true, false);
        Claim claim = cloud.claim();

        pushedByDevice("e3", "{\"order_id\": 5, \"terminal_id\": \"POS-002\", \"total\": 70}");
        cloud.settle(claim, synced(claim), null);

        assertThat(states(TERMINAL)).containsEntry("conflict", 1L);
        assertThat(ids("POS-002")).isEmpty();
        assertThat(core.jdbc().queryForObject("SELECT last_error FROM pos_order", String.class)).contains("POS-002");
        syncs.all(TERMINAL, true, false);
        assertThat(cloud.claim()).isNull();
        syncs.these(TERMINAL, List.of(5L));
        assertThat(sent(cloud.claim())).as("whoever has looked at it sends it by its number").containsExactly(5L);
    }

    private void pushedByDevice(String event, String payload) {
        Change change = change("5", payload, Operation.UPSERT, false);
        core.bean(Journal.class).accept(new Change(change.source(), null, null, change.entityType(), "5", Operation.UPSERT, change.modifiedAt(),
                null, "device-event-" + event, change.hash(), payload, false)).join();
        core.drain();
    }

    @Test
    void whatAConnectorPullsIsNoOrderOfATerminalUnlessItIsOneAlready() {
        push("1", "{\"total\": 5}");
        synced(1);

        List<Change> pulled = List.of(
                change("1", "{\"total\": 6}", Operation.UPSERT, true), change("2", "{\"total\": 6}", Operation.UPSERT, true));
        core.pipeline().accept(new Page(OrderView.ENTITY, pulled, List.of()), result -> {});

        assertThat(ids(TERMINAL)).containsExactly(1L);
        assertThat(states(TERMINAL)).containsEntry("pending", 1L);
    }

    @Test
    void aDeletedOrderIsNotSent() {
        push("1", "{\"total\": 5}");
        push("2", "{\"total\": 5}");
        syncs.all(TERMINAL, true, false);

        core.bean(Journal.class).accept(change("1", null, Operation.DELETE, false)).join();
        core.drain();

        assertThat(sent(cloud.claim())).containsExactly(2L);
    }

    @Test
    void aSyncTakesAllThatWasNeverSyncedAndNamesItsBatchByTheSecond() {
        push("1", "{}");
        push("2", "{}");
        push("3", "{\"terminal_id\": \"POS-002\"}");

        Begun first = syncs.all(TERMINAL, true, false);
        Begun second = syncs.all("POS-002", true, false);
        Begun empty = syncs.all("POS-003", true, false);

        assertThat(first).isEqualTo(new Begun("manual_20260105_100000", List.of(1L, 2L)));
        assertThat(second).isEqualTo(new Begun("manual_20260105_100001", List.of(3L)));
        assertThat(empty).isEqualTo(new Begun("manual_20260105_100002", List.of()));
        assertThat(status.lastBatch("POS-003").completedAt()).isEqualTo(Instant.parse("2026-01-05T10:00:00Z"));
        assertThat(runs()).containsExactly("pos manual running", "pos manual running", "pos manual completed");
    }

    @Test
    void theRegularSyncTakesNewOrdersOnlyAndLeavesNoTraceWhereThereAreNone() {
        push("1", "{}");
        synced(1);
        push("2", "{}");
        fail(syncs.all(TERMINAL, true, false));
        push("3", "{}");

        syncs.scheduled(TERMINAL);
        syncs.scheduled(TERMINAL);

        assertThat(sent(cloud.claim())).containsExactly(3L);
        assertThat(status.lastBatch(TERMINAL).batchId()).isEqualTo("auto_20260105_100000");
        assertThat(runs()).containsExactly("pos manual completed", "pos manual running", "pos scheduled running");
    }

    @Test
    void everyOrderGetsItsOwnResultAndTheBatchItsSums() {
        for (int i = 1; i <= 4; i++) {
            push(String.valueOf(i), "{}");
        }
        syncs.all(TERMINAL, true, false);
        Claim claim = cloud.claim();
        assertThat(states(TERMINAL)).containsEntry("in_progress", 4L);

        cloud.settle(claim, Map.of(
                1L, new Result(Status.SYNCED, null), 2L, new Result(Status.CONFLICT, "newer in the cloud"),
                3L, new Result(Status.FAILED, "no such item"),
                99L, new Result(Status.SYNCED, null)), "not spoken of");

        assertThat(states(TERMINAL)).isEqualTo(
                Map.of("pending", 0L, "in_progress", 0L, "synced", 1L, "failed", 0L, "retry", 2L, "conflict", 1L));
        assertThat(errors()).containsExactly(null, "newer in the cloud", "no such item", "not spoken of");
        assertThat(status.lastBatch(TERMINAL)).extracting("totalOrders", "successfulSyncs", "failedSyncs", "completedAt")
                .containsExactly(4, 1, 1, null);

        core.clock.advance(Duration.ofSeconds(5));
        Claim retry = cloud.claim();
        assertThat(sent(retry)).containsExactly(3L, 4L);
        assertThat(keys(retry)).isSubsetOf(keys(claim));
        cloud.settle(retry, synced(retry), null);

        assertThat(status.lastBatch(TERMINAL)).extracting("totalOrders", "successfulSyncs", "failedSyncs").containsExactly(4, 3, 1);
        assertThat(status.lastBatch(TERMINAL).completedAt()).isNotNull();
        assertThat(runs()).containsExactly("pos manual completed");
    }

    @Test
    void anOrderIsRetriedFiveTimesWithinThreeMinutesAndThenFailed() {
        push("1", "{}");
        syncs.all(TERMINAL, true, false);
        Instant begun = core.clock.instant();
        List<Duration> sends = new ArrayList<>();

        while (states(TERMINAL).get("failed") == 0) {
            Claim claim = cloud.claim();
            if (claim != null) {
                sends.add(Duration.between(begun, core.clock.instant()));
                cloud.settle(claim, Map.of(), "away");
            }
            core.clock.advance(Duration.ofMillis(250));
        }

        assertThat(sends).hasSize(6);
        assertThat(sends.get(1)).isBetween(Duration.ofMillis(2500), Duration.ofMillis(5250));
        assertThat(sends.get(5)).isBetween(Duration.ofSeconds(75), Duration.ofSeconds(180));
        assertThat(status.lastBatch(TERMINAL)).extracting("successfulSyncs", "failedSyncs").containsExactly(0, 1);
        assertThat(cloud.claim()).isNull();
        assertThat(syncs.all(TERMINAL, true, false).orderIds()).containsExactly(1L);
        assertThat(cloud.claim().orders()).extracting(Order::attempts).containsExactly(0);
    }

    @Test
    void aConflictIsSentAgainByItsNumberOnly() {
        push("1", "{}");
        syncs.all(TERMINAL, true, false);
        cloud.settle(cloud.claim(), Map.of(1L, new Result(Status.CONFLICT, null)), null);
        push("1", "{\"total\": 7}");

        assertThat(syncs.all(TERMINAL, true, true).orderIds()).isEmpty();
        assertThat(syncs.these(TERMINAL, List.of(1L, 2L)).orderIds()).containsExactly(1L);
        assertThat(cloud.claim().orders().get(0).content()).contains("7");
    }

    @Test
    void recentlySyncedOrdersAreThoseOfTheLastDay() {
        push("1", "{}");
        synced(1);
        core.clock.advance(Duration.ofHours(25));
        push("2", "{}");
        synced(2);
        core.clock.advance(Duration.ofHours(23));

        assertThat(syncs.all(TERMINAL, true, false).orderIds()).isEmpty();
        assertThat(syncs.all(TERMINAL, false, true).orderIds()).containsExactly(2L);
    }

    @Test
    void anotherTerminalsOrderIsNotThere() {
        push("1", "{\"terminal_id\": \"POS-002\"}");

        assertThat(syncs.hasAny(TERMINAL, List.of(1L))).isFalse();
        assertThat(syncs.these(TERMINAL, List.of(1L))).isEqualTo(new Begun(null, List.of()));
        assertThat(runs()).isEmpty();
    }

    @Test
    void anOrderThatChangesWhenItIsSyncedWaitsAgainUnderTheSameKey() {
        push("1", "{\"total\": 5}");
        syncs.all(TERMINAL, true, false);
        Claim first = cloud.claim();
        cloud.settle(first, synced(first), null);

        push("1", "{\"total\": 6}");
        assertThat(states(TERMINAL)).containsEntry("pending", 1L);
        syncs.scheduled(TERMINAL);
        Claim second = cloud.claim();

        assertThat(keys(second)).isEqualTo(keys(first));
        assertThat(second.orders().get(0).content()).contains("6");
        assertThat(second.orders().get(0).version()).isEqualTo(2);
    }

    @Test
    void anOrderThatChangesWhileItIsSentWaitsForTheNextSync() {
        push("1", "{\"total\": 5}");
        syncs.all(TERMINAL, true, false);
        Claim claim = cloud.claim();

        push("1", "{\"total\": 6}");
        cloud.settle(claim, synced(claim), null);

        assertThat(states(TERMINAL)).containsEntry("pending", 1L);
        assertThat(cloud.claim()).isNull();
        assertThat(status.lastBatch(TERMINAL)).extracting("totalOrders", "successfulSyncs").containsExactly(1, 1);
        syncs.scheduled(TERMINAL);
        assertThat(sent(cloud.claim())).containsExactly(1L);
    }

    @Test
    void aNewerSyncTakesOverWhatAnOlderOneHasNotSent() {
        push("1", "{}");
        push("2", "{}");
        syncs.all(TERMINAL, true, false);
        Claim old = cloud.claim();
        cloud.settle(old, Map.of(1L, new Result(Status.SYNCED, null)), "away");

        syncs.all(TERMINAL, true, false);
        Claim next = cloud.claim();
        cloud.settle(next, synced(next), null);

        assertThat(sent(next)).containsExactly(2L);
        assertThat(batches()).containsExactly("2 orders, 1 synced, 1 failed, completed", "1 orders, 1 synced, 0 failed, completed");
    }

    @Test
    void anOrderOnItsWayCountsForTheSyncThatAskedForItLast() {
        push("1", "{}");
        syncs.all(TERMINAL, true, false);
        Claim claim = cloud.claim();

        assertThat(syncs.these(TERMINAL, List.of(1L)).orderIds()).containsExactly(1L);
        assertThat(cloud.claim()).isNull();
        cloud.settle(claim, synced(claim), null);

        assertThat(batches()).containsExactly("1 orders, 0 synced, 1 failed, completed", "1 orders, 1 synced, 0 failed, completed");
    }

    @Test
    void ordersOfATerminalThatIsSwitchedOffStayAsTheyAre() {
        push("1", "{\"total\": 5}");
        syncs.all(TERMINAL, true, false);
        push("2", "{\"terminal_id\": \"POS-002\"}");
        syncs.all("POS-002", true, false);
        Map<String, PosSettings.Terminal> terminals = Map.of(TERMINAL, new PosSettings.Terminal(false, null));
        PosSettings settings = settings(terminals);

        CloudOrders others = new CloudOrders(core.jdbc(), core.bean(TransactionTemplate.class), core.bean(HubNumber.class), settings, core.clock);
        new PosSyncs(core.jdbc(), settings, core.clock).scheduled(TERMINAL);

        assertThat(sent(others.claim())).containsExactly(2L);
        assertThat(others.claim()).isNull();
        assertThat(states(TERMINAL)).containsEntry("pending", 1L);
        assertThat(settings.intervalOf(TERMINAL)).isEqualTo(settings.syncInterval());
        assertThat(sent(cloud.claim())).as("switched on again").containsExactly(1L);
    }

    @Test
    void whatADeadHubWasSendingGoesOnAtOnceAndItsLateAnswerChangesNothing() {
        push("1", "{}");
        syncs.all(TERMINAL, true, false);
        Claim lost = cloud.claim();
        assertThat(other().claim()).isNotNull().extracting(Claim::orders).asList().hasSize(1);
        assertThat(states(TERMINAL)).containsEntry("in_progress", 1L);

        cloud.settle(lost, Map.of(), "away");

        assertThat(states(TERMINAL)).containsEntry("in_progress", 1L);
    }

    @Test
    void manySendersShareTheOrdersAndNoneIsClaimedTwice() throws Exception {
        for (int i = 1; i <= 1_000; i++) {
            journal(String.valueOf(i), "{}");
        }
        core.drain();
        syncs.all(TERMINAL, true, false);
        ExecutorService senders = Executors.newFixedThreadPool(4);
        List<Future<List<Long>>> work = new ArrayList<>();
        for (int sender = 0; sender < 4; sender++) {
            work.add(senders.submit(this::sendAll));
        }
        List<Long> all = new ArrayList<>();
        for (Future<List<Long>> sender : work) {
            all.addAll(sender.get());
        }
        senders.shutdown();

        all.addAll(sendAll());
        assertThat(all).containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 1_000).boxed().toList());
        assertThat(batches()).containsExactly("1000 orders, 1000 synced, 0 failed, completed");
    }

    @Test
    void aClockThatIsPutBackAnHourHoldsNoRetryUp() {
        push("1", "{}");
        syncs.all(TERMINAL, true, false);
        cloud.settle(cloud.claim(), Map.of(), "away");

        core.clock.advance(Duration.ofHours(-1));

        assertThat(sent(cloud.claim())).containsExactly(1L);
        assertThat(syncs.all("POS-002", true, false).batchId()).isEqualTo("manual_20260105_090000");
    }

    private List<Long> sendAll() {
        List<Long> sent = new ArrayList<>();
        for (Claim claim = cloud.claim(); claim != null; claim = cloud.claim()) {
            sent.addAll(sent(claim));
            cloud.settle(claim, synced(claim), null);
        }
        return sent;
    }

    /** Another hub on the same database, after this one's connection has gone. */
    private CloudOrders other() {
        HubNumber number = core.bean(HubNumber.class);
        number.destroy();
        return new CloudOrders(core.jdbc(), core.bean(TransactionTemplate.class), number, SETTINGS, core.clock);
    }

    private static PosSettings settings(Map<String, PosSettings.Terminal> terminals) {
        return new PosSettings(true, TERMINAL, Duration.ofMinutes(10), terminals, "", "", 100,
                new PosSettings.Retries(5, Duration.ofSeconds(5), Duration.ofSeconds(80)), Duration.ofHours(24));
    }

    private void push(String key, String payload) {
        journal(key, payload);
        core.drain();
    }

    private void journal(String key, String payload) {
        core.bean(Journal.class).accept(change(key, payload, Operation.UPSERT, false)).join();
    }

    private Change change(String key, String payload, Operation operation, boolean fromPull) {
        byte[] content = (payload == null ? "" : payload).getBytes(StandardCharsets.UTF_8);
        return new Change("till", null, null, OrderView.ENTITY, key, operation, T0.plusSeconds(++moment), null, null,
                ContentHash.of(content), payload, fromPull);
    }

    private void synced(long... orders) {
        syncs.these(TERMINAL, LongStream.of(orders).boxed().toList());
        Claim claim = cloud.claim();
        cloud.settle(claim, synced(claim), null);
    }

    private void fail(Begun begun) {
        assertThat(begun.orderIds()).isNotEmpty();
        cloud.settle(cloud.claim(), Map.of(), "away");
    }

    private static Map<Long, Result> synced(Claim claim) {
        return claim.orders().stream().collect(Collectors.toMap(Order::orderId, order -> new Result(Status.SYNCED, null)));
    }

    private static List<Long> sent(Claim claim) {
        return claim.orders().stream().map(Order::orderId).toList();
    }

    private static Set<String> keys(Claim claim) {
        Set<String> keys = new HashSet<>();
        claim.orders().forEach(order -> keys.add(order.idempotencyKey().toString()));
        return keys;
    }

    private Map<String, Long> states(String terminal) {
        return status.counts(terminal);
    }

    private List<Long> ids(String terminal) {
        return core.jdbc().queryForList("SELECT order_id FROM pos_order WHERE terminal_id = ? ORDER BY order_id", Long.class, terminal);
    }

    private List<String> errors() {
        return core.jdbc().queryForList("SELECT last_error FROM pos_order ORDER BY order_id", String.class);
    }

    private List<String> runs() {
        return core.jdbc().queryForList(
                "SELECT kind || ' ' || trigger || ' ' || status FROM run JOIN pos_batch USING (run_id) ORDER BY batch_no", String.class);
    }

    private List<String> batches() {
        return core.jdbc().queryForList("""
                SELECT format('%s orders, %s synced, %s failed, %s', total, synced, failed,
                    CASE WHEN completed_at IS NULL THEN 'running' ELSE 'completed' END) FROM pos_batch ORDER BY batch_no""", String.class);
    }

    @Configuration(proxyBeanMethods = false)
    static class Beans {

        @Bean
        PosSettings settings() {
            return SETTINGS;
        }

        @Bean
        TransactionTemplate transactionTemplate(PlatformTransactionManager transactions) {
            return new TransactionTemplate(transactions);
        }
    }
}
