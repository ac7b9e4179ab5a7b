package dev.serai.delivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.serai.record.Differing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How often a store has told the same values against the same ones of the platform's lately. A store that makes something else of each
 * value that it gets (rounds it, trims it), and tells that, would be told again at once, for ever: after a few times each pause is twice the
 * one before. Known to this hub alone, and forgotten when it restarts: it is about pace, not about values.
 */
final class Contradictions {

    private static final int AT_ONCE = 3;
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int MOST_KNOWN = 100_000;

    /** @param since of the last one */
    private record Row(int times, Instant since) {}

    private final Cache<List<Object>, Row> rows = Caffeine.newBuilder().maximumSize(MOST_KNOWN).build();

    /** How long to wait before the store is told once more. */
    Duration pause(Differing differing, Instant now) {
        if (differing.dispute() == Differing.NO_DISPUTE) {
            return Duration.ZERO;
        }
        Row row = rows.asMap().merge(List.of(differing.storeId(), differing.key(), differing.dispute()), new Row(1, now), (before, one) ->
                before.since().plus(LONGEST.multipliedBy(2)).isBefore(now) ? one : new Row(before.times() + 1, now));
        if (row.times() <= AT_ONCE) {
            return Duration.ZERO;
        }
        Duration pause = FIRST.multipliedBy(1L << Math.min(20, row.times() - AT_ONCE - 1));
        return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    }
}
