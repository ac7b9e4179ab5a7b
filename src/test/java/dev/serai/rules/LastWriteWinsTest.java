package dev.serai.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class LastWriteWinsTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void theNewerEditWins() {
        assertThat(LastWriteWins.isNewer(edit(1, "a", 2), edit(0, "a", 1))).isTrue();
        assertThat(LastWriteWins.isNewer(edit(0, "b", 2), edit(1, "a", 1))).isFalse();
    }

    @Test
    void ofEqualTimesTheHigherWriterWins() {
        assertThat(LastWriteWins.isNewer(edit(0, "b", 1), edit(0, "a", 9))).isTrue();
        assertThat(LastWriteWins.isNewer(edit(0, "a", 9), edit(0, "b", 1))).isFalse();
    }

    @Test
    void aLaterReadingOfOneSourceWinsOverAnEarlierOneOfTheSameTime() {
        Edit laterReading = new Edit(NOON, "erp", 1, true);
        assertThat(LastWriteWins.isNewer(laterReading, edit(0, "erp", 9))).isTrue();
    }

    @Property
    void everyArrivalOrderEndsAlike(@ForAll("edits") List<Edit> edits, @ForAll Random random) {
        List<Edit> shuffled = new ArrayList<>(edits);
        Collections.shuffle(shuffled, random);
        assertThat(last(shuffled)).isEqualTo(last(edits));
    }

    @Provide
    Arbitrary<List<Edit>> edits() {
        return Combinators.combine(Arbitraries.integers().between(0, 3), Arbitraries.of("a", "b", "c"), Arbitraries.longs().between(0, 5))
                .as((second, writer, hash) -> edit(second, writer, hash))
                .list()
                .ofMinSize(1)
                .ofMaxSize(12);
    }

    private Edit last(List<Edit> arrivals) {
        return arrivals.stream().reduce((current, next) -> LastWriteWins.isNewer(next, current) ? next : current).orElseThrow();
    }

    private static Edit edit(int second, String writer, long hash) {
        return new Edit(NOON.plusSeconds(second), writer, hash, false);
    }
}
