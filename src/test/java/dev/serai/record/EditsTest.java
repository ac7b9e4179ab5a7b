package dev.serai.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.change.Change;
import dev.serai.change.Operation;
import dev.serai.change.RecordKey;
import dev.serai.journal.Journal;
import dev.serai.journal.LedgerReport;
import dev.serai.rules.Values;
import dev.serai.testing.Core;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;

class EditsTest {

    private static final RecordKey MUG = new RecordKey("products", "mug");

    private final Core core = new Core(PipelineTest.Poisoned.class);
    private final Edits edits = core.bean(Edits.class);

    @AfterEach
    void ledgerBalances() {
        LedgerReport report = core.ledger().report(null, null, 100);
        assertThat(report.differences()).isEmpty();
        assertThat(report.balanced()).isTrue();
        core.close();
    }

    @Test
    void anEditIsAVersionOfItsRecordAndAnsweredAfterItsCommit() {
        create(MUG, Values.object().put("name", "Mug").put("price", 5));
        patch(MUG, Values.object().put("price", 6));

        RecordHistory history = core.bean(RecordHistory.class);
        RecordHistory.State state = history.find(MUG).orElseThrow();
        assertThat(state.version()).isEqualTo(2);
        assertThat(Values.object(state.data())).isEqualTo(Values.object().put("name", "Mug").put("price", 6));
        assertThat(state.source()).isEqualTo("platform");
        assertThat(history.versions(state, 0, 10)).hasSize(2);
    }

    @Test
    void whatIsSoAlreadyMakesNoVersion() {
        create(MUG, Values.object().put("name", "Mug"));

        assertThat(patch(MUG, Values.object().put("name", "Mug")).version()).isEqualTo(1);
        assertThat(journalRows()).isEqualTo(1);
    }

    @Test
    void aThousandEditsOfOneRecordAtOnceAreAllCountedOnceAndNoneSeesAnOldValue() throws Exception {
        create(MUG, Values.object().put("n", 0));
        ExecutorService threads = Executors.newFixedThreadPool(64);
        List<CompletableFuture<Integer>> all = IntStream.range(0, 1_000).mapToObj(i -> CompletableFuture.supplyAsync(this::increment, threads)).toList();

        List<Integer> seen = all.stream().map(CompletableFuture::join).sorted().toList();

        assertThat(seen).containsExactlyElementsOf(IntStream.rangeClosed(1, 1_000).boxed().toList());
        assertThat(core.bean(RecordHistory.class).find(MUG).orElseThrow().version()).isEqualTo(1_001);
        threads.shutdown();
        assertThat(threads.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
    }

    private int increment() {
        return edits.make(List.of(MUG), records -> {
            int next = records.find(MUG).orElseThrow().fields().path("n").asInt() + 1;
            records.patch(MUG, Values.object().put("n", next));
            return next;
        });
    }

    @Test
    void editsOfTheSameRecordsInOppositeOrderDoNotBlockEachOther() {
        RecordKey cup = new RecordKey("products", "cup");
        create(MUG, Values.object().put("n", 0));
        create(cup, Values.object().put("n", 0));
        ExecutorService threads = Executors.newFixedThreadPool(16);
        IntStream.range(0, 300)
                .mapToObj(i -> CompletableFuture.runAsync(() -> bump(i % 2 == 0 ? List.of(MUG, cup) : List.of(cup, MUG)), threads))
                .toList().forEach(CompletableFuture::join);
        threads.shutdown();

        assertThat(Values.object(core.bean(RecordHistory.class).find(cup).orElseThrow().data()).path("n").asInt()).isEqualTo(300);
    }

    private void bump(List<RecordKey> keys) {
        edits.make(keys, records -> {
            keys.forEach(key -> records.patch(key, Values.object().put("n", records.find(key).orElseThrow().fields().path("n").asInt() + 1)));
            return null;
        });
    }

    @Test
    void whatAnEditThrowsIsItsCallersAloneAndNothingOfItIsApplied() {
        create(MUG, Values.object().put("n", 1));

        assertThatThrownBy(() -> edits.make(List.of(MUG), records -> {
            records.patch(MUG, Values.object().put("n", 2));
            throw new IllegalArgumentException("no");
        })).isInstanceOf(IllegalArgumentException.class);
        assertThat(journalRows()).isEqualTo(1);
    }

    @Test
    void contentThatPostgresRefusesFailsForItsCallerOnly() {
        create(MUG, Values.object().put("n", 0));

        int refused = failuresOfForty(DataIntegrityViolationException.class, i ->
                create(new RecordKey("products", "p" + i), Values.object().put("name", i % 4 == 0 ? "a\0b" : "fine")));

        assertThat(refused).isEqualTo(10);
        assertThat(core.jdbc().queryForObject("SELECT count(*) FROM record", Integer.class)).isEqualTo(31);
        assertThat(core.jdbc().queryForObject("SELECT count(*) FROM dead_letter", Integer.class)).isZero();
    }

    @Test
    void whatMeetsAnErrorOfOursFailsForItsCallerOnly() {
        int failed = failuresOfForty(ArithmeticException.class, i ->
                create(new RecordKey("products", (i % 4 == 0 ? "poison" : "p") + i), Values.object().put("n", i)));

        assertThat(failed).isEqualTo(10);
        assertThat(core.jdbc().queryForObject("SELECT count(*) FROM record", Integer.class)).isEqualTo(30);
    }

    /** How many of forty edits that are made at once fail so. */
    private static int failuresOfForty(Class<? extends RuntimeException> expected, IntConsumer edit) {
        ExecutorService threads = Executors.newFixedThreadPool(20);
        AtomicInteger failures = new AtomicInteger();
        IntStream.range(0, 40).mapToObj(i -> CompletableFuture.runAsync(() -> {
            try {
                edit.accept(i);
            } catch (RuntimeException e) {
                assertThat(e).isInstanceOf(expected);
                failures.incrementAndGet();
            }
        }, threads)).toList().forEach(CompletableFuture::join);
        threads.shutdown();
        return failures.get();
    }

    @Test
    void anEditWaitsForChangesThatCameBeforeAndSeesWhatTheyMade() {
        create(MUG, Values.object().put("n", 1));
        core.bean(Journal.class).accept(change(core.clock.instant().plusSeconds(1), "{\"n\": 10}")).join();

        CompletableFuture<Integer> edit = CompletableFuture.supplyAsync(this::increment);
        assertThatThrownBy(() -> edit.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        core.drain();

        assertThat(edit.join()).isEqualTo(11);
    }

    @Test
    void anEditIsNewerThanWhatItSawThoughThatWriterHasAFastClock() {
        create(MUG, Values.object().put("n", 1));
        core.bean(Journal.class).accept(change(core.clock.instant().plus(Duration.ofMinutes(4)), "{\"n\": 10}")).join();
        core.drain();

        assertThat(increment()).isEqualTo(11);
        assertThat(Values.object(core.bean(RecordHistory.class).find(MUG).orElseThrow().data()).path("n").asInt()).isEqualTo(11);
    }

    @Test
    void aRecordThatWasDeletedComesBackWithTheNewContentAlone() {
        create(MUG, Values.object().put("name", "Mug").put("old", true));
        core.clock.advance(Duration.ofSeconds(1));
        core.bean(Journal.class).accept(new Change("erp", null, null, MUG.entityType(), MUG.key(), Operation.DELETE, core.clock.instant(), null,
                null, 0, null, false)).join();
        core.drain();
        assertThat(edits.<Boolean>make(List.of(MUG), records -> records.find(MUG).isEmpty())).isTrue();

        create(MUG, Values.object().put("name", "Mug 2"));

        assertThat(Values.object(core.bean(RecordHistory.class).find(MUG).orElseThrow().data())).isEqualTo(Values.object().put("name", "Mug 2"));
    }

    private Change change(Instant at, String payload) {
        return new Change("erp", null, null, MUG.entityType(), MUG.key(), Operation.UPSERT, at, null, null, payload.hashCode(), payload, false);
    }

    private EditedRecords.State create(RecordKey key, ObjectNode fields) {
        return edits.make(List.of(key), records -> records.create(key, fields));
    }

    private EditedRecords.State patch(RecordKey key, ObjectNode fields) {
        return edits.make(List.of(key), records -> records.patch(key, fields));
    }

    private int journalRows() {
        return core.jdbc().queryForObject("SELECT count(*) FROM journal", Integer.class);
    }
}
