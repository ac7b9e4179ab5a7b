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
        return of(run, tally, null);
    }

    /** @param expected how many records a pull may have, by the last one like it; null where there was none */
    static Progress of(Run run, Tally tally, Long expected) {
        long processed = Math.max(tally.accepted(), Math.max(
                run.position() == null ? 0 : run.position().records(), number(run, "records_processed")));
        return new Progress(processed, run.hasEnded() ? processed : Math.max(processed, total(run, processed, expected)));
    }

    /** A source does not tell how much it has. Where nothing is known there is one page more, like those before, so that the share only grows. */
    private static long total(Run run, long processed, Long expected) {
        if (!run.kind().equals(Run.PULL) || run.position() == null || run.position().ended()) {
            return number(run, "records_total");
        }
        long pages = Math.max(1, run.position().pages());
        return expected != null ? expected : processed + (processed + pages - 1) / pages;
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
