package dev.serai.record;

import java.time.Instant;
import java.util.List;

/**
 * Is told what a batch applied, within the batch's transaction: whoever keeps a view of records or sends them on writes it here, with one
 * statement for all. What it throws fails the batch. Every bean of this type is told.
 */
public interface AppliedListener {

    /** {@code applied} is in the order of the journal and never empty. */
    void applied(List<Applied> applied, Instant now);

    /** Stores whose own change did not stand, or was added to others'. Called after {@link #applied}; never empty. */
    default void differing(List<Differing> stores, Instant now) {}
}
