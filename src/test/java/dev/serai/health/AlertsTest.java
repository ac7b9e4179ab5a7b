package dev.serai.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.delivery.WebhookDeliveries;
import dev.serai.health.AlertNotices.Notice;
import dev.serai.health.StoreStatistics.EndedSync;
import dev.serai.store.Direction;
import dev.serai.store.Stores;
import dev.serai.store.WebhookTarget;
import dev.serai.testing.Core;
import dev.serai.testing.StoreChanges;
import dev.serai.testing.StoreEndpoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AlertsTest {

    private final Core core = new Core();
    private final StoreChanges changes = new StoreChanges(core);
    private final Alerts alerts = core.bean(Alerts.class);
    private final StoreStatistics statistics = core.bean(StoreStatistics.class);
    private final StoreHealths healths = core.bean(StoreHealths.class);
    private final Stores stores = core.bean(Stores.class);
    private final StoreEndpoint endpoint = new StoreEndpoint().answering(400);

    @BeforeEach
    void stores() {
        changes.create("s1", "manual_resolution");
        changes.create("s2", "last_write_wins");
    }

    @AfterEach
    void close() {
        core.close();
        endpoint.close();
    }

    @Test
    void aStoreWithoutAnySyncIsHealthy() {
        alerts.evaluate();

        assertThat(alerts.active()).isEmpty();
        assertThat(healths.of("s1").successRate()).isEqualTo(100);
        assertThat(healths.of("s1").averageMillis()).isNull();
    }

    @Test
    void failedSyncsRaiseOneAlertWhichIsClearedWhenTheyAreLongPast() {
        sync("s1", "failed", 1_000);
        sync("s1", "success", 2_000);

        alerts.evaluate();
        alerts.evaluate();

        assertThat(alerts.active()).singleElement().satisfies(alert -> {
            assertThat(alert.storeId()).isEqualTo("s1");
            assertThat(alert.condition()).isEqualTo("sync_failure_rate");
            assertThat(alert.value()).isEqualTo(50);
            assertThat(alert.threshold()).isEqualTo(5);
        });
        assertThat(alerts.activeByStore()).containsExactly(Map.entry("s1", 1L));
        assertThat(events()).containsExactly("s1 alert_raised");

        core.clock.advance(Duration.ofHours(2));
        alerts.evaluate();

        assertThat(alerts.active()).isEmpty();
        assertThat(alerts.activeByStore()).isEmpty();
        assertThat(events()).containsExactly("s1 alert_raised", "s1 alert_cleared");
        assertThat(alerts.list("s1", null, "cleared", 1, 10)).singleElement().extracting(Alert::clearedAt).isEqualTo(core.clock.instant());
    }

    @Test
    void exactlyTheThresholdIsNoAlert() {
        IntStream.range(0, 19).forEach(i -> sync("s1", "success", 10));
        sync("s1", "failed", 30_000);
        alerts.evaluate();
        assertThat(alerts.active()).isEmpty();

        sync("s1", "failed", 30_001);
        alerts.evaluate();
        assertThat(alerts.active()).extracting(Alert::condition).containsExactlyInAnyOrder("sync_failure_rate", "sync_duration");
    }

    @Test
    void moreThanTenConflictsWithinAnHourRaiseAnAlert() {
        conflicts(10);
        alerts.evaluate();
        assertThat(alerts.active()).isEmpty();

        conflicts(11);
        alerts.evaluate();
        assertThat(alerts.active()).extracting(Alert::condition).containsExactly("conflict_count");

        core.clock.advance(Duration.ofMinutes(61));
        alerts.evaluate();
        assertThat(alerts.active()).isEmpty();
        assertThat(healths.of("s1").conflicts()).isEqualTo(11);
    }

    @Test
    void moreThanThreeFailuresInARowRaiseAnAlertAndASuccessClearsIt() {
        failures(3);
        alerts.evaluate();
        assertThat(alerts.active()).isEmpty();

        failures(4);
        alerts.evaluate();
        assertThat(alerts.active()).extracting(Alert::condition).containsExactly("webhook_failures");

        failures(0);
        alerts.evaluate();
        assertThat(alerts.active()).isEmpty();
    }

    @Test
    void recordsThatDifferRaiseAnAlertUntilTheyAreInStepAgain() {
        for (int i = 0; i < 99; i++) {
            changes.tell("s2", changes.at(1), "p" + i, "{'id': 'p" + i + "', 'price': 1}");
        }
        compareAll();
        assertThat(healths.of("s2").records()).isEqualTo(99);
        assertThat(healths.of("s2").driftPercentage()).isZero();

        changes.edit(changes.at(2), "products", "p7", "{'id': 'p7', 'price': 2}");
        compareAll();
        alerts.evaluate();
        assertThat(healths.of("s2").differing()).isEqualTo(1);
        assertThat(alerts.active()).extracting(Alert::condition).containsExactly("data_drift");

        changes.tell("s2", changes.at(3), "p7", "{'id': 'p7', 'price': 2}");
        compareAll();
        alerts.evaluate();
        assertThat(alerts.active()).isEmpty();
    }

    @Test
    void aRecordWhoseDeliveryIsParkedDiffersAlsoWhereTheStoreHasNeverBeenToldOfIt() {
        stores.change("s2", "test", "a secret of the store", store -> store.withWebhook(new WebhookTarget(endpoint.uri(), true)));
        changes.edit(changes.at(1), "products", "p1", "{'id': 'p1', 'price': 1}");
        WebhookDeliveries deliveries = core.bean(WebhookDeliveries.class);
        deliveries.send(deliveries.claim());
        await().atMost(Duration.ofSeconds(5)).until(() -> deliveries.settle() > 0);
        compareAll();
        assertThat(healths.of("s2").differing()).isEqualTo(1);

        stores.change("s2", "test", store -> store.withEntity(changes.entity("last_write_wins", Direction.TO_PLATFORM)));
        compareAll();
        assertThat(healths.of("s2").differing()).as("it is not to be told any more").isZero();
    }

    @Test
    void aRoundOfComparisonsGoesOnWhereTheLastOneStoppedAndTellsItsResultAtItsEnd() {
        for (int i = 0; i < 150; i++) {
            changes.tell("s2", changes.at(1), "p" + i, "{'id': 'p" + i + "', 'price': 1}");
        }
        Drift drift = core.bean(Drift.class);

        drift.compareSome();
        assertThat(healths.of("s2").records()).isZero();
        drift.compareSome();

        assertThat(healths.of("s2").records()).isEqualTo(150);
    }

    @Test
    void aRecordAboutWhichAPersonHasToDecideDiffers() {
        changes.tell("s1", changes.at(1), "p1", "{'id': 'p1', 'price': 1}");
        changes.edit(changes.at(2), "products", "p1", "{'id': 'p1', 'price': 2}");
        changes.tell("s1", changes.at(3), "p1", "{'id': 'p1', 'price': 3}");
        compareAll();

        assertThat(healths.of("s1").differing()).isEqualTo(1);
    }

    @Test
    void twoHubsThatEvaluateAtTheSameTimeRaiseOneAlert() {
        sync("s1", "failed", 1);

        CompletableFuture.allOf(IntStream.range(0, 8).mapToObj(i -> CompletableFuture.runAsync(alerts::evaluate))
                .toArray(CompletableFuture[]::new)).join();
        alerts.evaluate();

        assertThat(alerts.count(null, null, null)).isEqualTo(1);
        assertThat(events()).containsExactly("s1 alert_raised");
    }

    @Test
    void anAlertThatTheWebhookDoesNotTakeComesAgainAtMostFiveTimes() {
        sync("s1", "failed", 1);
        alerts.evaluate();
        AlertNotices notices = core.bean(AlertNotices.class);

        for (int attempt = 0; attempt <= 5; attempt++) {
            Optional<Notice> due = notices.claim();
            assertThat(due).as("attempt %d", attempt).map(Notice::attempts).contains(attempt);
            assertThat(notices.claim()).isEmpty();
            notices.failed(due.get(), false, "it answered 503");
            core.clock.advance(Duration.ofMinutes(6));
        }

        assertThat(notices.claim()).isEmpty();
        assertThat(core.jdbc().queryForObject("SELECT last_error FROM alert_notice", String.class)).isEqualTo("it answered 503");
    }

    @Test
    void metricsOfAllStoresAreSummedUp() {
        sync("s1", "success", 1_000);
        sync("s2", "success", 4_000);
        sync("s2", "failed", 4_000);

        StoreHealth total = healths.total();

        assertThat(total.syncs()).isEqualTo(3);
        assertThat(total.averageMillis()).isEqualTo(3_000);
        assertThat(total.successRate()).isEqualTo(100 * 2 / 3.0);
        core.clock.advance(Duration.ofHours(25));
        assertThat(healths.total().syncs()).isZero();
    }

    private void sync(String store, String verdict, long millis) {
        statistics.syncsEnded(List.of(new EndedSync(store, verdict, millis)));
    }

    /** A round and a bit. */
    private void compareAll() {
        core.bean(Drift.class).compareSome();
        core.bean(Drift.class).compareSome();
    }

    private void conflicts(int count) {
        for (int i = 0; i < count; i++) {
            String key = "c" + count + "-" + i;
            changes.tell("s1", changes.at(1), key, "{'id': '" + key + "', 'price': 1}");
            changes.edit(changes.at(2), "products", key, "{'id': '" + key + "', 'price': 2}");
            changes.tell("s1", changes.at(3), key, "{'id': '" + key + "', 'price': 3}");
        }
        core.jdbc().update("DELETE FROM conflict WHERE record_key NOT LIKE ?", "c" + count + "-%");
    }

    private void failures(int inARow) {
        core.jdbc().update("INSERT INTO delivery_endpoint (store_id, consecutive_failures) VALUES ('s1', ?) "
                + "ON CONFLICT (store_id) DO UPDATE SET consecutive_failures = excluded.consecutive_failures", inARow);
    }

    private List<String> events() {
        return core.jdbc().queryForList("SELECT store_id || ' ' || event FROM store_event ORDER BY position", String.class);
    }
}
