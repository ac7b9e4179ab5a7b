package dev.serai.journal;

import dev.serai.change.Outcome;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The ledger as somebody asked for it.
 *
 * @param balanced whether accepted equals the sum over all outcomes, everywhere, and what is in flight is really there
 */
public record LedgerReport(boolean balanced, Tally total, Map<UUID, Tally> runs, Map<String, Tally> stores, List<String> differences) {

    /**
     * @param accepted how many changes came in
     * @param outcomes how many of them have which outcome; outcomes that nothing has are left out
     * @param effects  of the applied ones (and parked duplicates), by {@link Effect}
     */
    public record Tally(long accepted, Map<Outcome, Long> outcomes, Map<Effect, Long> effects) {

        public static final Tally NOTHING = new Tally(0, Map.of(), Map.of());

        public boolean balanced() {
            return accepted == outcomes.values().stream().mapToLong(Long::longValue).sum();
        }

        public long of(Outcome outcome) {
            return outcomes.getOrDefault(outcome, 0L);
        }

        public long of(Effect effect) {
            return effects.getOrDefault(effect, 0L);
        }

        /** What a run lists as failed: parked or about to be retried, now or since an earlier run. */
        public long failed() {
            return of(Outcome.RETRY) + of(Outcome.DEAD) + of(Effect.PARKED);
        }
    }
}
