package dev.serai.console;

import dev.serai.change.Outcome;
import dev.serai.journal.LedgerReport.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** An outcome's part of all that was accepted, as a stretch of a bar that is 100 long. */
record Share(String outcome, double from, double width) {

    static List<Share> of(Tally tally) {
        List<Share> shares = new ArrayList<>();
        double from = 0;
        for (Map.Entry<Outcome, Long> outcome : tally.outcomes().entrySet()) {
            double width = 100.0 * outcome.getValue() / Math.max(1, tally.accepted());
            shares.add(new Share(outcome.getKey().name().toLowerCase(Locale.ROOT), from, width));
            from += width;
        }
        return shares;
    }
}
