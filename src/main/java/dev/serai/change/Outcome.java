package dev.serai.change;

/** What became of a change. A change has exactly one outcome at any time; the ledger counts them. */
public enum Outcome {
    /** In the journal, not yet decided. */
    ACCEPTED,
    /** Decided and written to its record. */
    APPLIED,
    /** The record already had this content. */
    UNCHANGED,
    /** A filter of the store left it out. */
    FILTERED,
    /** The same event had been accepted before; it had no second effect. */
    DUPLICATE,
    /** A newer edit of the record stands; this one is kept in the journal only. */
    SUPERSEDED,
    /** A child that waits for its parent. */
    HELD,
    /** A person has to decide about a field of it. */
    CONFLICT,
    /** Failed, and will be tried again by itself. */
    RETRY,
    /** Failed for good, and is parked as a dead letter until someone replays or discards it. */
    DEAD,
    /** A person gave it up, with a reason. */
    DISCARDED
}
