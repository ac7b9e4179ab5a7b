package dev.serai.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.change.Change;
import dev.serai.change.Operation;
import dev.serai.journal.Journal;
import dev.serai.run.Jobs.Part;
import dev.serai.run.SyncRequest.SyncType;
import dev.serai.testing.Core;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JobsTest {

    private static final Set<String> KINDS = Set.of(Run.RECONCILE);

    private final Core core = new Core();
    private final Jobs jobs = core.bean(Jobs.class);
    private final Runs runs = core.bean(Runs.class);
    private final WebhookRuns webhooks = core.bean(WebhookRuns.class);

    @AfterEach
    void close() {
        core.close();
    }

    @Test
    void aJobHasARunForEachEntityInItsOrder() {
        UUID job = create("s1", 1, "products", "orders");

        assertThat(jobs.find(job)).extracting(Run::entityType).containsExactly("products", "orders");
        assertThat(jobs.find(job)).extracting(Run::storeId).containsOnly("s1");
        assertThat(jobs.queuePosition(job)).isEqualTo(1);
    }

    @Test
    void aJobOfHigherPriorityIsTakenUpBeforeOneThatWaitsLonger() {
        UUID usual = create("s1", 1, "products");
        core.clock.advance(Duration.ofSeconds(1));
        UUID urgent = create("s2", 2, "products");

        assertThat(jobs.queuePosition(usual)).isEqualTo(2);
        assertThat(jobs.queuePosition(urgent)).isEqualTo(1);
        int hub = core.bean(HubNumber.class).get();
        Run first = runs.claim(hub, List.of(), KINDS).orElseThrow();
        assertThat(first.jobId()).isEqualTo(urgent);
        assertThat(runs.claim(hub, List.of(first.runId()), KINDS)).map(Run::jobId).contains(usual);
        assertThat(jobs.queuePosition(usual)).isZero();
    }

    @Test
    void anEntityThatIsBeingSyncedIsNotSyncedTwiceAndNothingOfTheSecondJobIsThere() {
        create("s1", 1, "products");

        assertThatThrownBy(() -> create("s1", 1, "orders", "products")).isInstanceOf(AlreadyRunning.class).hasMessageContaining("products");
        assertThat(core.jdbc().queryForObject("SELECT count(*) FROM run", Long.class)).isEqualTo(1);
        create("s2", 1, "products");
    }

    @Test
    void anEntityIsNotSyncedAgainBeforeTheSyncThatHasEndedIsSettled() {
        UUID job = create("s1", 1, "products");
        core.jdbc().update("UPDATE run SET status = 'completed'");

        assertThatThrownBy(() -> create("s1", 1, "orders", "products")).isInstanceOf(AlreadyRunning.class).hasMessageContaining("products");
        create("s1", 1, "orders");

        end(job, "success");
        create("s1", 1, "products");
    }

    @Test
    void webhooksThatComeOneAfterTheOtherAreOneRunWhichKeepsNoJobFromRunning() {
        UUID first = webhooks.of("s1", "products");
        core.clock.advance(Duration.ofSeconds(4));
        assertThat(webhooks.of("s1", "products")).isEqualTo(first);
        assertThat(webhooks.of("s1", "orders")).isNotEqualTo(first);
        assertThat(webhooks.of("s2", "products")).isNotEqualTo(first);

        create("s1", 1, "products");

        core.clock.advance(Duration.ofSeconds(5));
        assertThat(webhooks.of("s1", "products")).isNotEqualTo(first);
    }

    @Test
    void aRunOfWebhooksIsNeverOlderThanAMinute() {
        UUID first = webhooks.of("s1", "products");
        for (int second = 0; second < 59; second++) {
            core.clock.advance(Duration.ofSeconds(1));
            assertThat(webhooks.of("s1", "products")).isEqualTo(first);
        }

        core.clock.advance(Duration.ofSeconds(1));

        assertThat(webhooks.of("s1", "products")).isNotEqualTo(first);
    }

    @Test
    void aRunOfWebhooksEndsWhenItIsQuietAndEverythingOfItIsDecided() throws Exception {
        UUID run = webhooks.of("s1", "products");
        core.bean(Journal.class).accept(change(run)).get();
        assertThat(webhooks.endFinished()).isZero();

        core.clock.advance(Duration.ofSeconds(5));
        assertThat(webhooks.endFinished()).isZero();
        core.drain();

        assertThat(webhooks.endFinished()).isEqualTo(1);
        assertThat(runs.find(run)).map(Run::status).contains(RunStatus.COMPLETED);
    }

    @Test
    void oldRunsOfWebhooksAreForgottenAndTheirChangesStayCounted() throws Exception {
        UUID run = webhooks.of("s1", "products");
        core.bean(Journal.class).accept(change(run)).get();
        core.drain();
        core.jdbc().update("UPDATE run SET status = 'completed', verdict = 'success'");
        core.clock.advance(Duration.ofDays(29));
        assertThat(webhooks.forgetOld()).isZero();
        core.clock.advance(Duration.ofDays(2));

        assertThat(webhooks.forgetOld()).isEqualTo(1);

        assertThat(runs.find(run)).isEmpty();
        assertThat(core.ledger().report(null, "s1", 10).total().accepted()).isEqualTo(1);
        assertThat(core.ledger().report(null, null, 10).balanced()).isTrue();
    }

    @Test
    void theHistoryHasJobsTogetherNewestFirstAndIsNarrowed() {
        UUID job = create("s1", 1, "products", "orders");
        end(job, "success");
        core.clock.advance(Duration.ofMinutes(1));
        Instant between = core.clock.instant();
        UUID later = create("s1", 1, "products");
        end(later, "failed");
        create("s1", 1, "products");

        assertThat(ids(selection(null, null, null, null, null))).containsExactly(later, job);
        assertThat(jobs.history(selection(null, null, null, null, null), 1, 10).get(1)).hasSize(2);
        assertThat(ids(selection(between, null, null, null, null))).containsExactly(later);
        assertThat(ids(selection(null, between, null, null, null))).containsExactly(job);
        assertThat(ids(selection(null, null, "orders", null, null))).containsExactly(job);
        assertThat(ids(selection(null, null, null, "failed", null))).containsExactly(later);
        assertThat(ids(selection(null, null, null, null, "scheduled"))).isEmpty();
        assertThat(jobs.count(selection(null, null, null, null, null))).isEqualTo(2);
        assertThat(jobs.history(selection(null, null, null, null, null), 2, 1)).hasSize(1);
    }

    @Test
    void anEstimateComesFromPastRunsOnly() {
        assertThat(jobs.durations("s1", "products", Run.RECONCILE, SyncType.INCREMENTAL)).isNull();

        end(create("s1", 1, "products"), "success");

        assertThat(jobs.durations("s1", "products", Run.RECONCILE, SyncType.INCREMENTAL).most()).isEqualTo(Duration.ofMillis(1500));
        assertThat(jobs.durations("s1", "products", Run.RECONCILE, SyncType.FULL)).isNull();
        assertThat(jobs.durations("s2", "products", Run.RECONCILE, SyncType.INCREMENTAL)).isNull();
    }

    private List<UUID> ids(Jobs.Selection selection) {
        return jobs.history(selection, 1, 10).stream().map(runs -> runs.get(0).jobId()).toList();
    }

    private static Jobs.Selection selection(Instant from, Instant to, String entity, String verdict, String trigger) {
        return new Jobs.Selection("s1", from, to, entity, verdict, trigger);
    }

    private void end(UUID job, String verdict) {
        core.jdbc().update(
                "UPDATE run SET status = 'completed', told = 2, verdict = ?, duration_ms = 1500 WHERE job_id = ?", verdict, job);
    }

    private UUID create(String store, int priority, String... entities) {
        return jobs.create(store, "manual", priority, List.of(entities).stream().map(JobsTest::part).toList());
    }

    private static Part part(String entity) {
        return new Part(Run.RECONCILE, new SyncRequest(
                entity, "webhook", List.of("id"), SyncType.INCREMENTAL, 0, null, null, "updated_at", false));
    }

    private Change change(UUID run) {
        return new Change("s1", "s1", run, "products", "p1", Operation.UPSERT, core.clock.instant(), null, null, 1, "{\"id\":\"p1\"}", false);
    }
}
