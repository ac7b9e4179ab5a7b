package dev.serai.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.serai.change.Change;
import dev.serai.change.Failure;
import dev.serai.change.Operation;
import dev.serai.change.Outcome;
import dev.serai.record.Page;
import dev.serai.record.Page.Refused;
import dev.serai.run.Run;
import dev.serai.run.Runs;
import dev.serai.run.SyncRequest;
import dev.serai.run.SyncRequest.SyncType;
import dev.serai.testing.Core;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplaysTest {

    private static final Replays.Selection ALL = Replays.Selection.of(null, null, null);

    private final Core core = new Core();

    @AfterEach
    void ledgerBalances() {
        assertThat(core.ledger().report(null, null, 10).differences()).isEmpty();
        core.close();
    }

    @Test
    void aFailureThatMayPassIsTriedAgainByItselfWhenItsTimeHasCome() {
        fail(change("1", null), new Failure(Failure.APPLY, "BUSY", "The world was not ready", false));
        assertThat(core.ledger().total().of(Outcome.RETRY)).isEqualTo(1);
        assertThat(replays().replayDue()).isZero();

        core.clock.advance(Duration.ofSeconds(6));

        assertThat(replays().replayDue()).isEqualTo(1);
        assertThat(core.ledger().total().of(Outcome.APPLIED)).isEqualTo(1);
        assertThat(text("SELECT state || ' ' || retry_count || ' ' || (attempts->0->>'outcome') FROM dead_letter")).isEqualTo("RESOLVED 1 APPLIED");
        assertThat(replays().replayDue()).isZero();
    }

    @Test
    void aRecordWithoutItsKeyIsStillBadHoweverOftenItIsTriedAndStaysOneDeadLetter() {
        Run run = run(List.of("id"));
        fail(change(null, run.runId()), Failure.invalid("MISSING_KEY", "no id"));

        assertThat(replays().replay(ALL, 10, "ann")).isEqualTo(new Replays.Result(1, 0, 1));
        assertThat(replays().replay(ALL, 10, "ann")).isEqualTo(new Replays.Result(1, 0, 1));

        assertThat(text("SELECT count(*) || ' ' || min(state) || ' ' || min(retry_count) FROM dead_letter")).isEqualTo("1 DEAD 2");
        assertThat(text("SELECT attempts->1->>'by' FROM dead_letter")).isEqualTo("ann");
        assertThat(replays().replay(Replays.Selection.of(null, null, 2), 10, "ann").retried()).isZero();
    }

    @Test
    void aRecordComesThroughOnceItsKeyFieldsAreRight() {
        Run run = run(List.of("name"));
        fail(change(null, run.runId()), Failure.invalid("MISSING_KEY", "no id"));

        assertThat(replays().replay(ALL, 10, "ann")).isEqualTo(new Replays.Result(1, 1, 0));

        assertThat(text("SELECT record_key FROM record")).isEqualTo("x");
        assertThat(text("SELECT record_key || ' ' || outcome FROM journal")).isEqualTo("x APPLIED");
    }

    @Test
    void aRecordOfWhichOnlyTheKeyCouldBeReadIsReadAgain() {
        Run run = run(List.of("name"));
        fail(change("x", run.runId(), "{\"name\": \"x\", \"updated_at\": \"yesterday\"}"), Failure.invalid("INVALID_TIME", "no time"));
        fail(change("y", run.runId(), "{\"name\": \"y\"}"), Failure.invalid("MISSING_PARENT", "The connector had named a parent"));

        assertThat(replays().replay(ALL, 10, "ann")).isEqualTo(new Replays.Result(2, 1, 1));

        assertThat(text("SELECT string_agg(record_key || ' ' || state, ', ' ORDER BY record_key) FROM dead_letter")).isEqualTo("x DEAD, y RESOLVED");
        assertThat(text("SELECT string_agg(record_key, ', ') FROM record")).isEqualTo("y");
    }

    @Test
    void theLimitBoundsAReplay() {
        for (int i = 0; i < 5; i++) {
            fail(change("k" + i, null), new Failure(Failure.APPLY, "BUSY", "not now", false));
        }

        assertThat(replays().replay(ALL, 3, "ann").retried()).isEqualTo(3);
        assertThat(core.ledger().total().of(Outcome.RETRY)).isEqualTo(2);
    }

    @Test
    void whatIsGivenUpIsDiscardedWithItsReasonAndNeverTriedAgain() {
        fail(change("busy", null), new Failure(Failure.APPLY, "BUSY", "not now", false));
        fail(change("bad", null), new Failure(Failure.APPLY, "INVALID_DATA", "never", true));

        Replays.Selection alike = Replays.Selection.alike("orders", Failure.APPLY, "INVALID_DATA");
        assertThat(replays().discardNext(alike, 0, "ann", "The source will not mend it").result()).isEqualTo(new Replays.Result(1, 1, 0));

        assertThat(core.ledger().total().outcomes()).containsOnly(entry(Outcome.RETRY, 1L), entry(Outcome.DISCARDED, 1L));
        assertThat(text("SELECT record_key || ' ' || (attempts->0->>'by') || ': ' || (attempts->0->>'message') FROM dead_letter WHERE state = 'DISCARDED'"))
                .isEqualTo("bad ann: The source will not mend it");
        assertThat(text("SELECT outcome FROM journal WHERE record_key = 'bad'")).isEqualTo("DISCARDED");
        assertThat(replays().replay(alike, 10, "ann").retried()).isZero();
    }

    private Replays replays() {
        return core.bean(Replays.class);
    }

    private Run run(List<String> keys) {
        return core.bean(Runs.class).create(new SyncRequest("orders", "erp", keys, SyncType.FULL, 10, null, null, "updated_at", false));
    }

    private void fail(Change change, Failure failure) {
        Page page = new Page("orders", List.of(), List.of(new Refused(change, failure)));
        core.pipeline().accept(page, inside -> core.ledger().write(inside.lines()));
    }

    private static Change change(String key, UUID runId) {
        return change(key, runId, "{\"name\": \"x\"}");
    }

    private static Change change(String key, UUID runId, String payload) {
        return new Change("erp", null, runId, "orders", key, Operation.UPSERT, Instant.parse("2025-01-01T00:00:00Z"), null, null,
                key == null ? 0 : key.hashCode(), payload, true);
    }

    private String text(String sql) {
        return core.jdbc().queryForObject(sql, String.class);
    }
}
