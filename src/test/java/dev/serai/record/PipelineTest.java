package dev.serai.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.change.Change;
import dev.serai.change.ContentHash;
import dev.serai.change.Failure;
import dev.serai.change.Operation;
import dev.serai.change.Outcome;
import dev.serai.change.RecordKey;
import dev.serai.journal.Journal;
import dev.serai.journal.JournalIntake;
import dev.serai.journal.LedgerReport;
import dev.serai.lineage.Holds;
import dev.serai.record.Page.Refused;
import dev.serai.testing.Core;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PipelineTest {

    private static final Instant T0 = Instant.parse("2025-06-01T00:00:00Z");

    private final Core core = new Core(Poisoned.class);

    /** What nobody thought of. */
    static class Poisoned implements AppliedListener {

        @Override
        public void applied(List<Applied> applied, Instant now) {
            if (applied.stream().anyMatch(one -> one.key().key().startsWith("poison"))) {
                throw new ArithmeticException("long overflow");
            }
        }
    }

    @AfterEach
    void ledgerBalances() {
        LedgerReport report = core.ledger().report(null, null, 100);
        assertThat(report.differences()).isEmpty();
        assertThat(report.balanced()).isTrue();
        core.close();
    }

    @Test
    void aSecondPageOfTheSameContentWritesNothing() {
        accept(order("1", 0, "a"), order("2", 0, "b"));
        long rows = journalRows();

        PageResult second = accept(order("1", 0, "a"), order("2", 0, "b"));

        assertThat(second.written()).isFalse();
        assertThat(second.recordIds()).hasSize(2);
        assertThat(journalRows()).isEqualTo(rows);
        assertThat(outcomes()).isEqualTo("APPLIED 2, UNCHANGED 2");
    }

    @Test
    void aNewerEditIsAVersionAndAnOlderOneIsSuperseded() {
        accept(order("1", 5, "first"));
        accept(order("1", 9, "newer"));
        accept(order("1", 7, "late"));

        RecordHistory.State state = state("orders", "1");
        assertThat(state.version()).isEqualTo(2);
        assertThat(state.data()).contains("newer");
        assertThat(versions(state)).containsExactly("{\"v\": \"newer\"}", "{\"v\": \"first\"}");
        assertThat(outcomes()).isEqualTo("APPLIED 2, SUPERSEDED 1");
    }

    @Test
    void twoEditsOfOneRecordOnOnePageAreTwoVersions() {
        accept(order("1", 1, "a"), order("1", 2, "b"));

        assertThat(versions(state("orders", "1"))).containsExactly("{\"v\": \"b\"}", "{\"v\": \"a\"}");
    }

    @Test
    void aChildIsReleasedInOrderWhenItsParentArrives() {
        accept(line("7/1", 1, "7"), line("7/2", 1, "7"));
        accept(line("7/1", 2, "7"));
        assertThat(outcomes()).isEqualTo("HELD 3");

        accept(order("7", 1, "parent"));
        core.drain();

        assertThat(outcomes()).isEqualTo("APPLIED 4");
        assertThat(state("lines", "7/1").version()).isEqualTo(2);
        assertThat(state("lines", "7/2").version()).isEqualTo(1);
    }

    @Test
    void aChildBehindAnOlderOneWithAnotherParentIsReleasedWithIt() {
        accept(line("1", 1, "7"));
        accept(line("1", 2, "8"));
        accept(order("8", 1, "parent of the newer"));
        assertThat(count("hold")).isEqualTo(2);

        accept(order("7", 1, "parent of the older"));
        core.drain();

        assertThat(count("hold")).isZero();
        assertThat(state("lines", "1").version()).isEqualTo(2);
    }

    @Test
    void aChildThatIsSentAgainWhileItWaitsIsNotHeldTwice() {
        accept(line("7/1", 1, "7"));
        accept(line("7/1", 1, "7"));

        assertThat(outcomes()).isEqualTo("UNCHANGED 1, HELD 1");
        assertThat(count("hold")).isEqualTo(1);
    }

    @Test
    void aGrandchildFollowsThroughTheWholeLineage() {
        accept(change("items", "i", T0, "x", new RecordKey("lines", "7/1")));
        accept(line("7/1", 1, "7"));
        accept(order("7", 1, "parent"));
        core.drain();

        assertThat(outcomes()).isEqualTo("APPLIED 3");
    }

    @Test
    void theSweepReleasesWhatACrashBetweenTwoCommitsLeftOver() {
        accept(line("7/1", 1, "7"));
        core.jdbc().update("""
                INSERT INTO record (entity_type, record_key, payload, hash, version, modified_at, origin, source, last_change)
                VALUES ('orders', '7', '{}', 0, 1, now(), 'erp', 'erp', 0)""");
        assertThat(core.bean(Holds.class).sweep()).isZero();

        core.clock.advance(Duration.ofSeconds(11));
        assertThat(core.bean(Holds.class).sweep()).isEqualTo(1);
        core.drain();

        assertThat(outcomes()).isEqualTo("APPLIED 1");
    }

    @Test
    void oneRecordThatPostgresRefusesNeverFailsItsPage() {
        accept(order("1", 1, "a"), order("2", 1, "bad \\u0000 character"), order("3", 1, "c"));

        assertThat(outcomes()).isEqualTo("APPLIED 2, DEAD 1");
        assertThat(core.jdbc().queryForList("SELECT record_key || ' ' || stage || ' ' || error_type FROM dead_letter", String.class))
                .containsExactly("2 apply INVALID_DATA");
    }

    @Test
    void aBadRecordThatComesAgainIsRecognised() {
        Refused bad = new Refused(change("orders", null, T0, "no key", null), Failure.invalid("MISSING_KEY", "no key"));
        for (int i = 0; i < 3; i++) {
            core.pipeline().accept(new Page("orders", List.of(), List.of(bad)), inside -> core.ledger().write(inside.lines()));
        }

        assertThat(outcomes()).isEqualTo("DUPLICATE 2, DEAD 1");
        assertThat(core.jdbc().queryForObject("SELECT occurrences FROM dead_letter", Integer.class)).isEqualTo(3);
    }

    @Test
    void aDeletedRecordIsATombstoneAndComesBackWithItsOldTime() {
        accept(order("1", 5, "a"));
        accept(delete("1", 5));
        assertThat(state("orders", "1").deleted()).isTrue();

        accept(order("1", 5, "a"));

        RecordHistory.State back = state("orders", "1");
        assertThat(back.deleted()).isFalse();
        assertThat(back.version()).isEqualTo(3);
    }

    @Test
    void twoPagesThatCreateTheSameRecordsAtOnceBothSucceed() {
        List<CompletableFuture<PageResult>> pages = IntStream.range(0, 8)
                .mapToObj(n -> CompletableFuture.supplyAsync(() -> accept(
                        IntStream.range(0, 200).mapToObj(i -> order("k" + i, n, "from " + n)).toArray(Change[]::new))))
                .toList();
        pages.forEach(CompletableFuture::join);

        assertThat(count("record")).isEqualTo(200);
        assertThat(core.jdbc().queryForObject("SELECT count(*) FROM record WHERE payload->>'v' <> 'from 7'", Long.class)).isZero();
    }

    @Test
    void journalledChangesAreAppliedOnceAndInOrder() {
        Journal journal = core.bean(Journal.class);
        List<CompletableFuture<Journal.Receipt>> receipts = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            // Of two that repeat each other, whichever lane is first wins: the original is to be there before its repetitions come.
            IntStream.range(round * 100, round * 100 + 100)
                    .forEach(i -> receipts.add(journal.accept(event("e" + i % 100, "r" + i % 10, i))));
            receipts.forEach(CompletableFuture::join);
        }
        core.drain();

        assertThat(receipts.stream().map(CompletableFuture::join).filter(Journal.Receipt::duplicate)).hasSize(200);
        assertThat(receipts.get(100).join().seq()).isEqualTo(receipts.get(0).join().seq());
        assertThat(count("journal")).isEqualTo(100);
        assertThat(state("orders", "r9").data()).contains("99");
        assertThat(core.ledger().total().accepted()).isEqualTo(300);
        assertThat(core.ledger().total().of(Outcome.DUPLICATE)).isEqualTo(200);
    }

    @Test
    void manyChangesAreAcceptedAsFewAre() {
        JournalIntake intake = core.bean(JournalIntake.class);
        List<List<Change>> groups = new ArrayList<>(IntStream.range(0, 60).mapToObj(i -> List.of(event("one" + i, "r" + i % 7, i))).toList());
        groups.add(List.of(event("two/0", "a", 1), event("two/1", "b", 2)));
        groups.add(List.of(line("7/1", 1, "7")));
        groups.forEach(group -> intake.append(List.of(group), T0));
        List<String> oneByOne = accepted();
        core.jdbc().execute("TRUNCATE journal, pending, event_seen, ledger");

        List<Journal.Receipt> receipts = intake.append(groups, T0).stream().flatMap(List::stream).toList();

        assertThat(receipts).noneMatch(Journal.Receipt::duplicate).extracting(Journal.Receipt::seq).isSorted().doesNotHaveDuplicates();
        assertThat(accepted()).hasSize(63).isEqualTo(oneByOne);
        assertThat(core.ledger().total().of(Outcome.ACCEPTED)).isEqualTo(63);
    }

    @Test
    void aDuplicateAmongManyChangesHasNoEffectAndTheOthersHaveTheirs() {
        JournalIntake intake = core.bean(JournalIntake.class);
        long original = intake.append(List.of(List.of(event("e7", "r", 0))), T0).get(0).get(0).seq();

        List<Journal.Receipt> receipts = intake.append(
                IntStream.range(0, 80).mapToObj(i -> List.of(event("e" + i % 40, "r" + i, i))).toList(), T0).stream().flatMap(List::stream).toList();

        assertThat(receipts).filteredOn(Journal.Receipt::duplicate).hasSize(41);
        assertThat(receipts.get(7)).isEqualTo(new Journal.Receipt(original, true));
        assertThat(receipts.get(41)).isEqualTo(new Journal.Receipt(receipts.get(1).seq(), true));
        assertThat(count("journal")).isEqualTo(40);
        assertThat(count("pending")).isEqualTo(40);
        assertThat(core.ledger().total().accepted()).isEqualTo(81);
    }

    @Test
    void aChangeThatMeetsAnErrorOfOursIsTriedAgainAndTheOthersAreApplied() {
        Journal journal = core.bean(Journal.class);
        List.of("a", "poison", "b").forEach(key -> journal.accept(event("of " + key, key, 1)).join());

        core.drain();

        assertThat(outcomes()).isEqualTo("APPLIED 2, RETRY 1");
        assertThat(core.jdbc().queryForList(
                "SELECT record_key || ' ' || stage || ' ' || error_type || ' ' || message || ' ' || state FROM dead_letter", String.class))
                .containsExactly("poison apply INTERNAL The hub failed to apply it: java.lang.ArithmeticException: long overflow RETRY");
    }

    @Test
    void anEventIsForgottenWhenItsTimeIsOver() {
        JournalIntake intake = core.bean(JournalIntake.class);
        Journal journal = core.bean(Journal.class);
        Instant now = core.clock.instant();
        // So many that their table has several pages.
        intake.append(IntStream.range(0, 500).mapToObj(i -> List.of(event("old" + i, "r", i))).toList(), now.minus(Duration.ofDays(31)));
        intake.append(IntStream.range(0, 500).mapToObj(i -> List.of(event("new" + i, "r", i))).toList(), now.minus(Duration.ofDays(29)));

        journal.forgetEvents();

        assertThat(count("event_seen")).isEqualTo(500);
        assertThat(journal.accept(event("old499", "r", 1)).join().duplicate()).isFalse();
        assertThat(journal.accept(event("new0", "r", 1)).join().duplicate()).isTrue();
    }

    /** What a change has left in all tables but its number. */
    private List<String> accepted() {
        return core.jdbc().queryForList("""
                SELECT concat(to_jsonb(j) - 'seq', to_jsonb(p) - 'seq', to_jsonb(e) - 'seq')
                FROM journal j JOIN pending p USING (seq) LEFT JOIN event_seen e USING (seq) ORDER BY j.seq""", String.class);
    }

    @Test
    void changesOfOneEventAreAcceptedTogetherAndARepetitionHasNoEffectWhateverItHolds() {
        Journal journal = core.bean(Journal.class);
        List<Change> event = List.of(event("w1/0", "a", 1), event("w1/1", "b", 1));
        List<Journal.Receipt> first = journal.accept(event).join();
        List<Journal.Receipt> again = journal.accept(event).join();
        List<Journal.Receipt> longer = journal.accept(List.of(event("w1/0", "c", 1), event("w1/1", "d", 1), event("w1/2", "e", 1))).join();
        core.drain();

        List<Long> numbers = first.stream().map(Journal.Receipt::seq).toList();
        assertThat(first).noneMatch(Journal.Receipt::duplicate);
        assertThat(again).allMatch(Journal.Receipt::duplicate).extracting(Journal.Receipt::seq).isEqualTo(numbers);
        assertThat(longer).allMatch(Journal.Receipt::duplicate).extracting(Journal.Receipt::seq)
                .containsExactly(numbers.get(0), numbers.get(1), numbers.get(0));
        assertThat(outcomes()).isEqualTo("APPLIED 2, DUPLICATE 5");
        assertThat(count("record")).isEqualTo(2);
    }

    private PageResult accept(Change... changes) {
        Page page = new Page(changes[0].entityType(), Arrays.asList(changes), List.of());
        PageResult result = core.pipeline().accept(page, inside -> core.ledger().write(inside.lines()));
        if (!result.written()) {
            core.ledger().write(result.lines());
        }
        return result;
    }

    private static Change order(String key, int second, String value) {
        return change("orders", key, T0.plusSeconds(second), value, null);
    }

    private static Change line(String key, int second, String order) {
        return change("lines", key, T0.plusSeconds(second), "line " + second, new RecordKey("orders", order));
    }

    private static Change change(String type, String key, Instant modifiedAt, String value, RecordKey parent) {
        String payload = "{\"v\": \"" + value + "\"}";
        long hash = ContentHash.of(payload.getBytes(StandardCharsets.UTF_8));
        return new Change("erp", null, null, type, key, Operation.UPSERT, modifiedAt, parent, null, hash, payload, true);
    }

    private static Change delete(String key, int second) {
        return new Change("erp", null, null, "orders", key, Operation.DELETE, T0.plusSeconds(second), null, null, 0, null, true);
    }

    private static Change event(String eventId, String key, int value) {
        String payload = "{\"v\": " + value + "}";
        return new Change("shop", "store_1", null, "orders", key, Operation.UPSERT, T0.plusSeconds(value), null, eventId, value, payload, false);
    }

    private String outcomes() {
        StringBuilder text = new StringBuilder();
        core.ledger().total().outcomes().forEach((outcome, n) -> text.append(text.isEmpty() ? "" : ", ").append(outcome).append(' ').append(n));
        return text.toString();
    }

    private RecordHistory.State state(String type, String key) {
        return core.bean(RecordHistory.class).find(new RecordKey(type, key)).orElseThrow();
    }

    private List<String> versions(RecordHistory.State state) {
        return core.bean(RecordHistory.class).versions(state, 0, 10).stream().map(RecordHistory.Version::data).toList();
    }

    private long journalRows() {
        return count("journal");
    }

    private long count(String table) {
        return core.jdbc().queryForObject("SELECT count(*) FROM " + table, Long.class);
    }
}
