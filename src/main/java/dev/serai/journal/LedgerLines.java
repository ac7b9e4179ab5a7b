package dev.serai.journal;

import dev.serai.change.Outcome;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** What one transaction adds to and takes from the ledger. */
public final class LedgerLines {

    /** Stands in the outcome column for "accepted". */
    static final String ACCEPTED_IN_ALL = "*";

    record Line(UUID runId, String storeId, String entityType, String outcome, String effect) {}

    private final Map<Line, Long> lines = new LinkedHashMap<>();

    /** Counts changes that came in. */
    public LedgerLines accepted(UUID runId, String storeId, String entityType, long n) {
        return add(new Line(runId, storeId, entityType, ACCEPTED_IN_ALL, null), n);
    }

    /** Counts changes that have an outcome from now on; a negative number takes back what they had before. */
    public LedgerLines outcome(UUID runId, String storeId, String entityType, Outcome outcome, Effect effect, long n) {
        return add(new Line(runId, storeId, entityType, outcome.name(), effect == null ? null : effect.name()), n);
    }

    public LedgerLines addAll(LedgerLines others) {
        others.lines.forEach(this::add);
        return this;
    }

    private LedgerLines add(Line line, long n) {
        lines.merge(line, n, Long::sum);
        return this;
    }

    public boolean isEmpty() {
        return lines.isEmpty();
    }

    Map<Line, Long> lines() {
        return lines;
    }
}
