package dev.serai.storesync;

import dev.serai.journal.LedgerReport.Tally;
import dev.serai.run.Run;
import dev.serai.run.RunStatus;

/** What came of a run that has ended. */
final class Verdict {

    private Verdict() {}

    /** A conflict that waits for a person is no failure. */
    static String of(Run run, Tally tally) {
        long failed = tally.failed() + (run.result() == null ? 0 : run.result().path("differing").asLong(0));
        boolean nothingElse = tally.failed() > 0 && tally.failed() == tally.accepted();
        if (run.status() == RunStatus.FAILED || nothingElse) {
            return "failed";
        }
        return run.status() == RunStatus.COMPLETED && failed == 0 ? "success" : "partial";
    }
}
