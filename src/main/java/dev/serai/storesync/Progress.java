package dev.serai.storesync;

import dev.serai.journal.LedgerReport.Tally;
import dev.serai.run.Run;

/**
 * How far a run has come.
 *
 * @param total how many records it will have processed, as far as that is known; never less than what is processed
 */
record Progress(long processed, long total) {

    static Progress of(Run run, Tally tally) {
        long processed = Math.max(tally.accepted(), Math.max(
                run.position() == null ? 0 : run.position().records(), number(run, "records_processed")));
        return new Progress(processed, run.hasEnded() ? processed : Math.max(processed, number(run, "records_total")));
    }

    private static long number(Run run, String name) {
        return run.result() == null ? 0 : run.result().path(name).asLong(0);
    }

    /** Of a run that is not settled, with one decimal. Also where all records known are processed, something is left to be done. */
    double percentage() {
        return Math.min(99.9, percentage(processed, total));
    }

    /** 0 to 100 with one decimal. */
    static double percentage(long part, long whole) {
        return whole == 0 ? 0 : Math.round(1000.0 * part / whole) / 10.0;
    }
}
