package dev.serai.record;

import dev.serai.journal.LedgerLines;
import java.util.Set;

/**
 * What became of a page.
 *
 * @param lines     for the ledger; whoever handed in the page writes them, so that pages without a change can share one line
 * @param recordIds of the records that the page met, for a full run's search for deletes
 * @param changed   keys of which the page had something else than what was known
 * @param written   whether anything was written; if not, the lines are still to be kept by whoever handed in the page
 */
public record PageResult(LedgerLines lines, long[] recordIds, Set<String> changed, boolean written) {}
