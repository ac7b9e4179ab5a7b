package dev.serai.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.change.Change;
import dev.serai.change.Operation;
import dev.serai.change.RecordKey;
import dev.serai.record.Page;
import dev.serai.record.RecordHistory;
import dev.serai.testing.Core;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JournalPartitionsTest {

    private static final Instant MARCH = Instant.parse("2031-03-10T00:00:00Z");

    private final Core core = new Core();

    @BeforeEach
    void itIsMarch() {
        goTo(MARCH);
        core.bean(JournalPartitions.class).keep();
    }

    @AfterEach
    void close() {
        assertThat(core.ledger().report(null, null, 10).balanced()).isTrue();
        core.close();
    }

    @Test
    void theMonthsToComeAreMadeOnce() {
        core.bean(JournalPartitions.class).keep();

        assertThat(partitions()).contains("journal_2031_03", "journal_2031_04", "journal_2031_05").doesNotContain("journal_2031_06");
    }

    @Test
    void aChangeIsInItsMonthAndItsVersionsAreFoundOverTheMonths() {
        accept(order("1", "a", null));
        goTo(Instant.parse("2031-04-02T00:00:00Z"));
        accept(order("1", "b", null));

        assertThat(rowsOf("journal_2031_03")).isEqualTo(1);
        assertThat(rowsOf("journal_2031_04")).isEqualTo(1);
        assertThat(versions("1")).containsExactly(2, 1);
    }

    @Test
    void aMonthPastItsTimeIsDroppedAndItsRecordsStay() {
        accept(order("1", "a", null), order("2", "a", null));
        goTo(Instant.parse("2031-04-02T00:00:00Z"));
        accept(order("1", "b", null));

        passTimeSinceMarch(Duration.ofDays(425));

        assertThat(partitions()).doesNotContain("journal_2031_03").contains("journal_2031_04");
        assertThat(versions("1")).containsExactly(2);
        assertThat(state("2").version()).isEqualTo(1);
        assertThat(versions("2")).isEmpty();
        accept(order("2", "c", null));
        assertThat(versions("2")).containsExactly(2);
    }

    @Test
    void aMonthWithAChildThatWaitsIsKeptUntilItsParentComes() {
        accept(order("1", "a", new RecordKey("customers", "c")));
        passTimeSinceMarch(Duration.ofDays(425));
        assertThat(partitions()).contains("journal_2031_03");

        accept(new Change("erp", null, null, "customers", "c", Operation.UPSERT, MARCH, null, null, 7, "{\"id\": \"c\"}", true));
        core.drain();
        assertThat(versions("1")).containsExactly(1);
        core.bean(JournalPartitions.class).keep();
        assertThat(partitions()).doesNotContain("journal_2031_03");
    }

    @Test
    void aMonthOfWhichThereAreRowsInTheDefaultPartitionIsLeftThere() {
        goTo(Instant.parse("2033-01-10T00:00:00Z"));
        accept(order("1", "a", null));

        core.bean(JournalPartitions.class).keep();

        assertThat(partitions()).doesNotContain("journal_2033_01").contains("journal_2033_02", "journal_2033_03");
    }

    private void goTo(Instant time) {
        core.clock.advance(Duration.between(core.clock.instant(), time));
    }

    private void passTimeSinceMarch(Duration time) {
        goTo(MARCH.plus(time));
        core.bean(JournalPartitions.class).keep();
    }

    private void accept(Change... changes) {
        core.pipeline().accept(new Page(changes[0].entityType(), List.of(changes), List.of()), inside -> core.ledger().write(inside.lines()));
    }

    private Change order(String key, String text, RecordKey parent) {
        String payload = "{\"id\": \"" + key + "\", \"text\": \"" + text + "\"}";
        return new Change("erp", null, null, "orders", key, Operation.UPSERT, core.clock.instant(), parent, null, payload.hashCode(), payload, true);
    }

    private RecordHistory.State state(String key) {
        return core.bean(RecordHistory.class).find(new RecordKey("orders", key)).orElseThrow();
    }

    private List<Integer> versions(String key) {
        return core.bean(RecordHistory.class).versions(state(key), 0, 10).stream().map(RecordHistory.Version::version).toList();
    }

    private List<String> partitions() {
        return core.jdbc().queryForList("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'journal'::regclass", String.class);
    }

    private int rowsOf(String partition) {
        return core.jdbc().queryForObject("SELECT count(*) FROM " + partition, Integer.class);
    }
}
