package dev.serai.record;

import dev.serai.journal.LedgerLines;

/**
 * What became of a page.
 *
 * @param lines     for the ledger; whoever handed in the page writes them, so that pages without a change can share one line
 * @param recordIds of the records that the page met, for a full run's search for deletes
 * @param written   whether anything was written; if not, the lines are still to be kept by whoever handed in the page
 */
public record PageResult(LedgerLines lines, long[] recordIds, boolean written) {}
