package dev.serai.storesync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.serai.change.Operation;
import dev.serai.delivery.WebhookDeliveries;
import dev.serai.record.PendingQueue;
import dev.serai.rules.FieldFilter;
import dev.serai.rules.SyncRule;
import dev.serai.run.AlreadyRunning;
import dev.serai.run.Jobs;
import dev.serai.run.Jobs.Part;
import dev.serai.run.Run;
import dev.serai.run.RunStatus;
import dev.serai.run.RunWorkers;
import dev.serai.run.SyncRequest;
import dev.serai.run.SyncRequest.JobOptions;
import dev.serai.run.SyncRequest.SyncType;
import dev.serai.run.WebhookRuns;
import dev.serai.store.Direction;
import dev.serai.store.EntityConfig;
import dev.serai.store.Frequency;
import dev.serai.store.StoreConfig;
import dev.serai.store.Stores;
import dev.serai.store.WebhookTarget;
import dev.serai.testing.Core;
import dev.serai.testing.StoreChanges;
import dev.serai.testing.StoreEndpoint;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs of stores without a connector, and the runs that webhooks make, from their beginning to what the live stream is told. */
class StoreSyncTest {

    private static final ObjectMapper JSON = new ObjectMapper().registerModule(new JavaTimeModule());

    private final Core core = new Core(
            Reconcile.class, AfterSync.class, Comparison.class, RunWatch.class, ApplyTimes.class, JobView.class, ConflictSettling.class,
            StoreFigures.class);
    private final StoreChanges changes = new StoreChanges(core);
    private final StoreEndpoint endpoint = new StoreEndpoint();
    private final Stores stores = core.bean(Stores.class);
    private final Jobs jobs = core.bean(Jobs.class);
    private final RunWatch watch = core.bean(RunWatch.class);
    private final WebhookDeliveries deliveries = core.bean(WebhookDeliveries.class);

    @BeforeEach
    void store() {
        changes.create("s1", "last_write_wins");
        stores.change("s1", "test", "a secret of the store", store -> store.withWebhook(new WebhookTarget(endpoint.uri(), true)));
    }

    @AfterEach
    void close() {
        core.close();
        endpoint.close();
    }

    @Test
    void aJobAsksTheStoreToSendAgainAndSendsItWhatDiffers() {
        changes.tell("s1", changes.at(1), "p1", "{'id': 'p1', 'price': 1}");
        changes.tell("s1", changes.at(1), "p2", "{'id': 'p2', 'price': 1}");
        changes.edit(changes.at(2), "products", "p1", "{'id': 'p1', 'price': 2}");
        // The store has lost its delivery.
        core.jdbc().update("DELETE FROM delivery");

        UUID job = run(SyncType.INCREMENTAL, null);

        JsonNode request = endpoint.received().get(0).body();
        assertThat(request.path("event").asText()).isEqualTo("sync.requested");
        assertThat(request.path("sync_id").asText()).isEqualTo(JobId.text(job));
        assertThat(core.jdbc().queryForList("SELECT record_key FROM delivery", String.class)).containsExactly("p1");
        Run run = jobs.find(job).get(0);
        assertThat(run.verdict()).isEqualTo("success");
        assertThat(run.result().path("redelivered").asInt()).isEqualTo(1);
        assertThat(run.result().path("records_processed").asInt()).isEqualTo(2);
        assertThat(run.result().path("resend").asText()).isEqualTo("requested");
        deliver();
        assertThat(endpoint.received().get(1).body().at("/data/price").asInt()).isEqualTo(2);
    }

    @Test
    void aFullJobAlsoSendsWhatTheStoreHasNeverBeenToldOf() {
        core.jdbc().update("UPDATE store SET paused = false");
        changes.edit(changes.at(1), "products", "p1", "{'id': 'p1', 'price': 2}");
        core.jdbc().update("DELETE FROM delivery");
        core.jdbc().update("DELETE FROM store_record");

        run(SyncType.INCREMENTAL, null);
        assertThat(core.jdbc().queryForObject("SELECT count(*) FROM delivery", Integer.class)).isZero();

        run(SyncType.FULL, null);
        assertThat(core.jdbc().queryForList("SELECT record_key FROM delivery", String.class)).containsExactly("p1");
    }

    @Test
    void whatTheStoreRefusedGoesToItWithTheNextJobWhetherItIsIncrementalOrFull() {
        for (SyncType type : SyncType.values()) {
            String refused = type + "-refused";
            endpoint.answering(400);
            changes.edit(changes.at(1), "products", refused, "{'id': '" + refused + "', 'price': 2}");
            deliver();
            assertThat(core.jdbc().queryForList("SELECT state FROM delivery", String.class)).containsExactly("DEAD");
            endpoint.answering(200);
            endpoint.received().clear();

            UUID job = run(type, null);

            assertThat(jobs.find(job).get(0).result().path("redelivered").asInt()).isEqualTo(1);
            deliver();
            assertThat(endpoint.received().stream().skip(1).map(request -> request.body().at("/data/id").asText())).containsExactly(refused);
            assertThat(core.jdbc().queryForObject("SELECT count(*) FROM delivery", Integer.class)).isZero();
            assertThat(jobs.find(run(type, null)).get(0).result().path("redelivered").asInt()).isZero();
        }
    }

    @Test
    void whatTheStoreRefusesOnceMoreIsParkedOnceMoreAndAJobThatValidatesSaysSo() {
        endpoint.answering(400);
        changes.edit(changes.at(1), "products", "p1", "{'id': 'p1', 'price': 2}");
        deliver();
        UUID job = create(SyncType.FULL, new JobOptions(true, false));
        core.bean(RunWorkers.class).takeUp();
        await().until(() -> jobs.find(job).get(0).status() == RunStatus.COMPLETED);

        deliver();
        finish(job);

        assertThat(core.jdbc().queryForList("SELECT state FROM delivery", String.class)).containsExactly("DEAD");
        assertThat(jobs.find(job).get(0).verdict()).isEqualTo("partial");
        assertThat(jobs.find(job).get(0).result().path("error_code").asText()).isEqualTo("WEBHOOK_FAILED");
    }

    @Test
    void whatIsParkedAndNoLongerToBeSentIsDroppedByAJob() {
        endpoint.answering(400);
        changes.edit(changes.at(1), "products", "p1", "{'id': 'p1', 'price': 2}");
        deliver();
        stores.change("s1", "test", store -> store.withEntity(new EntityConfig("products", Direction.BIDIRECTIONAL, "last_write_wins", List.of(),
                List.of("id"), "updated_at", changes.marker(), List.of(new FieldFilter("price", "greater_than", IntNode.valueOf(5))), Set.of(), null, true)));

        run(SyncType.INCREMENTAL, null);
        deliveries.claim();

        assertThat(core.jdbc().queryForObject("SELECT count(*) FROM delivery", Integer.class)).isZero();
    }

    @Test
    void anEntityWithParkedDeliveriesIsNotShownAsSynced() {
        endpoint.answering(400);
        changes.edit(changes.at(1), "products", "p1", "{'id': 'p1', 'price': 2}");
        assertThat(figures().parked()).isZero();

        deliver();

        assertThat(figures().parked()).isEqualTo(1);
        stores.change("s1", "test", store -> store.withEntity(changes.entity("last_write_wins", Direction.TO_PLATFORM)));
        assertThat(figures().parked()).as("nothing is sent any more").isZero();
    }

    @Test
    void whatAJobReleasesIsAmongItsRecords() {
        stores.change("s1", "test", store -> new StoreConfig(
                "s1", store.version(), false, Frequency.MANUAL, store.entities(), store.rules(), store.webhook()));
        changes.tell("s1", changes.at(1), "known", "{'id': 'known', 'price': 1}");
        changes.tell("s1", changes.at(1), "edited", "{'id': 'edited', 'price': 1}");
        for (String key : List.of("edited", "new1", "new2")) {
            changes.edit(changes.at(2), "products", key, "{'id': '" + key + "', 'price': 2}");
        }
        assertThat(deliveries.claim().size()).isZero();

        UUID job = run(SyncType.INCREMENTAL, null);

        JsonNode shown = shown(job);
        assertThat(shown.at("/progress/records_processed").asInt()).isEqualTo(4);
        assertThat(shown.at("/progress/records_total").asInt()).isEqualTo(4);
        assertThat(shown.at("/results/products/records_synced").asInt()).isEqualTo(4);
        assertThat(shown.at("/results/products/records_updated").asInt()).isEqualTo(1);
        assertThat(shown.at("/results/products/records_created").asInt()).isEqualTo(2);
        assertThat(shown.at("/results/products/details/sent_now").asInt()).isEqualTo(3);
        assertThat(shown.at("/results/products/details/redelivered").asInt()).as("it was on its way already").isZero();
        JsonNode entry = JSON.valueToTree(core.bean(JobView.class).history(
                jobs.history(new Jobs.Selection("s1", null, null, null, null, "manual"), 1, 10)).get(0));
        assertThat(entry.path("summary").toString()).isEqualTo("{\"total_records\":4,\"successful\":4,\"failed\":0,\"conflicts\":0}");
        assertThat(entry.at("/entities_synced/0/records_created").asInt()).isEqualTo(2);
        deliver();
        assertThat(core.jdbc().queryForObject("SELECT count(*) FROM delivery", Integer.class)).isZero();
        assertThat(shown(run(SyncType.FULL, null)).at("/results/products/records_synced").asInt()).isEqualTo(4);
    }

    @Test
    void aPullIsNotAtItsEndBeforeItsSourceIsAndItsShareOnlyGrows() {
        UUID first = pull();
        assertThat(share(first, 1, 20)).isEqualTo(50);
        assertThat(share(first, 3, 60)).isEqualTo(75);
        share(first, 5, 100);
        core.jdbc().update("UPDATE run SET status = 'completed', told = 2, verdict = 'success'");

        UUID second = pull();
        assertThat(share(second, 1, 20)).as("by the last one").isEqualTo(20);
        assertThat(shown(second).at("/progress/records_total").asInt()).isEqualTo(100);
        watch.look();
        assertThat(core.jdbc().queryForObject("SELECT data ->> 'progress' FROM store_event WHERE event = 'sync_progress'", Double.class))
                .isEqualTo(20);
        assertThat(share(second, 6, 120)).as("there is more than last time").isEqualTo(99.9);
    }

    private UUID pull() {
        return jobs.create("s1", "manual", 1, List.of(new Part(Run.PULL, new SyncRequest(
                "products", "shop", List.of("id"), SyncType.FULL, 20, null, null, "updated_at", false, null))));
    }

    /** Percent, after so many pages. */
    private double share(UUID job, int pages, int records) {
        core.jdbc().update("UPDATE run SET status = 'running', position = ?::jsonb WHERE job_id = ?",
                "{\"pages\": %d, \"records\": %d, \"ended\": false}".formatted(pages, records), job);
        return shown(job).at("/progress/percentage").asDouble();
    }

    private JsonNode shown(UUID job) {
        return JSON.valueToTree(core.bean(JobView.class).job(jobs.find(job)));
    }

    private StoreFigures.Figures figures() {
        return core.bean(StoreFigures.class).of("s1", List.of("products")).get("products");
    }

    @Test
    void aJobThatValidatesIsPartialWhereTheStoreStillDiffers() {
        endpoint.answering(404);
        changes.tell("s1", changes.at(1), "p1", "{'id': 'p1', 'price': 1}");
        changes.edit(changes.at(2), "products", "p1", "{'id': 'p1', 'price': 2}");
        core.jdbc().update("UPDATE delivery SET state = 'DEAD'");
        stores.change("s1", "test", store -> store.withEntity(changes.entity("last_write_wins", Direction.TO_PLATFORM)));

        UUID job = run(SyncType.INCREMENTAL, new JobOptions(true, false));

        assertThat(jobs.find(job).get(0).verdict()).isEqualTo("partial");
        assertThat(jobs.find(job).get(0).result().path("differing").asInt()).isEqualTo(1);
        assertThat(jobs.find(job).get(0).result().path("error_code").asText()).isEqualTo("WEBHOOK_FAILED");
        assertThat(jobs.find(job).get(0).result().path("resend").asText()).contains("404");
    }

    @Test
    void aJobThatWaitsToBeValidatedIsInProgress() {
        changes.tell("s1", changes.at(1), "p1", "{'id': 'p1', 'price': 1}");
        changes.edit(changes.at(2), "products", "p1", "{'id': 'p1', 'price': 2}");
        UUID job = create(SyncType.INCREMENTAL, new JobOptions(true, false));
        core.bean(RunWorkers.class).takeUp();
        await().until(() -> jobs.find(job).get(0).status() == RunStatus.COMPLETED);
        watch.look();

        JsonNode shown = shown(job);
        assertThat(shown.path("status").asText()).isEqualTo("in_progress");
        assertThat(shown.at("/progress/percentage").asDouble()).isEqualTo(99.9);
        assertThat(core.jdbc().queryForObject("SELECT data ->> 'progress' FROM store_event WHERE event = 'sync_progress'", Double.class))
                .isEqualTo(99.9);
        assertThatThrownBy(() -> create(SyncType.INCREMENTAL, null)).isInstanceOf(AlreadyRunning.class);

        deliver();
        finish(job);
        assertThat(jobs.find(job).get(0).verdict()).isEqualTo("success");
        create(SyncType.INCREMENTAL, null);
    }

    @Test
    void aJobThatResolvesConflictsSettlesThemByTheStrategyThatIsConfiguredNow() {
        stores.change("s1", "test", store -> store.withEntity(changes.entity("manual_resolution", Direction.BIDIRECTIONAL)));
        for (String key : List.of("p1", "p2")) {
            changes.tell("s1", changes.at(1), key, "{'id': '" + key + "', 'price': 1, 'title': 'a'}");
            changes.edit(changes.at(2), "products", key, "{'id': '" + key + "', 'price': 2, 'title': 'b'}");
            changes.tell("s1", changes.at(3), key, "{'id': '" + key + "', 'price': 3, 'title': 'c'}");
        }
        stores.change("s1", "test", store -> store.withEntity(changes.entity("store_priority", Direction.BIDIRECTIONAL)).withRules(
                List.of(new SyncRule("ask", "products", "title", "conflict_detected", "manual_resolution"))));

        UUID job = run(SyncType.INCREMENTAL, new JobOptions(false, true));

        assertThat(jobs.find(job).get(0).result().path("conflicts_resolved").asInt()).isEqualTo(2);
        assertThat(core.jdbc().queryForList("SELECT DISTINCT payload ->> 'price' FROM record", String.class)).containsExactly("3");
        assertThat(core.jdbc().queryForList("SELECT DISTINCT field FROM conflict WHERE status = 'pending'", String.class))
                .containsExactly("title");
        assertThat(core.ledger().report(null, null, 10).balanced()).isTrue();
    }

    @Test
    void aJobOfAnEntityThatIsNoLongerSyncedFailsAndSaysSo() {
        UUID job = create(SyncType.INCREMENTAL, null);
        EntityConfig products = stores.get("s1").entity("products");
        core.jdbc().update("UPDATE store SET config = jsonb_set(config, '{entities,0,type}', '\"orders\"'), revision = revision + 1");
        core.jdbc().update("UPDATE store_revision SET revision = revision + 1");
        await().atMost(Duration.ofSeconds(3)).until(() -> stores.get("s1").entity("products") == null);

        finish(job);

        assertThat(products).isNotNull();
        assertThat(jobs.find(job).get(0).verdict()).isEqualTo("failed");
        assertThat(jobs.find(job).get(0).errorMessage()).contains("does not sync products");
    }

    @Test
    void theStreamIsToldWhenAJobBeginsAndEnds() {
        UUID job = run(SyncType.INCREMENTAL, null);
        watch.look();

        List<String> events = core.jdbc().queryForList("SELECT event FROM store_event ORDER BY position", String.class);
        assertThat(events).containsExactly("sync_started", "sync_completed");
        assertThat(core.jdbc().queryForObject(
                "SELECT data ->> 'sync_id' FROM store_event WHERE event = 'sync_completed'", String.class)).isEqualTo(JobId.text(job));
        assertThat(core.jdbc().queryForObject("SELECT data ->> 'status' FROM store_event WHERE event = 'sync_completed'", String.class))
                .isEqualTo("success");
        assertThat(core.jdbc().queryForObject("SELECT syncs FROM store_slot", Integer.class)).isEqualTo(1);
    }

    @Test
    void webhooksAreARunWhoseDurationIsWhatTheSlowestTookToBeApplied() {
        UUID run = core.bean(WebhookRuns.class).of("s1", "products");
        changes.journal(changes.change("s1", "s1", "products", "p1", Operation.UPSERT, changes.at(1), "{\"id\": \"p1\"}", false, true)
                .inRun(run));
        core.clock.advance(Duration.ofMillis(2300));
        core.drain();
        watch.look();
        core.clock.advance(Duration.ofSeconds(6));

        watch.look();

        JobView view = core.bean(JobView.class);
        JsonNode entry = JSON.valueToTree(view.history(
                jobs.history(new Jobs.Selection("s1", null, null, null, null, "webhook"), 1, 10)).get(0).get("entities_synced"));
        assertThat(entry.at("/0/duration").asText()).isEqualTo("2.3s");
        assertThat(entry.at("/0/records_created").asInt()).isEqualTo(1);
        assertThat(core.jdbc().queryForList("SELECT event FROM store_event ORDER BY position", String.class))
                .containsExactly("sync_started", "sync_progress", "sync_completed");
    }

    @Test
    void whatAPauseKeptWaitingIsNoSlowness() {
        UUID run = core.bean(WebhookRuns.class).of("s1", "products");
        core.bean(Stores.class).setPaused("s1", true);
        changes.journal(changes.change("s1", "s1", "products", "p1", Operation.UPSERT, changes.at(1), "{\"id\": \"p1\"}", false, true)
                .inRun(run));
        core.drain();
        core.clock.advance(Duration.ofHours(5));
        core.bean(Stores.class).setPaused("s1", false);
        core.bean(PendingQueue.class).resume("s1");
        core.clock.advance(Duration.ofMillis(1200));

        core.drain();
        watch.look();

        assertThat(core.jdbc().queryForObject("SELECT duration_ms FROM run WHERE run_id = ?", Long.class, run)).isEqualTo(1200);
    }

    private UUID run(SyncType type, JobOptions options) {
        UUID job = create(type, options);
        finish(job);
        return job;
    }

    private UUID create(SyncType type, JobOptions options) {
        return jobs.create("s1", "manual", 1, List.of(new Part(Run.RECONCILE, new SyncRequest(
                "products", "webhook", List.of("id"), type, 0, null, null, "updated_at", false, options))));
    }

    private void finish(UUID job) {
        core.bean(RunWorkers.class).takeUp();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            watch.look();
            return jobs.find(job).get(0).verdict() != null;
        });
    }

    private void deliver() {
        deliveries.send(deliveries.claim());
        await().atMost(Duration.ofSeconds(5)).until(() -> deliveries.settle() > 0);
    }
}
